"""Show what a finding about groups rests on: the valleys of each half, counted on the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.groups.count import Grouping, Half
from rung.groups.nearest import likeliest_components
from rung.groups.valleys import Valley
from rung.typing import Array

MOST_ROWS = 5_000
TINY = 1e-300


@dataclass(frozen=True)
class ValleyShown:
    """A valley as a page shows it.

    Attributes
    ----------
    sides : tuple of int
        Groups, from 1, of most rows on either side; equal where one group has both.
    beside, between : tuple of int, int
        Rows in the windows on either side, and in the emptiest one between.
    place : float
        The middle of that: 0 at the one side, 1 at the other.
    counts : tuple of int
        Rows in bins along the way.
    level : float
        Chance of so few rows between if the density did not fall there.
    parts : bool
        Whether it parts groups of this half; others are filled by too many rows.
    """

    sides: tuple[int, int]
    beside: tuple[int, int]
    between: int
    place: float
    counts: tuple[int, ...]
    level: float
    parts: bool


@dataclass(frozen=True)
class HalfShown:
    """What the model of one half of the rows shows, tested on the other half.

    Attributes
    ----------
    k : int
        Groups.
    rows : int
        Rows that the valleys were counted on.
    level : float
        Chance of valleys as empty as these without groups.
    valleys : tuple of ValleyShown
        Those that part groups first, the deepest first.
    """

    k: int
    rows: int
    level: float
    valleys: tuple[ValleyShown, ...]


def find_evidence(grouping: Grouping, X: Array) -> tuple[HalfShown, ...]:
    """Return what each half shows, in words of the groups of all rows.

    Parameters
    ----------
    grouping : Grouping
        From `find_groups`.
    X : ndarray, shape (n_rows, n_columns)
        The rows that it was found in.

    Examples
    --------
    >>> from rung.groups.count import find_groups
    >>> X = np.concatenate(
    ...     [np.random.default_rng(0).normal(size=(99, 1)) + [[6 * k]] for k in (0, 1)]
    ... )
    >>> first = find_evidence(find_groups(X), X)[0]
    >>> first.k, first.rows, sorted(first.valleys[0].sides)
    (2, 99, [1, 2])
    """
    part = np.arange(len(X))[:: -(-len(X) // MOST_ROWS)]
    return tuple(_half(half, grouping, X[part], grouping.labels[part]) for half in grouping.halves)


def _half(half: Half, grouping: Grouping, X: Array, labels: Array) -> HalfShown:
    component = likeliest_components(half.mixture, X)
    table = np.zeros((half.mixture.n_components, grouping.k))
    np.add.at(table, (component, labels), 1)
    name = table.argmax(axis=1) + 1
    found = sorted(half.valleys.items(), key=lambda one: (one[1].is_filled, one[1].depth))
    return HalfShown(
        half.k,
        len(half.held),
        half.level,
        tuple(_valley(one, (int(name[a]), int(name[b]))) for (a, b), one in found),
    )


def _valley(one: Valley, sides: tuple[int, int]) -> ValleyShown:
    return ValleyShown(
        sides, one.beside, one.between, one.place, one.counts, one.level, not one.is_filled
    )


def telling_half(halves: tuple[HalfShown, ...], k: int, level: float) -> int:
    """Return which half to show: it shows the number claimed, at the level nearest to the median.

    Examples
    --------
    >>> two, three = HalfShown(2, 9, 0.01, ()), HalfShown(3, 9, 1e-9, ())
    >>> telling_half((two, three), 3, 0.005)
    1
    """

    def far(which: int) -> tuple[int, float]:
        gap = abs(np.log(halves[which].level + TINY) - np.log(level + TINY))
        return abs(halves[which].k - k), float(gap)

    return min(range(len(halves)), key=far)
