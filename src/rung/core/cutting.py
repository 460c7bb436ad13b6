"""Test the mean of values of which a few may be absurd, so that these neither hide nor decide it.

A model that explodes on one row loses a mean of which this row is almost all, and a standard
error of the same size: the difference to any rival is then about one standard error, whatever
the other rows say. Two bounds of a mean hold all the same, for values that are independent:

- *Cut*: E c >= E min(c, B). A value is cut where it stands further above the median than √m times
  the spread of the m values: beyond that it adds more to the standard error than to the mean, so
  the cut test is the more powerful one, and it can only err towards not seeing a difference.
  Where nothing is that far away, nothing is cut and the test is the plain one.
- *Tail*: E c >= E min(c, B) + (c_k - B) · P(c >= c_k) with c_k the k-th largest value, and the
  probability is at least the quantile of Beta(k, m - k + 1): a row that loses 1e38 among 400 shows
  that such rows are not rarer than about one in a million, which suffices.

Sources: Tukey & McLaughlin (1963), Sankhya A 25 (means of cut values); Anderson (1969), Technical
Report 4, Stanford (bounds of a mean from order statistics); David & Nagaraja (2003), Order
Statistics, ch. 2 (Beta).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.typing import Array

# Standard deviations of a normal distribution in its median absolute deviation.
NORMAL = 1.4826
# With fewer values the spread is too uncertain to call one of them absurd.
FEWEST_TO_CUT = 30
# Risk of the tail bound: half for the probability of the tail, half for the rest of the mean.
TAIL_RISK = 0.002
LARGEST_VALUES = (1, 2, 4, 8)


@dataclass(frozen=True)
class Cut:
    """Hold columns of values without what stands absurdly far above the rest.

    Attributes
    ----------
    values : ndarray, shape (n_units, n_columns)
        No value above its column's bound.
    means : ndarray, shape (n_columns,)
        Their means, at most those of the values as they were.
    tails : ndarray, shape (n_columns,)
        What the largest values add to the mean at least, beyond `means`; 0 where nothing is cut.
    """

    values: Array
    means: Array
    tails: Array

    @property
    def centred(self) -> Array:
        """Return the values minus their means."""
        return self.values - self.means


def cut_above(values: Array, *, risk: float = TAIL_RISK / 2) -> Cut:
    """Cut what stands far above the other values of a column.

    Parameters
    ----------
    values : ndarray, shape (n_units, n_columns)
        Independent values; fewer than `FEWEST_TO_CUT` are left as they are.
    risk : float
        Probability that `tails` promises too much.

    Examples
    --------
    >>> column = np.r_[np.tile([-1.0, 1.0], 50), 1e9][:, None]
    >>> found = cut_above(column)
    >>> found.values.max().round(1), found.means.round(2), found.tails.round(1)
    (np.float64(30.8), array([0.3]), array([2475.6]))
    """
    m = len(values)
    means = values.mean(axis=0)
    tails = np.zeros(values.shape[1])
    if m < FEWEST_TO_CUT:
        return Cut(values, means, tails)
    bounds = np.array([_bound(column) for column in values.T])
    is_cut = (values > bounds).any(axis=0)
    if not is_cut.any():
        return Cut(values, means, tails)
    kept = np.minimum(values, bounds)
    tails[is_cut] = _tail(values[:, is_cut] - bounds[is_cut], risk)
    return Cut(kept, np.where(is_cut, kept.mean(axis=0), means), tails)


def _bound(column: Array) -> float:
    """Return the median plus √m times the spread of those values that differ from it."""
    median = float(np.median(column))
    away = np.abs(column - median)
    away = away[away > 0]
    if not len(away):
        return math.inf
    return median + NORMAL * math.sqrt(len(column)) * float(np.median(away))


def _tail(above: Array, risk: float) -> Array:
    """Return the largest (c_k - B) · P(c >= c_k) over a few k that the risk allows."""
    from scipy.special import betaincinv

    m = len(above)
    largest = -np.sort(-above, axis=0)
    found = np.zeros(above.shape[1])
    for k in LARGEST_VALUES:
        share = float(betaincinv(k, m - k + 1, risk / len(LARGEST_VALUES)))
        found = np.maximum(found, share * largest[k - 1])
    return found
