import numpy as np
import pytest

from rung.check import Seen
from rung.check.far_cell import CHECK, far_values
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.sentinels import find_sentinels

PLAIN = np.random.default_rng(0).uniform(7.0, 13.0, 400)


def changed(*cells: float) -> np.ndarray:
    values = PLAIN.copy()
    values[: len(cells)] = cells
    return values


def looked_at(values: np.ndarray, **options: object) -> tuple:
    dataset = Dataset((Column("temp", "number"),), {"temp": values}, len(values))
    return CHECK.look(Seen(dataset, sentinels=find_sentinels(dataset), **options))


@pytest.mark.parametrize("cell", [1e20, -9999.0, -1e300, 1e5])
def test_one_absurd_cell_is_named_with_its_distance(cell: float) -> None:
    (found,) = looked_at(changed(cell))
    assert (found.severity, found.columns) == ("warning", ("temp",))
    assert f"the value {cell:.6g} stands" in found.message
    assert "from all others; nine tenths lie between 7.3" in found.message


def test_the_distance_counts_ranges_of_the_inner_nine_tenths() -> None:
    values = np.append(np.linspace(0.0, 10.0, 101), 9005.0)
    (found,) = looked_at(values)
    assert "9.9e+02 ranges away" in found.message  # 9,000 over 9.09


def test_two_or_three_absurd_cells_are_named_and_four_are_not_single() -> None:
    assert far_values(changed(1e20, -1e20)).tolist() == [1e20, -1e20]
    assert far_values(changed(1e9, 2e9, 3e9)).tolist() == [3e9, 2e9, 1e9]
    assert far_values(changed(1e9, 2e9, 3e9, 4e9)).tolist() == []


@pytest.mark.parametrize("seed", range(20))
def test_heavy_tails_are_no_slips(seed: int) -> None:
    """Pareto values of tail 1, log-normal ones over six decades, counts with many zeros."""
    rng = np.random.default_rng(seed)
    for values in (
        rng.pareto(1.0, 3_000),
        np.exp(rng.normal(0.0, 3.0, 3_000)),
        rng.poisson(0.02, 3_000).astype(float),
    ):
        assert not len(far_values(values))


def test_constant_and_short_columns_have_none() -> None:
    assert not len(far_values(np.append(np.ones(100), 5.0)))
    assert not len(far_values(np.array([1.0, 2.0, 1e20])))


def test_what_is_reported_as_a_sentinel_is_not_said_twice() -> None:
    values = changed(-9999.0, -9999.0, -9999.0)
    assert find_sentinels(Dataset((Column("temp", "number"),), {"temp": values}, 400))
    assert looked_at(values) == ()


def test_the_target_is_looked_at_in_training_rows() -> None:
    dataset = Dataset((Column("x", "number"),), {"x": PLAIN}, 400)
    problem = Problem("regression", dataset, changed(1e20))
    (found,) = CHECK.look(Seen(dataset, problem=problem, target="y"))
    assert found.columns == ("y",)
