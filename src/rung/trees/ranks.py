"""Let trees see the order of a column's values and nothing else, so that no unit matters.

The libraries that grow trees hold features in single precision, split no closer than 1e-7 and treat
zero apart. So they are given whole numbers: the ranks of the values, or ranks with room between
them, so that cuts drawn at random fall as they would among the values. What is cut between two of
these is cut, in the table's own unit and in double precision, between the two values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.typing import Array

# A cut is half-way between two values, and a little more: a value that lies half-way, as tables of
# rounded numbers hold many, then goes left in every unit, whichever way its digits are rounded.
HALF_WAY = 0.5 + 1.0 / 1009.0
# Room is measured in parts of the distance between the quartiles; values many such distances out
# are drawn near, as one absurd cell would otherwise leave the others none. All ranks stay below
# 2**24, up to which single precision holds whole numbers.
PARTS, FARTHEST = 2.0**19, 6.0


@dataclass(frozen=True)
class Ranks:
    """Know where the columns of a training matrix can be cut.

    Attributes
    ----------
    cuts : tuple of ndarray, each (n_distinct - 1,)
        For each column, ascending: one cut between each two neighbouring values.
    ranks : tuple of ndarray, each (n_distinct,)
        Rank of each distinct value, ascending.
    """

    cuts: tuple[Array, ...]
    ranks: tuple[Array, ...]

    @classmethod
    def of(cls, X: Array, *, spaced: bool = False) -> Ranks:
        """Learn from a training matrix.

        Parameters
        ----------
        X : ndarray, shape (n_rows, n_features)
            NaN for missing.
        spaced : bool
            Leave room between ranks, in proportion to that between the values; by default they
            count the values.
        """
        # Missing cells come last.
        columns = np.sort(X.T, axis=1)
        is_new = ~np.isnan(columns)
        is_new[:, 1:] &= columns[:, 1:] != columns[:, :-1]
        distinct = [each[chosen] for each, chosen in zip(columns, is_new, strict=True)]
        ranks = [
            _spaced(each) if spaced and len(each) > 2 else np.arange(len(each)) for each in distinct
        ]
        # All columns at once, as many hold two values only; what lies between columns is left out.
        cuts = cuts_between(np.concatenate([np.empty(0), *distinct]))
        ends = np.cumsum([len(each) for each in distinct], dtype=np.int64)
        return cls(
            tuple(
                cuts[end - len(each) : max(end - 1, 0)]
                for end, each in zip(ends.tolist(), distinct, strict=True)
            ),
            tuple(each - each[:1] + 1 for each in ranks),
        )

    def apply(self, X: Array) -> Array:
        """Return ranks from 1 on, float32, shape (n_rows, n_features), NaN for missing.

        A value between two of training has the rank of that on whose side of the cut it lies.

        Examples
        --------
        >>> X = np.array([[3e-9], [np.nan], [1e-9], [3e-9]])
        >>> Ranks.of(X).apply(X)[:, 0]
        array([ 2., nan,  1.,  2.], dtype=float32)
        """
        # What a column without a value is shown later has the first rank.
        out = np.ones(X.shape, dtype=np.float32, order="F")
        sizes = np.array([len(cuts) for cuts in self.cuts], dtype=np.int64)
        # Columns of two values are many where there are categories, and are done at once.
        for j in np.flatnonzero(sizes > 1):
            out[:, j] = self.ranks[j][np.searchsorted(self.cuts[j], X[:, j])]
        pairs = np.flatnonzero(sizes == 1)
        if len(pairs):
            out[:, pairs] += X[:, pairs] > np.array([self.cuts[j][0] for j in pairs])
        out[np.isnan(X)] = np.nan
        return out

    def restore(self, nodes: NodeArrays) -> NodeArrays:
        """Return trees that were grown on ranks as trees that cut values.

        Parameters
        ----------
        nodes : NodeArrays
            Cut between ranks, or below or above all of them.

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
            # A cut below or above all ranks parts missing cells from all others.
            cuts = np.concatenate([[-np.inf], self.cuts[j], [np.inf]])
            threshold[inner[own]] = cuts[np.searchsorted(self.ranks[j], rank[own], "right")]
        return _without_cuts_below(replace(nodes, threshold=threshold))


def _without_cuts_below(nodes: NodeArrays) -> NodeArrays:
    """Turn a node whose known values all go right into one whose known values all go left."""
    turned = nodes.threshold == -np.inf
    return replace(
        nodes,
        threshold=np.where(turned, np.inf, nodes.threshold),
        left=np.where(turned, nodes.right, nodes.left).astype(nodes.left.dtype),
        right=np.where(turned, nodes.left, nodes.right).astype(nodes.right.dtype),
        missing=np.where(turned, 1 - nodes.missing, nodes.missing).astype(nodes.missing.dtype),
    )


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


def _spaced(values: Array) -> Array:
    """Return whole numbers as far apart as three distinct values or more are; at least one."""
    count = np.arange(float(len(values)))
    low, middle, high = (values[len(values) * part // 4] for part in (1, 2, 3))
    with np.errstate(over="ignore", invalid="ignore"):
        room = np.nan_to_num((values - middle) / (high - low))
    near = np.clip(room, -1e9, 1e9)
    near = np.rint(near / np.sqrt(1.0 + (near / FARTHEST) ** 2) * PARTS)
    return np.asarray(np.maximum.accumulate(near - count) + count)
