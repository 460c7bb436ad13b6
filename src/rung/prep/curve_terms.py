"""Take sums of curves apart, column by column: what each adds to a row, and its whole curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design
from rung.prep.curves import CurveEncoder
from rung.prep.knots import hats
from rung.prep.one_hot import LevelColumns, cells
from rung.typing import Array

MISSING, OTHER = "missing", "another level"


@dataclass(frozen=True)
class ColumnCurve:
    """What one column adds to the prediction, with what the fold models say of it.

    Attributes
    ----------
    name : str
        The column.
    grid : ndarray, shape (n_points,)
        Knots in the column's own unit; straight lines join them, and outside them the curve is
        level. Places of `labels` for a category.
    labels : tuple of str
        Levels of a category, `missing` and `another level` among them; none for a number.
    contribution : ndarray, shape (n_points, n_scores)
        In the unit of the target; for two classes log odds of the second; for more, one score a
        class, of which those of a point have mean zero. A number's average to zero over the
        training rows.
    folds : ndarray, shape (n_models, n_points, n_scores)
        The same by each fold model.
    error : ndarray, shape (n_points, n_scores)
        Standard error of `contribution` by the jackknife that leaves out a fold at a time:
        `contribution` -+ 2 `error` is a band of about 95 %, at each point. NaN without folds.
    missing : ndarray, shape (n_scores,)
        What a missing cell of a number adds; for a category see `labels`.

    Source
    ------
    Shao & Wu (1989), A general theory for jackknife variance estimation, Annals of Statistics 17.
    """

    name: str
    grid: Array
    labels: tuple[str, ...]
    contribution: Array
    folds: Array
    error: Array
    missing: Array


def term_names(encoder: CurveEncoder) -> tuple[str, ...]:
    """Name what is added up: numbers, categories, then pairs as `a × b`."""
    columns = [*encoder.rest.number_names, *(c.name for c in encoder.rest.categories)]
    return (*columns, *(f"{columns[a]} × {columns[b]}" for a, b in encoder.pairs.tolist()))


def contributions(
    encoder: CurveEncoder, design: Design, rows: Array | None, coefficients: Array
) -> Array:
    """Return what each term adds to each row, shape (n_terms, n_rows, n_scores).

    With the intercept they sum to the scores of `CurveEncoder.combine`, up to rounding.

    Parameters
    ----------
    encoder : CurveEncoder
        From a table to columns.
    design : Design
        Coded to any level lists.
    rows : ndarray of int or None
        Rows wanted.
    coefficients : ndarray, shape (width, n_scores)
        Heights of the curves.
    """
    columns = encoder.matrix(design, rows)[:, 1:]
    terms = [
        np.asarray(sum(columns[:, place] @ coefficients[place] for place in places))
        for places in _places(encoder)
    ]
    shape = (len(terms), columns.shape[0], coefficients.shape[1])
    return np.array([np.zeros(shape[1:]) + term for term in terms]).reshape(shape)


def _places(encoder: CurveEncoder) -> list[list[slice]]:
    """Return where the columns of each term stand."""
    starts, n_numbers = encoder.starts.tolist(), len(encoder.knots)
    gap, out = starts[-1], []
    for j, has_gaps in enumerate(encoder.rest.indicator):
        own = [slice(starts[j], starts[j + 1])]
        out.append([*own, slice(gap, gap + 1)] if has_gaps else own)
        gap += int(has_gaps)
    for category in encoder.rest.categories:
        out.append([slice(gap, gap + category.width)])
        gap += category.width
    pairs = range(n_numbers, len(starts) - 1)
    return [*out, *([slice(starts[k], starts[k + 1])] for k in pairs)]


Fitted = tuple[CurveEncoder, Array]


def column_curves(whole: Fitted, folds: Sequence[Fitted], n_folds: int) -> tuple[ColumnCurve, ...]:
    """Return the curve of each column that has one.

    Parameters
    ----------
    whole : (CurveEncoder, ndarray of shape (width, n_scores))
        Fitted to all training rows.
    folds : sequence of the same
        Fitted without a fold each.
    n_folds : int
        Folds of one repeat.
    """
    encoder, out = whole[0], []
    for j, name in enumerate(encoder.rest.number_names):
        if len(encoder.knots[j]) or encoder.rest.indicator[j]:
            grid = encoder.knots[j]
            own, *others = [_number(each, j, grid) for each in (whole, *folds)]
            out.append(_curve(name, grid, (), (own, others), n_folds))
    for i, category in enumerate(encoder.rest.categories):
        labels = (
            *category.levels,
            *([MISSING] if category.missing else []),
            *([OTHER] if category.other else []),
        )
        if labels:
            own, *others = [_category(each, i, category) for each in (whole, *folds)]
            out.append(
                _curve(category.name, np.arange(len(labels)), labels, (own, others), n_folds)
            )
    return tuple(out)


def _curve(
    name: str,
    grid: Array,
    labels: tuple[str, ...],
    heights: tuple[Array, Sequence[Array]],
    n_folds: int,
) -> ColumnCurve:
    """Put a curve together; the last of the heights is that of missing cells."""
    own, *others = [_balanced(each) for each in (heights[0], *heights[1])]
    folds = np.array(others).reshape(len(others), *own.shape)
    error = np.full(own.shape, np.nan)
    if len(folds):
        error = np.sqrt((n_folds - 1) * ((folds - folds.mean(axis=0)) ** 2).mean(axis=0))
    return ColumnCurve(name, grid, labels, own[:-1], folds[:, :-1], error[:-1], own[-1])


def _balanced(heights: Array) -> Array:
    """Let the scores of more than two classes have mean zero: adding to all changes nothing."""
    return heights - heights.mean(axis=1, keepdims=True) if heights.shape[1] > 1 else heights


def _number(fitted: Fitted, j: int, grid: Array) -> Array:
    """Return heights on a grid, then that of a missing cell."""
    encoder, coefficients = fitted
    own, gap = coefficients[_places(encoder)[j][0]], np.zeros((1, coefficients.shape[1]))
    if encoder.rest.indicator[j]:
        gap = coefficients[_places(encoder)[j][1]]
    if not len(own):
        return np.concatenate([np.zeros((len(grid), coefficients.shape[1])), gap])
    below, share = hats(grid, encoder.knots[j])
    return np.concatenate([own[below] + share[:, None] * (own[below + 1] - own[below]), gap])


def _category(fitted: Fitted, i: int, wanted: LevelColumns) -> Array:
    """Return heights of the wanted labels, then that of a missing cell."""
    encoder, coefficients = fitted
    category = encoder.rest.categories[i]
    own = coefficients[_places(encoder)[len(encoder.knots) + i][0]]
    own = np.concatenate([own, np.zeros((1, coefficients.shape[1]))])
    n_levels = len(wanted.levels)
    codes = [
        *range(n_levels),
        *([-1] if wanted.missing else []),
        *([-2] if wanted.other else []),
        -1,
    ]
    place = category.positions(wanted.levels)[cells(np.array(codes), n_levels)]
    return np.asarray(own[place])
