"""Solve ridge regressions of every degree and penalty from one matrix of products.

Columns stand in the order of their degree, so that the Cholesky factor of the highest degree holds
those of all lower ones: one factor a penalty serves every degree. Without a penalty, or where
rounding defeats the factor, an eigendecomposition takes over and leaves directions out that are
smaller than rounding.

Sources: Hoerl & Kennard (1970), Technometrics 12, 55-67; Golub & Van Loan (2013), Matrix
Computations, 4th edition, sections 4.2 and 5.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.gram.ridge import PENALTIES, GramMoments
from rung.typing import Array

# Of a column's mean square: below it, what varies is rounding.
FLAT = 1e-13


@dataclass(frozen=True)
class Grid:
    """Name the settings to choose from.

    Attributes
    ----------
    degrees : tuple of int
        Ascending.
    penalties : tuple of float
        Descending, relative to the sum of weights; 0 is least squares.
    unit_variance : bool
        Whether the penalty counts columns in units of their standard deviation, or as they are.
    """

    degrees: tuple[int, ...]
    penalties: tuple[float, ...] = PENALTIES
    unit_variance: bool = True


@dataclass(frozen=True)
class Solutions:
    """Hold coefficients for every degree and penalty.

    Attributes
    ----------
    mean : ndarray, shape (1 + width,)
        Training means of (y, columns).
    coefficients : ndarray, shape (n_degrees, n_penalties, width)
        0 for columns of higher degrees.
    """

    mean: Array
    coefficients: Array

    def residuals(self) -> Array:
        """Return each fit less y as weights of (1, y, columns); shape (2 + width, n_fits)."""
        n_degrees, n_penalties, width = self.coefficients.shape
        flat = self.coefficients.reshape(n_degrees * n_penalties, width).T
        intercept = self.mean[0] - self.mean[1:] @ flat
        return np.concatenate([intercept[None], np.full((1, flat.shape[1]), -1.0), flat])


def standard(moments: GramMoments, *, unit_variance: bool = True) -> tuple[Array, Array, Array]:
    """Return covariances of columns, those with y, and what columns were multiplied with.

    Columns that do not vary are multiplied with 0.
    """
    total = moments.product[0, 0]
    about = moments.about(moments.mean) / total
    variance = np.diag(about)[1:]
    varies = variance > FLAT * np.diag(moments.product)[2:] / total
    factor = varies.astype(np.float64)
    if unit_variance:
        factor = np.where(varies, 1.0 / np.sqrt(np.where(varies, variance, 1.0)), 0.0)
    inner = about[1:, 1:] * factor
    inner *= factor[:, None]
    return inner, about[1:, 0] * factor, factor


def solve_grid(moments: GramMoments, widths: Sequence[int], grid: Grid) -> Solutions:
    """Solve for every degree and penalty.

    Parameters
    ----------
    moments : GramMoments
        Of the training rows: (1, y, columns).
    widths : sequence of int
        Number of columns up to each degree of the grid.
    grid : Grid
        Degrees and penalties.

    Examples
    --------
    >>> x = np.array([-1.0, 0.0, 1.0])
    >>> table = np.column_stack([np.ones(3), x**2, x, x**2])
    >>> found = solve_grid(GramMoments(table.T @ table), [1, 2], Grid((1, 2), (0.0,)))
    >>> found.coefficients[:, 0].round(6) + 0.0
    array([[0., 0.],
           [0., 1.]])
    """
    inner, with_y, factor = standard(moments, unit_variance=grid.unit_variance)
    out = np.zeros((len(widths), len(grid.penalties), len(factor)))
    for p, penalty in enumerate(grid.penalties):
        solved = _by_factor(inner, with_y, penalty, widths=widths) if penalty > 0 else None
        for d, width in enumerate(widths):
            own = (
                solved[d] if solved is not None else _by_parts(inner, with_y, penalty, width=width)
            )
            out[d, p, :width] = own * factor[:width]
    return Solutions(moments.mean, out)


def _by_factor(
    inner: Array, with_y: Array, penalty: float, *, widths: Sequence[int]
) -> list[Array] | None:
    """Solve all leading blocks with one Cholesky factor; None where it breaks down."""
    from scipy.linalg.lapack import dpotrf, dtrtrs

    n = widths[-1]
    if not widths[0]:
        return None
    ridged = inner[:n, :n].copy(order="F")
    ridged[np.arange(n), np.arange(n)] += penalty
    # Called as it is: for ten columns SciPy's checks of arguments take longer than the solution.
    factor, broke_down = dpotrf(ridged, lower=1, overwrite_a=1)
    if broke_down:
        return None
    half = dtrtrs(factor, with_y[:n], lower=1)[0]
    return [dtrtrs(factor[:m, :m], half[:m], lower=1, trans=1)[0] for m in widths]


def _by_parts(inner: Array, with_y: Array, penalty: float, *, width: int) -> Array:
    """Solve one leading block by its eigenvectors, without those that are rounding."""
    from scipy.linalg import eigh

    if width == 0:
        return np.zeros(0)
    values, vectors = eigh(inner[:width, :width], driver="evd", check_finite=False)
    floor = np.finfo(float).eps * width * max(values[-1], 0.0)
    turned = (vectors.T @ with_y[:width])[values > floor]
    return np.asarray(vectors[:, values > floor] @ (turned / (values[values > floor] + penalty)))


def condition_number(moments: GramMoments, width: int) -> float:
    """Return the largest by the smallest eigenvalue of the correlations of the first columns.

    Infinity where the smallest is lost in rounding; 1 where nothing varies.
    """
    from scipy.linalg import eigvalsh

    inner, _, factor = standard(moments)
    varies = np.flatnonzero(factor[:width] > 0)
    if not len(varies):
        return 1.0
    values = eigvalsh(inner[np.ix_(varies, varies)], check_finite=False)
    floor = np.finfo(float).eps * len(varies) * values[-1]
    return float(values[-1] / values[0]) if values[0] > floor else float("inf")
