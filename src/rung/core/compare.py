"""Compare families by contrasts of their losses that contain the margin.

A contrast asks one question: does family f lose more than rival g by more than what matters?
The margin depends on the losses themselves, so it is part of the contrast, and its uncertainty
is part of the contrast's standard error.

Sources: Nadeau & Bengio (2003), Machine Learning 52 (training sets that overlap); Hsu (1984),
Annals of Statistics 12 (comparisons with the best).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.core.cutting import TAIL_RISK, cut_above
from rung.core.losses import Losses
from rung.typing import Array

GAIN_SHARE = 0.05
CONSTANT_SHARE = 0.01
LOSS_SHARE = 0.10
N_DRAWS = 20_000
# Relative size below which a standard error is rounding and not variation.
ROUNDING = 1e-12
# Neighbours that are more alike than this say nothing about how fast likeness fades.
MOST_ALIKE = 0.95


@dataclass(frozen=True)
class OneSided:
    """Hold what shows that mean contrasts are above zero, whatever a few absurd units say.

    Attributes
    ----------
    means, errors : ndarray, shape (n_rivals,)
        Mean of the cut values (`rung.core.cutting`) and its standard error (0 where nothing
        varies).
    tails : ndarray, shape (n_rivals,)
        A lower bound of the mean of the whole values that rests on the largest ones; minus
        infinity where nothing was cut.
    """

    means: Array
    errors: Array
    tails: Array

    @property
    def ratios(self) -> Array:
        """Mean over standard error; infinite where a difference does not vary at all."""
        exact = np.where(self.means > 0, np.inf, -np.inf)
        return np.divide(self.means, self.errors, out=exact, where=self.errors > 0)

    def lower(self, quantile: float) -> Array:
        """Return lower bounds: mean - quantile · error, or the tail's where that is higher."""
        bounds: Array = np.maximum(self.means - quantile * self.errors, self.tails)
        return bounds


@dataclass(frozen=True)
class Contrasts:
    """Hold the contrasts of one family against each rival; above zero means worse.

    Attributes
    ----------
    rivals : tuple of str
        In the order of the losses.
    means : ndarray, shape (n_rivals,)
        Mean contrasts, of whole values.
    above, below : OneSided
        What shows that they are above zero; what shows that they are below, with its sign turned.
    correlation : ndarray, shape (n_rivals, n_rivals)
        Of the values in `above`.
    """

    rivals: tuple[str, ...]
    means: Array
    above: OneSided
    below: OneSided
    correlation: Array

    def lower(self, quantile: float) -> Array:
        """Return lower bounds of the mean contrasts."""
        return self.above.lower(quantile)

    def upper(self, quantile: float) -> Array:
        """Return upper bounds of the mean contrasts."""
        return -self.below.lower(quantile)


def overlap_factor(k: int) -> float:
    """Return what the overlap of training sets adds to a standard error.

    Parameters
    ----------
    k : int
        Folds; a single split is treated as two folds.

    Source
    ------
    Nadeau & Bengio (2003), Machine Learning 52: the variance of a mean over folds is
    (1/k + n_test/n_train) times that of a fold. NOTE[DIFF] applied to units instead of folds:
    s² / m · (1 + k / (k - 1)), which keeps m - 1 degrees of freedom instead of k - 1.

    Examples
    --------
    >>> overlap_factor(5)
    1.5
    """
    k = max(k, 2)
    return math.sqrt(1 + k / (k - 1))


def standard_errors(
    influence: Array, k: int, *, factor: float | None = None, is_ordered: bool = False
) -> Array:
    """Return standard errors of means whose influence values are given.

    Parameters
    ----------
    influence : ndarray, shape (n_units, n_contrasts)
        Centred values of units.
    k : int
        Folds.
    factor : float, optional
        Instead of `overlap_factor(k)`; 1 for the plain standard error.
    is_ordered : bool
        Whether units follow each other in a stream: see `neighbour_factor`.

    Returns
    -------
    ndarray, shape (n_contrasts,)
        Infinite for a single unit.

    Examples
    --------
    >>> standard_errors(np.array([[-1.0], [1.0], [-1.0], [1.0]]), 5, factor=1.0).round(4)
    array([0.5774])
    """
    m = len(influence)
    if m < 2:
        return np.full(influence.shape[1], np.inf)
    if factor == math.inf:
        return np.full(influence.shape[1], np.inf)
    spread = np.sqrt((influence**2).sum(axis=0) / (m - 1) / m)
    if is_ordered:
        spread = spread * neighbour_factor(influence)
    found: Array = spread * (overlap_factor(k) if factor is None else factor)
    return found


def neighbour_factor(influence: Array) -> Array:
    """Return what the likeness of neighbouring units adds to standard errors, at least 1.

    The variance of a mean of units in order is that of independent ones times
    1 + 2 (r + r² + ...) = (1 + r) / (1 - r), if likeness fades by their correlation r with the
    next one, again and again. Neighbours that are unlike would lower it, which is not used.
    `benchmarks/text_intervals` has the coverage.

    Source
    ------
    Bartlett (1946), Supplement to the Journal of the Royal Statistical Society 8.

    Examples
    --------
    >>> neighbour_factor(np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])).round(2)
    array([1.29, 1.  ])
    """
    size = (influence**2).sum(axis=0)
    beside = (influence[:-1] * influence[1:]).sum(axis=0)
    likeness = np.divide(beside, size, out=np.zeros_like(size), where=size > 0)
    likeness = np.clip(likeness, 0.0, MOST_ALIKE)
    found: Array = np.sqrt((1 + likeness) / (1 - likeness))
    return found


def active_margin(losses: Losses, rival: int) -> tuple[float, Array]:
    """Return the default margin against a rival, and its coefficients on all families.

    The margin is min(max(5 % of the rival's gain over the constant, 1 % of the constant's loss),
    10 % of the rival's loss), and not below the share `losses.floor` of the constant's loss: less
    than that no reader sees. Without a constant family it is 1 % of the rival's loss. Where a loss
    of zero means nothing it is 5 % of the gain, and `losses.least_margin` at least.

    Returns
    -------
    margin : float
        In the loss's unit.
    coefficients : ndarray, shape (n_families,)
        The margin as a linear combination of mean losses.
    """
    coefficients = np.zeros(len(losses.names))
    if losses.baseline not in losses.names:
        coefficients[rival] = CONSTANT_SHARE
        return float(coefficients @ losses.means), coefficients
    constant = losses.names.index(losses.baseline)
    base, own = float(losses.means[constant]), float(losses.means[rival])
    if losses.least_margin:
        if GAIN_SHARE * (base - own) <= losses.least_margin:
            return losses.least_margin, coefficients
        coefficients[constant] += GAIN_SHARE
        coefficients[rival] -= GAIN_SHARE
        return float(coefficients @ losses.means), coefficients
    by_gain, by_constant, by_loss = (
        GAIN_SHARE * (base - own),
        CONSTANT_SHARE * base,
        LOSS_SHARE * own,
    )
    least = losses.floor * base
    if least >= min(by_loss, max(by_gain, by_constant)):
        coefficients[constant] = losses.floor
    elif by_loss <= max(by_gain, by_constant):
        coefficients[rival] = LOSS_SHARE
    elif by_gain >= by_constant:
        coefficients[constant] += GAIN_SHARE
        coefficients[rival] -= GAIN_SHARE
    else:
        coefficients[constant] = CONSTANT_SHARE
    return float(coefficients @ losses.means), coefficients


def contrasts(losses: Losses, family: int, margin: float | None = None) -> Contrasts:
    """Contrast a family with every rival: its loss, minus the rival's, minus the margin.

    Parameters
    ----------
    losses : Losses
        Of all families.
    family : int
        Index of the family.
    margin : float, optional
        Margin in the loss's unit; the default margin of each rival otherwise.
    """
    n_families = len(losses.names)
    rivals = [index for index in range(n_families) if index != family]
    weights = np.zeros((n_families, len(rivals)))
    fixed = np.full(len(rivals), margin or 0.0)
    for column, rival in enumerate(rivals):
        if margin is None:
            own, coefficients = active_margin(losses, rival)
            weights[:, column] -= coefficients
            fixed[column] = 0.0 if coefficients.any() else own
        weights[family, column] += 1.0
        weights[rival, column] -= 1.0
    names = tuple(losses.names[index] for index in rivals)
    return _contrasts(losses, names, weights, fixed)


def difference_contrast(losses: Losses, family: int, rival: int) -> Contrasts:
    """Contrast a family with one rival, without any margin."""
    weights = np.zeros((len(losses.names), 1))
    weights[family, 0] += 1.0
    weights[rival, 0] -= 1.0
    return _contrasts(losses, (losses.names[rival],), weights, np.zeros(1))


def _contrasts(losses: Losses, names: tuple[str, ...], weights: Array, margin: Array) -> Contrasts:
    # Rounding is judged by the families that a contrast holds: others may lose 1e38.
    size = np.abs(losses.means) + np.abs(losses.influence).max(axis=0, initial=0.0)
    rounding = ROUNDING * (size @ np.abs(weights))
    means = _without_rounding(losses.means @ weights - margin, rounding)
    influence, values = losses.influence @ weights, losses.values @ weights - margin
    above, cut = _one_sided(losses, means, influence, values, rounding=rounding)
    below, _ = _one_sided(losses, -means, -influence, -values, rounding=rounding)
    varying = np.where(above.errors > 0, cut, 0.0)
    return Contrasts(names, means, above, below, _correlation(varying))


def _one_sided(
    losses: Losses, means: Array, influence: Array, values: Array, *, rounding: Array
) -> tuple[OneSided, Array]:
    """Return what shows that means are above zero, and the centred values behind it."""
    from scipy.special import stdtrit

    risk = TAIL_RISK / max(len(means), 1) / 2
    cut = cut_above(values, risk=risk)
    is_cut = cut.tails > 0
    means = np.where(is_cut, cut.means, means)
    centred = np.where(is_cut, cut.centred, influence)
    errors = standard_errors(centred, losses.k, factor=losses.factor, is_ordered=losses.is_ordered)
    errors = np.where(is_cut, errors, _without_rounding(errors, rounding))
    # Neighbours in a stream are alike, so its largest values come together.
    has_tail = is_cut & (not losses.is_ordered)
    quantile = float(stdtrit(max(losses.m - 1, 1), 1 - risk))
    tails = np.full(len(means), -np.inf)
    tails[has_tail] = (means + cut.tails - quantile * errors)[has_tail]
    return OneSided(means, errors, tails), centred


def _without_rounding(values: Array, rounding: Array) -> Array:
    return np.where(np.abs(values) <= rounding, 0.0, values)


def _correlation(influence: Array) -> Array:
    """Return correlations of columns; columns that do not vary are independent of all."""
    size = np.sqrt((influence**2).sum(axis=0))
    scaled = influence / np.where(size > 0, size, 1.0)
    found: Array = np.clip(scaled.T @ scaled, -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found


def student_draws(n_rivals: int, seed: int, freedom: float = math.inf) -> Array:
    """Draw Student's t for rivals whose standard errors rest on the same units.

    Parameters
    ----------
    n_rivals : int
        More rivals keep the draws of the first.
    seed : int
        Of the run.
    freedom : float
        Degrees of freedom of the standard errors; infinite for normal draws.

    Returns
    -------
    ndarray, shape (n_rivals, N_DRAWS)
        Each column has one standard error for all rivals.
    """
    normal = np.random.default_rng([0x5EED, seed]).standard_normal((n_rivals, N_DRAWS))
    if math.isinf(freedom):
        return normal
    squares = np.random.default_rng([0x5D, seed]).chisquare(freedom, N_DRAWS)
    return normal / np.sqrt(squares / freedom)


def max_quantile(correlation: Array, draws: Array, level: float = 0.95) -> float:
    """Return a quantile of the maximum of a vector of Student's t, by Monte Carlo.

    Parameters
    ----------
    correlation : ndarray, shape (n_rivals, n_rivals)
        Of the vector; a thousandth of a thousandth is added to the diagonal, so that rivals
        that predict the same do no harm.
    draws : ndarray, shape (n_rivals, n_draws)
        From `student_draws`, for at least as many rivals.
    level : float
        Probability below the quantile.

    Source
    ------
    Hothorn, Bretz & Westfall (2008), Biometrical Journal 50 (one t vector for all contrasts).

    Examples
    --------
    >>> 1.6 < max_quantile(np.eye(1), student_draws(1, 0)) < 1.7
    True
    """
    size = len(correlation)
    values, vectors = np.linalg.eigh(correlation)
    # A sum of rounding errors may leave an eigenvalue a little below zero.
    repaired = (vectors * np.maximum(values, 0.0)) @ vectors.T + 1e-6 * np.eye(size)
    root = np.linalg.cholesky(repaired)
    return float(np.quantile((root @ draws[:size]).max(axis=0), level))
