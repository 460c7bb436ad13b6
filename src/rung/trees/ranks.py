"""Let trees see the order of a column's values and nothing else, so that no unit matters.

The libraries that grow trees hold features in single precision, split no closer than 1e-7 and treat
zero apart. So they are given whole numbers, the ranks of the values; what they cut between two ranks
is cut, in the table's own unit and in double precision, between the two values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.typing import Array

# A cut is half-way between two values, and a little more: a value that lies half-way, as tables of
# rounded numbers hold many, then goes left in every unit, whichever way its digits are rounded.
HALF_WAY = 0.5 + 1.0 / 1009.0


@dataclass(frozen=True)
class Ranks:
    """Know where the columns of a training matrix can be cut.

    Attributes
    ----------
    cuts : tuple of ndarray, each (n_distinct - 1,)
        For each column, ascending: one cut between each two neighbouring values.
    """

    cuts: tuple[Array, ...]

    @classmethod
    def of(cls, X: Array) -> Ranks:
        """Learn from a training matrix, shape (n_rows, n_features), NaN for missing."""
        return cls(tuple(cuts_between(np.unique(column[~np.isnan(column)])) for column in X.T))

    def apply(self, X: Array) -> Array:
        """Return ranks from 1 on, float32, shape (n_rows, n_features), NaN for missing.

        A value between two of training has the rank of that on whose side of the cut it lies.

        Examples
        --------
        >>> X = np.array([[3e-9], [np.nan], [1e-9], [3e-9]])
        >>> Ranks.of(X).apply(X)[:, 0]
        array([ 2., nan,  1.,  2.], dtype=float32)
        """
        out = np.empty(X.shape, dtype=np.float32, order="F")
        for j, cuts in enumerate(self.cuts):
            out[:, j] = np.searchsorted(cuts, X[:, j]) + 1
        out[np.isnan(X)] = np.nan
        return out

    def restore(self, nodes: NodeArrays) -> NodeArrays:
        """Return trees that were grown on ranks as trees that cut values.

        Parameters
        ----------
        nodes : NodeArrays
            Cut between ranks, or above all of them.

        Returns
        -------
        NodeArrays
            Every row of values goes where `apply` of it went.
        """
        threshold = nodes.threshold.copy()
        inner = np.flatnonzero(~nodes.is_leaf)
        feature, rank = nodes.feature[inner], threshold[inner]
        for j in np.unique(feature):
            own = feature == j
            # Infinity stands behind the last cut, and so does what lies above all ranks.
            cuts = np.append(self.cuts[j], np.inf)
            place = np.minimum(rank[own], len(cuts)).astype(np.int64) - 1
            threshold[inner[own]] = cuts[place]
        return replace(nodes, threshold=threshold)


def cuts_between(values: Array) -> Array:
    """Return a number between each two neighbours: at least the lower, below the upper.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
        Distinct, ascending.

    Examples
    --------
    >>> cuts_between(np.array([1.0, 2.0, 4.0])).round(2)
    array([1.5, 3. ])
    """
    low, high = values[:-1], values[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        step = (high - low) * HALF_WAY
        step = np.where(np.isfinite(step), step, high * HALF_WAY - low * HALF_WAY)
        cut = low + step
        # Rounded down: on a column that was shifted, the same rows then lie below.
        cut = np.where(cut - low > step, np.nextafter(cut, -np.inf), cut)
    return np.clip(np.where(np.isnan(cut), low, cut), low, np.nextafter(high, -np.inf))
