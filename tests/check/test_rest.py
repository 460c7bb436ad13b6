import numpy as np
import pytest

from rung.check.rest import ColumnSkills, _are_same, additive_table
from rung.check.skill import sample_of
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from tests.check.made import problem

RNG = np.random.default_rng(1)
X = RNG.normal(size=(1_500, 4))
KIND = RNG.integers(0, 4, 1_500)
Y = np.sin(2 * X[:, 0]) + X[:, 1] + KIND
COLUMNS = {
    "a": X[:, 0],
    "b": X[:, 1],
    "noise": X[:, 2],
    "kind": np.array(["p", "q", "r", "s"])[KIND],
}


def test_a_sum_of_curves_and_categories_is_told_nearly_wholly() -> None:
    own = ColumnSkills(problem(Y, **COLUMNS))
    assert own.table.skill_without((), own.sample).value > 0.97


def test_what_a_column_tells_alone_is_missed_without_it() -> None:
    own = ColumnSkills(problem(Y, **COLUMNS))
    share = np.var(X[:, 1]) / np.var(Y)
    assert own.skill_without(("b",)).value == pytest.approx(0.98 - share, abs=0.04)
    assert own.skill_without(("noise",)).value > 0.97


def test_copies_in_other_units_and_parts_of_one_time_are_left_out_with_a_column() -> None:
    own = ColumnSkills(problem(X[:, 0], a=X[:, 0], kelvin=X[:, 0] * 1.8 + 273, noise=X[:, 2]))
    assert own.skill_without(("a",)).value < 0.05
    time = RNG.uniform(0, 3e8, 1_500)
    columns = (Column("when", "datetime"), Column("noise", "number"))
    dated = Dataset(columns, {"when": time, "noise": X[:, 2]}, 1_500)
    dates = ColumnSkills(Problem("regression", dated, time))
    assert dates.alone["when.elapsed_days"].value > 0.99
    assert dates.skill_without(("when.elapsed_days",)).value < 0.05


def test_a_product_is_told_by_the_tree_where_a_sum_fails() -> None:
    sign = np.sign(X[:, 0]) * np.sign(X[:, 1])
    own = ColumnSkills(problem(sign, a=X[:, 0], b=X[:, 1], noise=X[:, 2]))
    assert own.table.skill_without((), own.sample).value < 0.1
    assert own.skill_without(("noise",)).value > 0.9


def test_columns_come_by_what_they_tell() -> None:
    own = ColumnSkills(problem(Y, **COLUMNS))
    assert list(own.alone) == ["kind", "b", "a", "noise"]


def test_a_wide_table_is_cut_to_four_hundred_curves() -> None:
    wide = {f"x{j}": RNG.normal(size=60) for j in range(900)}
    sample = sample_of(problem(RNG.normal(size=60), **wide))
    assert additive_table(sample, list(wide)).matrix.shape[1] <= 400


@pytest.mark.parametrize("unit", [1e-300, 1.0, 1e299])
def test_columns_are_the_same_in_any_unit(unit):
    column = np.array([3.0, 1.0, 2.0, 5.0])
    assert _are_same(column * unit, -2.0 * column)
    assert not _are_same(column * unit, column[::-1])
