"""Weigh how freely curves may bend, from sums of products alone: restricted likelihood.

What holds a curve, its penalties, is taken as the prior of a random curve. The variances of these
priors are those under which the data are most probable, found by a fixed-point iteration on the
sums of products; no rows are held out for it.

Source: Wood & Fasiolo (2017), A generalized Fellner-Schall method for smoothing parameter
optimization, Biometrics 73, 1071-1081.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array

# Penalties end within these shares of what the data weigh.
LIGHTEST, HEAVIEST = 1e-12, 1e5
# A penalty changes by no more than this factor in one round.
FARTHEST = 100.0
# Effective parameters that a round may change for the last time.
SETTLED = 0.02
FEWEST_EFFECTIVE = 1e-12
_TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Penalty:
    """Name coefficients in one row, and what holds them.

    Attributes
    ----------
    first : int
        Position of the first.
    matrices : tuple of ndarray, each (size, size)
        One penalty, or two of which the first leaves nothing but a common height free.
    mean : ndarray, shape (size,), or None
        Shares of the rows by coefficient: what holds a common height, which the intercept has.
    """

    first: int
    matrices: tuple[Array, ...]
    mean: Array | None = None

    @property
    def place(self) -> slice:
        """Where the coefficients stand."""
        return slice(self.first, self.first + len(self.matrices[0]))

    @cached_property
    def ratios(self) -> Array:
        """How much the second penalty holds each direction that the first holds by one."""
        from scipy.linalg import eigh

        if len(self.matrices) == 1:
            return np.zeros(len(self.matrices[0]) - (self.mean is not None))
        # Directions without the common height, in which the first penalty is the unit matrix.
        values, vectors = eigh(self.matrices[0])
        turned = vectors[:, 1:] / np.sqrt(values[1:])
        found = np.linalg.eigvalsh(turned.T @ self.matrices[1] @ turned)
        return np.asarray(np.maximum(found, 0.0))

    @cached_property
    def sizes(self) -> tuple[float, ...]:
        """What each penalty holds a coefficient by, as a rule."""
        return tuple(float(np.median(np.diagonal(matrix))) for matrix in self.matrices)

    def prior(self, weights: Array) -> Array:
        """Return the effective parameters that each penalty would take away alone."""
        if len(weights) == 1:
            return np.array([len(self.ratios) / weights[0]])
        total = weights[0] + weights[1] * self.ratios
        return np.array([np.sum(1.0 / total), np.sum(self.ratios / total)])


@dataclass(frozen=True)
class CurveProducts:
    """Hold weighted sums of products: columns with columns, and with the target.

    `square` is that of the target with itself, `n_rows` what the weights sum to.
    """

    gram: Array
    cross: Array
    square: float
    n_rows: float


@dataclass(frozen=True)
class PenalisedFit:
    """Hold coefficients, and what they leave free.

    Attributes
    ----------
    coefficients : ndarray, shape (width,)
        Of all columns.
    covariance : ndarray, shape (width, width)
        The inverse of sums and penalties together.
    free : ndarray, shape (width,)
        Share of each coefficient that the data decide.
    """

    coefficients: Array
    covariance: Array
    free: Array

    @property
    def freedom(self) -> float:
        """Effective parameters."""
        return float(self.free.sum())


def start_weights(gram: Array, held: Sequence[Penalty]) -> list[Array]:
    """Return penalties that weigh a hundredth of the data."""
    return [
        np.array([max(np.trace(gram[h.place, h.place]), 1e-9) / np.trace(S) for S in h.matrices])
        / 100.0
        for h in held
    ]


def solve(sums: CurveProducts, held: Sequence[Penalty], weights: Sequence[Array]) -> PenalisedFit:
    """Solve for the coefficients under given penalties."""
    from scipy.linalg import lapack

    total = sums.gram.copy()
    steady = np.diagonal(sums.gram).max() * 1e-10
    total[np.diag_indices_from(total)] += steady
    for each, own in zip(held, weights, strict=True):
        block = total[each.place, each.place]
        if each.mean is not None:
            scale = np.trace(block) / len(each.mean)
            block += scale * np.outer(each.mean, each.mean) / (each.mean @ each.mean)
        for matrix, weight in zip(each.matrices, own, strict=True):
            block += weight * matrix
    factor, failed = lapack.dpotrf(total, lower=1)
    covariance, _ = lapack.dpotri(factor, lower=1)
    if failed:
        covariance = np.linalg.pinv(total, hermitian=True)
    covariance = np.tril(covariance) + np.tril(covariance, -1).T
    free = np.einsum("ij,ij->i", covariance, sums.gram)
    return PenalisedFit(covariance @ sums.cross, covariance, free)


def noise(sums: CurveProducts, solution: PenalisedFit) -> float:
    """Return the variance of what the coefficients do not explain."""
    own = solution.coefficients
    left = sums.square - 2.0 * own @ sums.cross + own @ sums.gram @ own
    left = max(left, 1e-10 * sums.square, _TINY)
    return float(left / max(sums.n_rows - solution.freedom, 1.0))


def reweigh(
    solution: PenalisedFit,
    held: Sequence[Penalty],
    weights: Sequence[Array],
    *,
    variance: float,
    unit: float,
) -> list[Array]:
    """Return penalties under which the data are more probable.

    Parameters
    ----------
    solution : PenalisedFit
        Under the present penalties.
    held, weights : sequence of Penalty, sequence of ndarray
        What is held, and the present penalties.
    variance : float
        Of the noise; 1 for classes.
    unit : float
        What the data weigh in a coefficient, to which extremes are relative.
    """
    out = []
    for each, own in zip(held, weights, strict=True):
        b = solution.coefficients[each.place]
        spread = solution.covariance[each.place, each.place]
        new = own.copy()
        for k, (matrix, prior) in enumerate(zip(each.matrices, each.prior(own), strict=True)):
            free = max(prior - float(np.vdot(spread, matrix)), FEWEST_EFFECTIVE)
            size = max(float(b @ matrix @ b), _TINY)
            factor = min(max(variance * free / size, 1.0 / FARTHEST), FARTHEST)
            most = unit / each.sizes[k]
            new[k] = min(max(own[k] * factor, LIGHTEST * most), HEAVIEST * most)
        out.append(new)
    return out


def most_probable(
    sums: CurveProducts, held: Sequence[Penalty], weights: Sequence[Array], *, rounds: int
) -> tuple[PenalisedFit, list[Array]]:
    """Return coefficients, and penalties under which the data are most probable."""
    unit = float(np.diagonal(sums.gram).max())
    now = list(weights)
    solution = solve(sums, held, now)
    for _ in range(rounds):
        now = reweigh(solution, held, now, variance=noise(sums, solution), unit=unit)
        before, solution = solution, solve(sums, held, now)
        if abs(solution.freedom - before.freedom) < SETTLED:
            break
    return solution, now
