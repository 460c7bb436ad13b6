"""The same rows are known again in whatever file they stand, and others are not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.marks import KEPT_OF_WHOLE, Marks, TableRows, make_marks, read_marks
from rung.data import read_table
from tests.workbench.frames import frame


def rows(table: Any, target: str = "mass") -> TableRows:
    dataset = read_table(table).dataset.with_roles({target: "target"})
    return TableRows(dataset, target)


def patients(n_rows: int, seed: int = 0) -> pl.DataFrame:
    """Two features of few values, one of many, and two classes."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "age": rng.integers(18, 65, n_rows),
            "sex": rng.choice(["f", "m"], n_rows),
            "bmi": rng.normal(30, 6, n_rows).round(2),
            "pressure": rng.normal(120, 15, n_rows).round(1),
            "mass": rng.choice(["high", "low"], n_rows),
        }
    )


TABLE = patients(300)
OPENED = make_marks(rows(TABLE))
SAME = {
    "shuffled": TABLE.sample(fraction=1.0, shuffle=True, seed=1),
    "columns in another order": TABLE.select(reversed(TABLE.columns)),
    "float32": TABLE.with_columns(pl.col("bmi").cast(pl.Float32)),
    "a column dropped": TABLE.drop("bmi"),
    "two columns dropped": TABLE.drop("bmi", "sex"),
    "a column added": TABLE.with_columns(bmi2=pl.col("bmi") ** 2),
    "a feature renamed": TABLE.rename({"age": "years"}),
    "a feature in other units": TABLE.with_columns(pl.col("age") * 12),
}


@pytest.mark.parametrize("how", SAME)
def test_the_same_rows_are_known_again(how: str) -> None:
    assert OPENED.share_of(rows(SAME[how])) > 0.98


def test_the_target_may_be_renamed_or_changed() -> None:
    renamed = rows(TABLE.rename({"mass": "weight"}), "weight")
    assert OPENED.share_of(renamed) == 1
    changed = rows(TABLE.with_columns(mass=pl.col("mass") + "!"))
    assert OPENED.share_of(changed) == 1


def test_another_target_of_the_same_table_is_known_as_another() -> None:
    from rung.core.marks import TARGET

    other = rows(TABLE, "bmi")
    assert OPENED.share_of(other) == 1
    assert OPENED.share_of(other, with_column=TARGET) == 0
    assert OPENED.share_of(rows(TABLE), with_column=TARGET) == 1


def test_other_rows_of_the_same_columns_are_not_known() -> None:
    assert OPENED.share_of(rows(patients(300, seed=1))) == 0


@pytest.mark.parametrize("n_rows", [60, 3000])
def test_tables_of_few_values_are_not_taken_for_one_another(n_rows: int) -> None:
    first, second = (
        patients(n_rows, seed)
        .select("age", "sex")
        .with_columns(mass=np.random.default_rng(seed).normal(size=n_rows))
        for seed in (0, 1)
    )
    assert make_marks(rows(first)).share_of(rows(second)) == 0
    assert make_marks(rows(first)).share_of(rows(first[: n_rows // 2])) == 1


@pytest.mark.parametrize("dropped", ["b00", "b07", "b15"])
def test_a_column_may_go_where_only_all_together_tell_rows_apart(dropped: str) -> None:
    rng = np.random.default_rng(0)
    switches = {f"b{i:02d}": rng.integers(0, 2, 300) for i in range(16)}
    table = pl.DataFrame(switches | {"mass": rng.choice(["a", "b"], 300)})
    assert make_marks(rows(table)).share_of(rows(table.drop(dropped))) > 0.95


def test_a_table_of_a_target_alone_is_marked_by_it() -> None:
    table = pl.DataFrame({"mass": [1.0, 2.0, 2.0]})
    assert make_marks(rows(table)).share_of(rows(table)) == 1
    assert make_marks(rows(table)).share_of(rows(table.rename({"mass": "other"}), "other")) == 0


def test_rows_numbered_alike_are_not_known() -> None:
    first, second = (
        pl.DataFrame(
            {
                "id": np.arange(200),
                "hour": pl.datetime_range(
                    pl.datetime(2020, 1, 1), pl.datetime(2020, 1, 9, 7), "1h", eager=True
                ),
                "x": np.random.default_rng(seed).normal(size=200),
                "mass": np.random.default_rng(seed).choice(["a", "b"], 200),
            }
        )
        for seed in (0, 1)
    )
    roles = {"id": "identifier", "mass": "target"}
    there, here = (
        TableRows(read_table(one).dataset.with_roles(roles), "mass") for one in (first, second)
    )
    assert make_marks(there).share_of(here) == 0


@pytest.mark.parametrize(("first", "last", "share"), [(0, 100, 1.0), (200, 400, 0.5)])
def test_a_part_in_common_is_counted(first: int, last: int, share: float) -> None:
    grown = pl.concat([TABLE, patients(100, seed=2)])
    assert OPENED.share_of(rows(grown[first:last])) == pytest.approx(share, abs=0.02)
    assert OPENED.share_in(rows(grown[first:last])) == pytest.approx(100 / 300)


def test_of_many_rows_a_fair_sample_is_kept() -> None:
    # 1,024 digests of 20,000: half of the rows in common are found within five standard errors
    both = frame(30_000)
    there, here = both[:20_000], both[10_000:]
    opened = make_marks(rows(there))
    assert len(opened.views[0].lowest) == KEPT_OF_WHOLE
    assert opened.share_of(rows(here)) == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(1024))
    assert opened.share_in(rows(here)) == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(1024))
    assert len(json.dumps(opened.to_dict())) < 40_000


def test_missing_cells_zeros_and_equal_rows() -> None:
    first = pl.DataFrame({"x": [0.0, None, 2.0], "c": ["a", None, "b"], "mass": [1.0, 2.0, 3.0]})
    second = pl.DataFrame({"x": [-0.0, None, 2.0], "c": ["a", None, None], "mass": [1.0, 2.0, 3.0]})
    opened = make_marks(rows(pl.concat([first, first])))
    assert (opened.n, opened.views[0].n_distinct) == (6, 3)
    whole = opened.views[0]
    found = rows(second).digests(whole.columns)
    assert found is not None
    assert whole.share_of(found) == pytest.approx(2 / 3)


def test_parts_share_no_column_but_the_target() -> None:
    held = rows(frame(400))
    named = [{held._named[column] for column in view} for view in held.views[2:]]
    assert named[0] == {"mass", "noise"}
    assert all(one & other == {"mass"} for one in named for other in named if one is not other)


def test_marks_survive_json() -> None:
    found = read_marks(json.loads(json.dumps(OPENED.to_dict())))
    assert isinstance(found, Marks)
    assert found.to_dict() == OPENED.to_dict()
    assert found.share_of(rows(TABLE)) == 1


def broken(**change: Any) -> dict[str, Any]:
    marks = OPENED.to_dict()
    marks["views"][0] |= change
    return marks


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ([], "n, digest and views"),
        (OPENED.to_dict() | {"n": True}, "True marked rows"),
        (OPENED.to_dict() | {"digest": 3}, "digest 3"),
        (OPENED.to_dict() | {"views": {}}, "without a view"),
        (broken(extra=1), "columns, distinct and rows"),
        (broken(distinct=1), "300 digests of 1 rows"),
        (broken(rows=""), "0 digests"),
        (broken(rows="AAAA"), "3 bytes"),
        (broken(rows="A" * 32), "do not rise"),
        (broken(rows="???"), "base64"),
    ],
)
def test_marks_that_cannot_be_are_refused(stored: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_marks(stored)


def test_a_twentieth_of_the_rows_in_common_is_told_and_one_row_is_not() -> None:
    here = rows(pl.concat([TABLE[:15], patients(285, seed=3)]))
    assert OPENED.share_of(here) == pytest.approx(0.05, abs=0.01)
    assert OPENED.share_of(rows(pl.concat([TABLE[:1], patients(299, seed=3)]))) == 0


def test_all_missing_numbers_are_alike() -> None:
    values = {"x": np.array([np.nan, 1.0, 2.0]), "mass": np.arange(3.0)}
    columns = (Column("x", "number"), Column("mass", "number", "target"))
    marks = make_marks(TableRows(Dataset(columns, values, 3), "mass"))
    negative = values | {"x": np.array([-np.nan, 1.0, 2.0])}
    assert np.signbit(negative["x"][0])
    assert marks.share_of(TableRows(Dataset(columns, negative, 3), "mass")) == 1
