import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import KFold

from rung.errors import DataError, TargetProblem
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable, prepare
from tests.workbench.frames import frame


def made(table: pl.DataFrame, target: str = "mass", **options: object) -> PreparedTable:
    return prepare(table, FitOptions(target, **options))  # type: ignore[arg-type]


def test_a_shuffled_file_gives_the_same_problem() -> None:
    table = frame()
    first, second = made(table), made(table.sample(fraction=1.0, shuffle=True, seed=1))
    assert first.fingerprint == second.fingerprint
    assert first.folds.fingerprint == second.folds.fingerprint
    np.testing.assert_array_equal(first.problem.y, second.problem.y)
    np.testing.assert_array_equal(first.problem.design.numbers(), second.problem.design.numbers())


def test_file_rows_lead_back_to_the_file() -> None:
    table = frame()
    found = made(table)
    np.testing.assert_array_equal(table["mass"].to_numpy()[found.file_row], found.target.y)


def test_features_do_not_change_the_seal() -> None:
    table = frame(600)
    everything, few = made(table), made(table, features=("size", "object_id"))
    assert len(everything.test) > 30
    assert set(everything.file_row[everything.test]) == set(few.file_row[few.test])


def test_rows_without_a_target_are_counted() -> None:
    table = frame().with_columns(
        mass=pl.when(pl.int_range(pl.len()) < 7).then(None).otherwise(pl.col("mass"))
    )
    found = made(table)
    assert (found.n_without_target, found.dataset.n_rows) == (7, 293)
    assert "7 of 300 rows have no target" in next(
        finding.message for finding in found.findings if finding.code == "missing_target"
    )


def test_a_target_without_values_is_refused() -> None:
    table = frame().with_columns(mass=pl.lit(None, dtype=pl.Float64))
    with pytest.raises(TargetProblem, match="'mass' has no value in any of its 300 rows"):
        made(table)


def test_one_row_is_refused() -> None:
    with pytest.raises(DataError, match="has 1 row with a target"):
        made(frame(1))


def test_a_splitter_sees_the_rows_in_file_order() -> None:
    found = made(frame(), folds=KFold(5), test_fraction=0.0)
    assert set(found.file_row[found.folds.splits[0].test]) == set(range(60))


def test_what_was_declared_a_feature_is_no_longer_reported_as_left_out() -> None:
    def reported(found: PreparedTable) -> set[str]:
        return {name for one in found.findings if one.code == "identifier" for name in one.columns}

    assert "object_id" in reported(made(frame()))
    assert "object_id" not in reported(made(frame(), features=("object_id", "size")))


def test_groups_are_units() -> None:
    found = made(frame(600), groups="plate")
    assert len(np.unique(found.units.train)) < 41
    assert found.units.name == "plate"
    assert found.folds.kind == "grouped"


@pytest.mark.parametrize("place", ["header", "cell"])
def test_half_a_character_in_a_frame_is_named(place: str) -> None:
    half = "caf\udce9"
    names = np.array([half, "b"] * 20, dtype=object) if place == "cell" else np.arange(40.0)
    table = {"name" if place == "cell" else half: names, "y": np.arange(40.0)}
    with pytest.raises(DataError, match=r"holds '\\udce9' in 'caf\\udce9', which is half a char"):
        prepare(table, FitOptions("y"))
