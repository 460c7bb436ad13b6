"""Fit polynomials of one column by least squares, and score them on rows learned from and others.

A line, a curve, and a curve that bends to every row: the higher the degree, the better on the rows that
were learned from, and from some degree on the worse on others. Legendre polynomials on the range of the
column make the fit exact to rounding, so that what is seen is no artefact of a solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Legendre

from rung.core.folds import Split, partition_folds
from rung.core.judge_predictions import score_families
from rung.core.out_of_fold import OutOfFold
from rung.core.result import Score
from rung.errors import DataError, UsageError
from rung.typing import Array

DEGREES, HIGHEST_DEGREE, N_PLACES, N_FOLDS = (1, 2, 6), 20, 200, 5


@dataclass(frozen=True)
class PolynomialCurve:
    """One polynomial of a column.

    Attributes
    ----------
    degree : int
        Of the polynomial.
    places, heights : ndarray, shape (n_places,)
        The curve through all rows, from the smallest to the largest value.
    of_folds : ndarray, shape (n_folds, n_places)
        The curves through the training rows of each fold.
    training : mapping of str to float
        `rmse` and `r2` on the rows that fold curves learned from, the mean over folds.
    held_out : mapping of str to Score
        The same on rows that they did not, with intervals.
    """

    degree: int
    places: Array
    heights: Array
    of_folds: Array
    training: dict[str, float]
    held_out: dict[str, Score]


def polynomial_curves(
    x: Array, y: Array, degrees: Sequence[int] = DEGREES, *, splits: Sequence[Split]
) -> tuple[PolynomialCurve, ...]:
    """Fit a polynomial of each degree to all rows, and to the training rows of each fold.

    Parameters
    ----------
    x, y : ndarray, shape (n_rows,)
        Finite numbers.
    degrees : sequence of int
        Which.
    splits : sequence of Split
        Of the rows; all of one repeat.

    Raises
    ------
    UsageError
        If a degree is none.
    DataError
        If the column has no more distinct values than the highest degree.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 40)
    >>> line, curve = polynomial_curves(x, x**2, (1, 2), splits=shuffled_splits(40, seed=0))
    >>> line.held_out["rmse"].mean > 0.2, curve.held_out["rmse"].mean < 1e-12
    (True, True)
    """
    _check(x, degrees, splits)
    places = np.linspace(x.min(), x.max(), N_PLACES)
    fits = {degree: _fits(x, y, degree, splits) for degree in degrees}
    mean = tuple(np.full((len(split.test), 1), y[split.train].mean()) for split in splits)
    oof = OutOfFold(
        "regression",
        y,
        tuple(splits),
        {
            "constant": mean,
            **{
                str(degree): tuple(
                    fit(x[split.test])[:, None] for fit, split in zip(own[1:], splits, strict=True)
                )
                for degree, own in fits.items()
            },
        },
        unit=np.arange(len(y)),
    )
    scores = score_families(oof)
    return tuple(
        PolynomialCurve(
            degree,
            places,
            own[0](places),
            np.stack([fit(places) for fit in own[1:]]),
            _training(x, y, own[1:], splits),
            {key: scores[str(degree)][key] for key in ("rmse", "r2")},
        )
        for degree, own in fits.items()
    )


def shuffled_splits(n_rows: int, *, seed: int, n_folds: int = N_FOLDS) -> tuple[Split, ...]:
    """Deal rows into folds at random.

    Examples
    --------
    >>> [len(split.test) for split in shuffled_splits(11, seed=0)]
    [3, 2, 2, 2, 2]
    """
    rng = np.random.default_rng([0xC07E, seed])
    return partition_folds(rng.permutation(np.arange(n_rows) % n_folds)).splits


def _check(x: Array, degrees: Sequence[int], splits: Sequence[Split]) -> None:
    wrong = [degree for degree in degrees if not 1 <= degree <= HIGHEST_DEGREE]
    if wrong or not degrees:
        raise UsageError(
            f"degrees {list(degrees)} are not usable; each is a whole number from 1 to "
            f"{HIGHEST_DEGREE}",
            "use 1, 2 and 6",
        )
    fewest = min(len(np.unique(x[split.train])) for split in splits)
    if fewest <= max(degrees):
        raise DataError(
            f"the column has {fewest} distinct values among the training rows of a fold; a "
            f"polynomial of degree {max(degrees)} needs {max(degrees) + 1}",
            "draw lower degrees, or another column",
        )


def _fits(x: Array, y: Array, degree: int, splits: Sequence[Split]) -> list[Legendre]:
    """Fit all rows, then the training rows of each fold, all on the range of the column."""
    domain = [float(x.min()), float(x.max())]
    parts: list[Array] = [np.arange(len(x)), *(split.train for split in splits)]
    return [Legendre.fit(x[part], y[part], degree, domain=domain) for part in parts]


def _training(
    x: Array, y: Array, fits: Sequence[Legendre], splits: Sequence[Split]
) -> dict[str, float]:
    errors = [
        float(((fit(x[split.train]) - y[split.train]) ** 2).mean())
        for fit, split in zip(fits, splits, strict=True)
    ]
    error, variance = float(np.mean(errors)), float(y.var())
    return {"rmse": error**0.5, "r2": 1 - error / variance if variance else 0.0}
