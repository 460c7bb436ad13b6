import numpy as np
import polars as pl
import pytest

from rung.data import ReadOptions, read_table, settling
from rung.data.asking import ask
from rung.data.columns import parse_column
from rung.data.readers.delimited import read_delimited
from rung.data.table import RawTable
from rung.errors import DataError, UsageError


def table(**columns):
    return RawTable(pl.DataFrame(columns))


def test_rows_that_do_not_meet_a_condition_and_rows_without_a_value_are_counted_apart():
    found = ask(
        table(x=["1", "5", "", "7", "?"], y=["a", "b", "c", "a", "b"]),
        ReadOptions(where="x > 2"),
        "t",
    )
    assert found.rows.tolist() == [1, 3]
    said = {one.code: one.message for one in found.table.findings}
    assert said["where"] == "1 of 5 rows do not meet 'x > 2'"
    assert said["where_missing"].startswith("2 of 5 rows have no value where 'x > 2' needs one")


def test_columns_are_read_as_if_the_file_had_the_kept_rows_alone():
    units = ["m", *map(str, np.arange(30.0))]
    plain = read_table({"x": units[1:], "k": ["data"] * 30})
    asked = read_table(
        {"x": units, "k": ["unit"] + ["data"] * 30}, options=ReadOptions(where="k != 'unit'")
    )
    assert asked.rows.tolist() == list(range(1, 31))
    assert asked.dataset.columns == plain.dataset.columns
    assert np.array_equal(asked.dataset.values["x"], plain.dataset.values["x"])


def test_a_condition_sees_minus_99_and_what_is_made_of_it_is_missing():
    values = [*np.linspace(1.0, 5.0, 30).tolist(), -99.0, -99.0]
    data = {"x": values, "y": [1.0] * 32}
    kept = read_table(data, options=ReadOptions(where="x > -90"))
    assert kept.dataset.n_rows == 30
    made = read_table(data, options=ReadOptions(derive=("d = x - y",)))
    assert np.isnan(made.dataset.values["d"]).sum() == 2
    raw = read_table(data, options=ReadOptions(derive=("d = x - y",), keep_sentinels=True))
    assert raw.dataset.values["d"].min() == -100.0


def test_a_made_column_may_use_an_earlier_one_and_a_condition_may_use_both():
    asked = ReadOptions(where="c > 5", derive=("b = a + 1", "c = b * b"))
    found = ask(table(a=[1.0, 2.0, 3.0]), asked, "t")
    assert found.table.frame.rows() == [(2.0, 3.0, 9.0), (3.0, 4.0, 16.0)]
    assert found.expressions.makers("c") == {"a", "b"}


def test_values_without_a_finite_number_are_counted():
    found = ask(table(a=[1.0, -1.0, None]), ReadOptions(derive=("l = log(a)",)), "t")
    (said,) = found.table.findings
    assert said.severity == "warning"
    assert "missing in 2 of 3 rows, in 1 of them as it has no finite value" in said.message


def test_a_text_that_no_cell_is_gets_a_warning_with_the_nearest():
    found = ask(table(k=["STAR", "GALAXY"]), ReadOptions(where="k != 'STRA'"), "t")
    (said,) = (one for one in found.table.findings if one.code == "where_text")
    assert said.message == "no cell of column 'k' is 'STRA'; it has 'GALAXY', 'STAR'"
    assert said.remedy == "did you mean 'STAR'?"


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (ReadOptions(where="a > 9"), DataError, r"no row of 't' meets .*false in 2 rows"),
        (ReadOptions(where="a + 1"), UsageError, r"gives numbers, not true or false"),
        (ReadOptions(derive=("a = a + 1",)), UsageError, r"has a column 'a' already"),
        (ReadOptions(derive=("b = a", "b = a")), UsageError, r"has a column 'b' already"),
        (ReadOptions(derive=("b = k",)), UsageError, r"makes words; a column of numbers"),
        (ReadOptions(derive=("b = 'x'",)), UsageError, r"makes a text; a column of numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(options, kind, message):
    with pytest.raises(kind, match=message):
        ask(table(a=[1.0, 2.0], k=["x", "y"]), options, "t")


def test_nothing_asked_changes_nothing():
    given = table(a=["1", "2"])
    found = ask(given, ReadOptions(), "t")
    assert found.table is given
    assert found.rows.tolist() == [0, 1]


def test_a_condition_parses_its_own_columns_and_the_rest_once(monkeypatch):
    rows = "".join(f"{i},{i * 2.5},w{i % 3}\n" for i in range(40))
    parsed: list[str] = []

    def count(series, *given, **named):
        parsed.append(series.name)
        return parse_column(series, *given, **named)

    monkeypatch.setattr(settling, "parse_column", count)
    source = ReadOptions(where="a > 9 and c == 'w1'")
    table = read_delimited(f"a,b,c\n{rows}".encode(), "t.csv", source)
    asked = ask(table, source, "t.csv")
    assert sorted(parsed) == ["a", "c"]
    assert asked.rows.tolist() == [10, 13, 16, 19, 22, 25, 28, 31, 34, 37]


@pytest.mark.parametrize(("other", "condition"), [("0,5", "a < 100"), ("1,234,567", "a > 100")])
def test_a_condition_reads_numbers_as_the_other_columns_write_them(other, condition):
    frame = pl.DataFrame({"a": ["1,234", "2,500"], "b": [other, other]})
    assert ask(RawTable(frame), ReadOptions(where=condition), "t").table.frame.height == 2
