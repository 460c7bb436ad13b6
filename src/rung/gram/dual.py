"""Solve ridge regression of few rows and many columns through products of rows.

With A the weighted, centred rows, the coefficients of penalty p are A' (A A' + p)^-1 y: one
eigendecomposition of a matrix as large as the rows gives the whole path, however many columns.

Source: Saunders, Gammerman & Vovk (1998), Ridge regression learning algorithm in dual variables,
ICML; Hastie & Tibshirani (2004), Biostatistics 5, 329-340.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Problem
from rung.gram.ridge import PENALTIES
from rung.gram.sums import middle_and_spread
from rung.prep.levels import MIN_COUNT, KeptLevels
from rung.prep.one_hot import TableEncoder, describe, moments, standardise
from rung.typing import Array


@dataclass(frozen=True)
class DualPath:
    """Hold the ridge regressions of one training set for every penalty.

    Attributes
    ----------
    encoder : TableEncoder
        Columns of the training set.
    coefficients : ndarray, shape (width, n_penalties)
        In the target's unit.
    intercepts : ndarray, shape (n_penalties,)
        In the target's unit.
    losses : mapping of bytes to ndarray, each (n_penalties + 1,)
        Sums of weighted squared errors on test sets; at the end the sum of weights.
    """

    encoder: TableEncoder
    coefficients: Array
    intercepts: Array
    losses: Mapping[bytes, Array]


def is_dual(problem: Problem, n_rows: int) -> bool:
    """Tell whether there can be more columns than rows, by the schema and their number alone.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> is_dual(example_problem("regression"), 96)
    False
    """
    most = n_rows // MIN_COUNT
    levels = [min(len(column.levels), most) + 2 for column in problem.design.category_columns]
    return len(problem.design.number_names) + sum(levels) > n_rows


def solve_dual(
    problem: Problem,
    rows: Array,
    tests: Mapping[bytes, Array],
    *,
    kept: tuple[KeptLevels, ...],
    notes: tuple[str, ...] = (),
) -> DualPath | None:
    """Fit every penalty on some rows, and score test rows; None if no row has weight.

    Parameters
    ----------
    problem : Problem
        A regression.
    rows : ndarray of int
        Training rows; nothing else is learned from.
    tests : mapping of bytes to ndarray of int
        Rows to score on, by name.
    kept : tuple of KeptLevels
        Columns of each category.
    notes : tuple of str
        For the encoder.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression", n_rows=8)
    >>> from rung.prep.levels import KeptLevels
    >>> none = tuple(KeptLevels((), False, False) for _ in problem.design.category_columns)
    >>> found = solve_dual(problem, np.arange(8), {}, kept=none)
    >>> found.coefficients.shape == (found.encoder.width, len(PENALTIES))
    True
    """
    rows = rows[problem.weights(rows) > 0]
    if not len(rows):
        return None
    weight, total = problem.weights(rows), float(problem.weights(rows).sum())
    encoder = _encoder(problem, rows, weight, kept=kept, notes=notes)
    shift, scale = middle_and_spread(problem.y[rows].astype(np.float64))
    y = standardise(problem.y[rows].astype(np.float64), shift, scale)
    Z, root = encoder.matrix(problem.design, rows), np.sqrt(weight)
    mean, y_mean = weight @ Z / total, float(weight @ y / total)
    Z -= mean
    Z *= root[:, None]
    coefficients = Z.T @ _path(Z, (y - y_mean) * root, total)
    intercepts = y_mean - mean @ coefficients
    losses = {}
    for key, test in tests.items():
        target = standardise(problem.y[test].astype(np.float64), shift, scale)
        guess = encoder.matrix(problem.design, test) @ coefficients + intercepts
        own = problem.weights(test)
        with np.errstate(over="ignore"):
            squares = own @ (guess - target[:, None]) ** 2 * np.square(scale)
        losses[key] = np.append(squares, own.sum())
    return DualPath(encoder, coefficients * scale, shift + scale * intercepts, losses)


def _path(A: Array, y: Array, total: float, penalties: Sequence[float] = PENALTIES) -> Array:
    """Return (A A' + total * penalty)^-1 y for each penalty; shape (n_rows, n_penalties)."""
    from scipy.linalg import eigh

    values, vectors = eigh(A @ A.T, driver="evd", check_finite=False)
    values = np.maximum(values, 0.0)
    turned = vectors.T @ y
    shrunk = [turned / (values + total * penalty) for penalty in penalties]
    return np.asarray(vectors @ np.stack(shrunk, axis=1))


def _encoder(
    problem: Problem,
    rows: Array,
    weight: Array,
    *,
    kept: tuple[KeptLevels, ...],
    notes: tuple[str, ...],
) -> TableEncoder:
    """Standardise numbers by these rows; a missing cell counts as the mean."""
    design = problem.design
    learned = [moments(column, weight) for column in design.number_columns(rows)]
    shift, scale, in_use, indicator = (
        np.array([each[part] for each in learned], dtype=kind)
        for part, kind in enumerate((float, float, bool, bool))
    )
    categories = tuple(
        describe(column.name, column.levels, each)
        for column, each in zip(design.category_columns, kept, strict=True)
    )
    return TableEncoder(design.number_names, shift, scale, in_use, indicator, categories, notes)
