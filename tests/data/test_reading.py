"""A table is read whole, its columns known for what they are, whatever the order of rows."""

from __future__ import annotations

import random
import string
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data import ReadOptions, Table, read_table
from rung.errors import UnreadableFile
from tests.realdata import real_data

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
words = st.none() | st.text(string.ascii_letters + " ,;\"'\n|é", min_size=2, max_size=8).map(
    lambda text: "w" + text.strip() + "w"
)


def roles(table: Table, role: str) -> set[str]:
    return {column.name for column in table.dataset.columns if column.role == role}


@given(
    st.lists(st.tuples(numbers, words, numbers), min_size=2).filter(
        lambda rows: any(cell is not None for row in rows for cell in row)
    ),
    st.sampled_from(",;\t|"),
)
def test_a_written_table_comes_back_value_by_value(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[float | None, str | None, float | None]],
    delimiter: str,
) -> None:
    path = tmp_path_factory.mktemp("trip") / "t.csv"
    columns = list(zip(*rows, strict=True))
    frame = pl.DataFrame(
        {"p": columns[0], "q": columns[1], "r": columns[2]},
        schema={"p": pl.Float64, "q": pl.String, "r": pl.Float64},
    )
    frame.write_csv(path, separator=delimiter)
    # A line of delimiters alone is no row.
    frame = frame.filter(pl.any_horizontal(pl.all().is_not_null()))
    data = read_table(path, options=ReadOptions(delimiter, header=True)).dataset
    for name in ("p", "r"):
        expected = frame[name].fill_null(float("nan")).to_numpy()
        np.testing.assert_array_equal(data.values[name], expected)
    if data.column("q").is_coded:
        assert list(data.strings("q")) == frame["q"].to_list()


@given(st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_columns_and_shuffled_values(chance: random.Random) -> None:
    rng = np.random.default_rng(5)
    n = 60
    frame = pl.DataFrame(
        {
            "key": [f"K{i}" for i in range(n)],
            "row_id": np.arange(n) * 7,
            "x": rng.normal(size=n),
            "c": [["a", "b", None][i % 3] for i in range(n)],
            "when": [f"{1 + i % 12}/{1 + i % 28}/2020" for i in range(n)],
            "one": ["same"] * n,
        }
    )
    order = list(range(n))
    chance.shuffle(order)
    table, shuffled = read_table(frame), read_table(frame[order])
    assert shuffled.dataset.columns == table.dataset.columns
    assert shuffled.findings == table.findings
    for name, values in table.dataset.values.items():
        np.testing.assert_array_equal(shuffled.dataset.values[name], values[order])


def test_the_source_is_a_name_without_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    assert read_table(path).source == "t.csv"
    assert read_table(pl.DataFrame({"a": [1]})).source == "DataFrame"


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": []}), np.zeros((0, 2))])
def test_a_table_without_cells_is_refused(frame: object) -> None:
    with pytest.raises(UnreadableFile, match="at least one row and one column"):
        read_table(frame)


def test_an_identifier_can_be_declared_a_feature() -> None:
    data = read_table(pl.DataFrame({"id": [f"K{i}" for i in range(30)]})).dataset
    assert data.features == ()
    assert data.with_roles({"id": "feature"}).codes().shape == (30, 1)


def test_a_decimal_comma_is_one_only_beside_a_semicolon(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,5;2\n2,5;3\n")
    assert read_table(path).dataset.values["a"].tolist() == [1.5, 2.5]


EXPECTED = [
    ("adult/adult-train.csv", 32561, 15, set(), set()),
    ("titanic/titanic_kaggle.csv", 891, 12, {"PassengerId", "Name"}, set()),
    (
        "xgass/xGASS_representative_sample.csv", 1179, 42,
        {"GASS", "SDSS", "NYU_id", "group_id_B"}, set(),
    ),
    (
        "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv", 10000, 18,
        {"specobjid"}, {"objid", "rerun"},
    ),
    ("sdss_seed_rows/seed_rows.tsv", 5, 12, {"specobjid"}, {"rerun"}),
    ("california_housing/housing.csv", 20640, 10, set(), set()),
    ("flights_200k_arrow/flights-200k.arrow", 200000, 3, set(), set()),
    ("rail_dc2_photoz/test_dc2_training_9816.pq", 10225, 14, {"id"}, set()),
    ("mammography/mammography.csv", 11183, 7, set(), set()),
    ("wine_quality/winequality-white.csv", 4898, 12, set(), set()),
    ("life_expectancy/Life_Expectancy_Data.csv", 1649, 22, set(), set()),
    ("ames/ames_openintro.csv", 2930, 83, {"rownames", "Order", "PID"}, set()),
    ("telco_churn/Telco-Customer-Churn.csv", 7043, 21, {"customerID"}, set()),
    ("bike_sharing/Bike-Sharing-Dataset.zip:hour.csv", 17379, 17, {"instant"}, set()),
    ("nycflights/nycflights.csv", 32735, 17, {"rownames"}, {"year"}),
    ("beijing_pm25/pollution.csv", 43824, 13, {"No"}, set()),
    ("facebook_live/facebook.csv", 7050, 12, {"status_id"}, set()),
    ("concrete/concrete.csv", 1030, 9, set(), set()),
    ("cpu_act/cpu_act.csv", 8192, 22, set(), set()),
    ("spambase/spambase.csv", 4601, 58, set(), set()),
    ("pmlb/shuttle.tsv.gz", 58000, 10, set(), set()),
    ("earth_course/usgs_major_earthquakes_1900-2023.csv", 13927, 22, {"id"}, set()),
    ("earth_course/cannelton_flow.dat", 17572, 5, set(), {"agency_cd", "site_no"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "n_rows", "n_columns", "identifiers", "constants"), EXPECTED)
def test_a_real_table_is_read_whole_and_no_measurement_is_lost(
    name: str, n_rows: int, n_columns: int, identifiers: set[str], constants: set[str]
) -> None:
    file, colon, member = name.partition(":")
    table = read_table(f"{real_data(file)}{colon}{member}")
    assert (table.dataset.n_rows, len(table.dataset.columns)) == (n_rows, n_columns)
    assert roles(table, "identifier") == identifiers
    assert roles(table, "constant") == constants


def test_identifiers_of_eighteen_digits_survive_in_a_real_table() -> None:
    data = read_table(real_data("sdss_seed_rows/seed_rows.tsv")).dataset
    assert data.strings("specobjid")[:2] == ["819657923239110656", "6154252554903769088"]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("xgass/xGASS_representative_sample.csv", "lgSFR_tot_median"),
        ("telco_churn/Telco-Customer-Churn.csv", "TotalCharges"),
    ],
)
def test_dirt_among_the_numbers_of_a_real_table_is_found(name: str, column: str) -> None:
    table = read_table(real_data(name))
    assert table.dataset.column(column).kind == "number"
    assert [f.columns for f in table.findings if f.code == "dirty_number"] == [(column,)]


def test_messages_in_latin_letters_are_text() -> None:
    table = read_table(real_data("sms_spam/spam_kaggle_original.csv"))
    assert (table.dataset.n_rows, table.dataset.column("text").kind) == (5572, "text")
    assert "encoding" in {finding.code for finding in table.findings}


def test_missing_cells_of_adult_are_missing_not_a_category() -> None:
    data = read_table(real_data("adult/adult-train.csv")).dataset
    missing = {c.name: int((data.values[c.name] == -1).sum()) for c in data.category_columns}
    assert {name: n for name, n in missing.items() if n} == {
        "column_2": 1836, "column_7": 1843, "column_14": 583,
    }  # fmt: skip
    assert data.column("column_15").levels == ("<=50K", ">50K")


def test_half_a_million_rows_are_read_in_seconds() -> None:
    path = real_data("kddcup99_10pct/kddcup.data_10_percent.gz")
    start = time.perf_counter()
    data = read_table(path).dataset
    assert (data.n_rows, len(data.columns)) == (494021, 42)
    assert len(data.column("column_42").levels) == 23
    assert time.perf_counter() - start < 30.0


def test_several_tables_in_a_real_zip_are_listed() -> None:
    with pytest.raises(UnreadableFile, match=r"'day.csv', 'hour.csv'"):
        read_table(real_data("bike_sharing/Bike-Sharing-Dataset.zip"))


def test_a_polluted_file_is_read_right_or_refused_or_reported() -> None:
    folder = real_data("pollock_polluted/csv/source.csv").parent
    clean = read_table(folder / "source.csv").dataset
    refused: list[str] = []
    for path in sorted(folder.glob("row_*.csv")):
        try:
            table = read_table(path)
        except UnreadableFile as error:
            refused.append(error.message)
            continue
        ours = [column.levels for column in table.dataset.columns]
        same = table.dataset.n_rows == clean.n_rows
        same &= ours == [column.levels for column in clean.columns]
        said = {finding.code for finding in table.findings}
        assert same or said & {"stray_quote", "short_names"}, path.name
    assert all(message.startswith("line ") for message in refused)
