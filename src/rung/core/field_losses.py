"""Losses behind metrics of single fields: of photometric redshifts, and errors with their sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from rung.core.estimate import Estimate, weighted_mean
from rung.core.field_metrics import own_losses
from rung.core.out_of_fold import OutOfFold
from rung.typing import Array

# |Δz| / (1 + z) beyond which a photometric redshift is called an outlier.
OUTLIER = 0.15
# Makes the median distance of a normal law its standard deviation.
NORMAL = 1.482602218505602


def redshift_errors(oof: OutOfFold, family: str, split: int) -> Array:
    """Return (prediction - truth) / (1 + truth) of the held-out rows of a split."""
    found: Array = signed_errors(oof, family, split) / (1.0 + oof.y[oof.splits[split].test])
    return found


def signed_errors(oof: OutOfFold, family: str, split: int) -> Array:
    """Return prediction less truth of the held-out rows of a split."""
    found: Array = oof.values(family, split) - oof.y[oof.splits[split].test]
    return found


def _own(oof: OutOfFold, family: str, split: int) -> Array:
    """Return the losses that a user's function gives; classes come as labels."""
    assert oof.own is not None
    true, predicted = oof.y[oof.splits[split].test], oof.predictions[family][split]
    if oof.classes:
        return own_losses(oof.own, np.array(oof.classes)[true], predicted)
    return own_losses(oof.own, true, predicted.reshape(-1))


FIELD_ROW_LOSSES: Mapping[str, Callable[[OutOfFold, str, int], Array]] = {
    "photoz": lambda oof, family, split: np.abs(redshift_errors(oof, family, split)),
    "photoz_bias": redshift_errors,
    "photoz_outliers": lambda oof, family, split: (
        np.abs(redshift_errors(oof, family, split)) > OUTLIER
    ).astype(np.float64),
    "error": signed_errors,
    "own": _own,
}


def redshift_scatter(oof: OutOfFold, family: str) -> Estimate:
    """Return σ_NMAD of redshift errors with the influence of each unit.

    A median of distances moves by (1/2 - [distance ≤ median]) / density there; how the middle moves
    is left out, which is exact where errors are as often above as below.

    Source
    ------
    Hampel et al. (1986), Robust Statistics, section 2.3 (influence of the median absolute deviation).
    """
    total, parts = np.zeros(len(oof.y)), []
    for index, split in enumerate(oof.splits):
        errors = redshift_errors(oof, family, index)
        total[split.test] += errors
        parts.append(_scatter(errors, oof.weights[split.test]))
    scored = oof.scored
    errors, weight = total[scored] / oof.times_held_out[scored], oof.weights[scored]
    distance = np.abs(errors - weighted_quantile(errors, weight, 0.5))
    middle = weighted_quantile(distance, weight, 0.5)
    reach = min(0.5, len(scored) ** -0.2 / 2)
    low, high = (weighted_quantile(distance, weight, 0.5 + side * reach) for side in (-1, 1))
    # The width between two quantiles over their difference in share is one over the density.
    width = (high - low) / (2 * reach)
    rows = np.zeros(len(oof.y))
    below = (distance <= middle).astype(float)
    rows[scored] = weight / weight.sum() * NORMAL * width * (weighted_mean(below, weight) - below)
    return Estimate(NORMAL * middle, oof.to_units(rows), tuple(parts))


def _scatter(errors: Array, weight: Array) -> float:
    if not weight.any():
        weight = np.ones(len(errors))
    distance = np.abs(errors - weighted_quantile(errors, weight, 0.5))
    return NORMAL * weighted_quantile(distance, weight, 0.5)


def weighted_quantile(values: Array, weight: Array, share: float) -> float:
    """Return the value below which this share of the weight lies, halfway between two if it ends there.

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0, 10.0]), np.ones(4), 0.5)
    2.5
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    at = share * reached[-1]
    first = np.searchsorted(reached, at * (1 - 1e-12), side="left")
    after = np.searchsorted(reached, at * (1 + 1e-12), side="right")
    last = len(values) - 1
    ends = values[order][[min(first, last), min(after, last)]]
    return float(ends.mean())


def unskilled(oof: OutOfFold, family: str, baseline: str = "constant") -> Estimate:
    """Return 1 - skill: the squared error over that of the constant guess on the same rows.

    0 where both are without error, 1 where the guess alone is.
    """
    own, guess = (_squares(oof, name) for name in (family, baseline))
    scored, weight = oof.scored, oof.weights
    error, scale = (weighted_mean(rows[scored], weight[scored]) for rows in (own, guess))
    parts = tuple(
        _ratio(*(weighted_mean(rows[split.test], weight[split.test]) for rows in (own, guess)))
        for split in oof.splits
    )
    mean = _ratio(error, scale)
    if not scale:
        return Estimate(mean, np.zeros(oof.n_units), parts)
    rows = np.zeros(len(oof.y))
    share = weight[scored] / weight[scored].sum()
    rows[scored] = share * (own[scored] - mean * guess[scored]) / scale
    return Estimate(mean, oof.to_units(rows), parts)


def _squares(oof: OutOfFold, family: str) -> Array:
    total = np.zeros(len(oof.y))
    for index, split in enumerate(oof.splits):
        total[split.test] += signed_errors(oof, family, index) ** 2
    return total / np.maximum(oof.times_held_out, 1)


def _ratio(error: float, scale: float) -> float:
    return error / scale if scale > 0 else float(error > 0)
