"""Polynomials of one column against numpy's, the course's numbers, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.core.polynomial_curves import polynomial_curves, shuffled_splits
from rung.errors import DataError, UsageError

RNG = np.random.default_rng(0)
N = 60
X = RNG.uniform(3, 9, N)
Y = np.sin(X) + RNG.normal(size=N) / 5
SPLITS = shuffled_splits(N, seed=1)


def test_curves_and_scores_are_those_of_least_squares_fold_by_fold() -> None:
    (found,) = polynomial_curves(X, Y, (3,), splits=SPLITS)
    assert found.heights == pytest.approx(np.polyval(np.polyfit(X, Y, 3), found.places), abs=1e-9)
    held, trained = np.empty(N), []
    for i, split in enumerate(SPLITS):
        fit = np.polyfit(X[split.train], Y[split.train], 3)
        held[split.test] = np.polyval(fit, X[split.test])
        trained.append(((np.polyval(fit, X[split.train]) - Y[split.train]) ** 2).mean())
        assert found.of_folds[i] == pytest.approx(np.polyval(fit, found.places), abs=1e-7)
    assert found.held_out["rmse"].mean == pytest.approx(np.sqrt(((held - Y) ** 2).mean()))
    assert found.training["rmse"] == pytest.approx(np.sqrt(np.mean(trained)))
    assert found.held_out["rmse"].low < found.held_out["rmse"].mean < found.held_out["rmse"].high


def test_a_higher_degree_never_loses_on_training_rows_and_overfits_few() -> None:
    few = slice(0, 20)
    curves = polynomial_curves(X[few], Y[few], (1, 2, 9), splits=shuffled_splits(20, seed=0))
    training = [curve.training["rmse"] for curve in curves]
    assert training == sorted(training, reverse=True)
    assert curves[2].held_out["rmse"].mean > 2 * training[2]


def test_other_units_of_the_column_change_no_score() -> None:
    small = polynomial_curves(X, Y, (6,), splits=SPLITS)[0]
    other = polynomial_curves(X * 1e9 + 3e9, Y, (6,), splits=SPLITS)[0]
    assert other.held_out["rmse"].mean == pytest.approx(small.held_out["rmse"].mean, rel=1e-6)


def test_degrees_and_columns_that_cannot_be_drawn_are_refused() -> None:
    for degrees in ((), (0,), (21,)):
        with pytest.raises(UsageError, match="each is a whole number from 1 to 20"):
            polynomial_curves(X, Y, degrees, splits=SPLITS)
    with pytest.raises(DataError, match=r"has 2 distinct values .* of degree 2 needs 3"):
        polynomial_curves(np.arange(N) % 2 * 1.0, Y, (2,), splits=SPLITS)


def test_every_row_is_held_out_once() -> None:
    assert np.sort(np.concatenate([split.test for split in SPLITS])).tolist() == list(range(N))
    assert partition_folds(np.arange(4)).n_folds == 4
