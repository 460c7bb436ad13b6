"""Fit ridge regressions from sums of products: all folds, penalties and inner splits in one pass.

Source: Hoerl & Kennard (1970), Technometrics 12, 55-67, for the estimator; one eigendecomposition
gives the whole path of penalties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.gram.sums import Basis, GramSums, LevelIndex
from rung.prep.levels import KeptLevels
from rung.typing import Array

# Relative to the sum of weights, for columns of unit variance.
PENALTIES = tuple(float(f"1e{power}") for power in range(2, -7, -1))
# A mean further than this many standard deviations from the shift costs six digits.
WORST_OFFSET = 1e3


@dataclass(frozen=True)
class UsedColumns:
    """Say which columns one training set uses, as a map from sums to columns.

    Attributes
    ----------
    fill : ndarray, shape (n_numbers,)
        Mean of each number's present cells, in the basis; missing cells count as this.
    spread : ndarray, shape (n_numbers,)
        Standard deviation of each number, in the basis; 0 where it is not used.
    indicator : ndarray of bool, shape (n_numbers,)
        Whether missing cells have a column.
    kept : tuple of KeptLevels
        Columns of each category.
    """

    fill: Array
    spread: Array
    indicator: Array
    kept: tuple[KeptLevels, ...]

    @property
    def width(self) -> int:
        """Number of columns, without intercept."""
        n_numbers = int((self.spread > 0).sum()) + int(self.indicator.sum())
        return n_numbers + sum(each.width for each in self.kept)

    def transform(self, index: LevelIndex) -> tuple[Array, Array]:
        """Return the level columns used, and the map of (dense, levels) to (1, y, columns)."""
        n_numbers = len(self.fill)
        own = [_own_slots(each, place) for each, place in zip(self.kept, index.place, strict=True)]
        used = np.concatenate([*own, np.zeros(0, dtype=int)]).astype(int)
        n_dense = 2 + 2 * n_numbers
        turn = np.zeros((n_dense + len(used), 2 + self.width))
        turn[0, 0] = turn[1, 1] = 1.0
        column = 2
        for j in np.flatnonzero(self.spread > 0):
            turn[2 + j, column] = 1.0 / self.spread[j]
            turn[2 + n_numbers + j, column] = self.fill[j] / self.spread[j]
            turn[0, column] = -self.fill[j] / self.spread[j]
            column += 1
        for j in np.flatnonzero(self.indicator):
            turn[2 + n_numbers + j, column] = 1.0
            column += 1
        row = n_dense
        for each, slot_list in zip(self.kept, own, strict=True):
            n_own = len(slot_list)
            turn[row + np.arange(n_own), column + np.arange(n_own)] = 1.0
            if each.other:
                turn[0, column + n_own] = 1.0
                turn[row : row + n_own, column + n_own] = -1.0
            row, column = row + n_own, column + each.width
        return used, turn


def _own_slots(kept: KeptLevels, place: Array) -> Array:
    n_levels = len(place) - 2
    wanted = [*kept.codes, n_levels] if kept.missing else list(kept.codes)
    return np.asarray(place[np.array(wanted, dtype=int)])


def describe_numbers(sums: GramSums) -> tuple[Array, Array, bool]:
    """Return fill and spread of each number, and whether the basis served well.

    A number that does not vary has spread 0.
    """
    n_numbers = (len(sums.dense) - 2) // 2
    z, gaps = slice(2, 2 + n_numbers), slice(2 + n_numbers, None)
    total = sums.dense[0, 0]
    present = total - sums.dense[0, gaps]
    known = present > 1e-12 * total
    fill = np.where(known, sums.dense[0, z] / np.where(known, present, 1.0), 0.0)
    squares = np.diag(sums.dense)[z]
    variance = np.where(known, squares - present * fill**2, 0.0) / total
    # An exact zero is a constant; far less than the squares, it may be one: a better basis tells.
    doubtful = known & (squares > 0) & (variance < (fill / WORST_OFFSET) ** 2)
    spread = np.sqrt(np.maximum(variance, 0.0))
    y_mean = sums.dense[0, 1] / total
    y_variance = sums.dense[1, 1] / total - y_mean**2
    y_doubtful = sums.dense[1, 1] > 0 and y_variance < (y_mean / WORST_OFFSET) ** 2
    return fill, spread, not (doubtful.any() or y_doubtful)


@dataclass(frozen=True)
class GramMoments:
    """Sums of products of (1, y, columns) of one layout over a set of rows; shape (q, q)."""

    product: Array

    def about(self, mean: Array) -> Array:
        """Return the sums of products of (y, columns) - mean; shape (q - 1, q - 1)."""
        first, rest = self.product[0, 1:], self.product[1:, 1:]
        total = self.product[0, 0]
        cross = np.outer(first, mean)
        return np.asarray(rest - cross - cross.T + total * np.outer(mean, mean))

    @property
    def mean(self) -> Array:
        """Means of (y, columns)."""
        return np.asarray(self.product[0, 1:] / self.product[0, 0])


def project(sums: Sequence[GramSums], layout: UsedColumns, index: LevelIndex) -> GramMoments:
    """Add sums up over parts of a set of rows, for the columns of one layout."""
    from scipy import sparse

    used, turn = layout.transform(index)
    n_dense = len(sums[0].dense)
    whole = np.zeros((n_dense + len(used), n_dense + len(used)))
    for part in sums:
        mixed = part.mixed[used]
        whole[:n_dense, :n_dense] += part.dense
        whole[n_dense:, :n_dense] += mixed
        whole[:n_dense, n_dense:] += mixed.T
        whole[n_dense:, n_dense:] += part.levels[np.ix_(used, used)]
    # Nearly every column of the map has one entry, so that sparse products cost little.
    sparse_turn = sparse.csr_matrix(turn.T)
    half = np.asarray(sparse_turn @ whole)
    return GramMoments(np.asarray(sparse_turn @ half.T))


@dataclass(frozen=True)
class Path:
    """Hold the ridge coefficients of one training set for every penalty.

    Attributes
    ----------
    mean : ndarray, shape (1 + width,)
        Training means of (y, columns).
    coefficients : ndarray, shape (width, n_penalties)
        In the units of the basis.
    """

    mean: Array
    coefficients: Array

    def losses(self, test: GramMoments) -> Array:
        """Return the sum of weighted squared errors on test rows; shape (n_penalties,)."""
        about = test.about(self.mean)
        cross = about[1:, 0] @ self.coefficients
        curve = np.einsum("jp,jp->p", self.coefficients, about[1:, 1:] @ self.coefficients)
        return np.asarray(np.maximum(about[0, 0] - 2.0 * cross + curve, 0.0))


def solve_path(moments: GramMoments, penalties: Sequence[float] = PENALTIES) -> Path:
    """Solve for every penalty with one eigendecomposition.

    Parameters
    ----------
    moments : GramMoments
        Of the training rows.
    penalties : sequence of float
        Relative to the sum of weights.

    Examples
    --------
    >>> x = np.array([-1.0, 0.0, 1.0])
    >>> table = np.column_stack([np.ones(3), 2 * x, x])
    >>> solve_path(GramMoments(table.T @ table), [1e-12]).coefficients.round(6)
    array([[2.]])
    """
    from scipy.linalg import eigh

    mean = moments.mean
    about = moments.about(mean)
    if len(about) == 1:
        return Path(mean, np.zeros((0, len(penalties))))
    inner = (about[1:, 1:] + about[1:, 1:].T) / 2
    values, vectors = eigh(inner, check_finite=False)
    values = np.maximum(values, 0.0)
    turned = vectors.T @ about[1:, 0]
    total = moments.product[0, 0]
    shrunk = [turned / (values + total * penalty) for penalty in penalties]
    return Path(mean, vectors @ np.stack(shrunk, axis=1))


def best_penalty(losses: Array) -> int:
    """Return the position of the least loss; ties go to the first, the largest penalty."""
    return int(np.argmin(losses))


def to_units(path: Path, chosen: int, basis: Basis) -> tuple[float, Array]:
    """Return target mean and coefficients of one penalty, in the target's unit."""
    return (
        basis.y_shift + basis.y_scale * float(path.mean[0]),
        path.coefficients[:, chosen] * basis.y_scale,
    )
