"""Of very many columns, those that go along with the target are tried."""

from __future__ import annotations

import numpy as np
import pytest

from rung.gram.column import ColumnTarget
from rung.gram.screening import MOST_NUMBERS, MOST_TRIED, columns_to_try, strongest

RNG = np.random.default_rng(0)
N = 90
NOISE = RNG.normal(size=(N, 40))
Y = NOISE[:, 7] - 0.5 * NOISE[:, 30] + RNG.normal(size=N) / 5
ONES = np.ones(N)


def test_scores_are_the_larger_of_pearson_and_spearman() -> None:
    from scipy.stats import pearsonr, spearmanr

    columns = np.column_stack([NOISE[:, :6], np.exp(3 * NOISE[:, 7])])
    scores = [max(abs(pearsonr(c, Y).statistic), abs(spearmanr(c, Y).statistic)) for c in columns.T]
    expected = np.sort(np.argsort(scores)[::-1][:3])
    assert strongest(columns, ColumnTarget(Y, ONES, 0), 3).tolist() == expected.tolist()


@pytest.mark.parametrize("factor", [1e-30, 1e30])
def test_units_of_a_column_change_nothing(factor: float) -> None:
    target = ColumnTarget(Y, ONES, 0)
    assert np.array_equal(strongest(NOISE * factor, target, 5), strongest(NOISE, target, 5))


def test_a_class_is_found_by_its_own_column() -> None:
    y = RNG.integers(0, 3, N)
    columns = np.column_stack([NOISE[:, :9], y == 2])
    assert 9 in strongest(columns.astype(float), ColumnTarget(y, ONES, 3), 1)


def test_rows_without_weight_do_not_count() -> None:
    weight = np.where(np.arange(N) < 60, 1.0, 0.0)
    spoiled = NOISE.copy()
    spoiled[60:, 3] = Y[60:] * 1e6
    assert 3 not in strongest(spoiled, ColumnTarget(Y, weight, 0), 5)
    assert 3 in strongest(spoiled, ColumnTarget(Y, ONES, 0), 5)


def test_missing_cells_stand_at_the_mean() -> None:
    holed = NOISE.copy()
    holed[:45, 7] = np.nan
    assert 7 in strongest(holed, ColumnTarget(Y, ONES, 0), 2)
    assert strongest(np.full((N, 2), np.nan), ColumnTarget(Y, ONES, 0), 1).tolist() == [0]


def test_few_columns_are_all_tried() -> None:
    target = ColumnTarget(Y, ONES, 0)
    assert len(columns_to_try(np.zeros((N, MOST_NUMBERS)), target)) == MOST_NUMBERS
    assert len(columns_to_try(np.zeros((N, MOST_NUMBERS + 1)), target)) == MOST_TRIED
