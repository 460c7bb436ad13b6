"""Find what folds may search for together: rows that both train on, judged by each for the other.

What is learned without folds i and j speaks of both. Rows of j judge it for fold i and rows of i
for fold j, so that neither choice knows the rows it will be tested on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.fold_partners import group_folds
from rung.core.folds import Folds, Split
from rung.errors import NotApplicable
from rung.typing import Array


@dataclass(frozen=True)
class Search:
    """Hold rows to learn from, and the held-out rows of each judge.

    Attributes
    ----------
    train : ndarray of int, shape (n_train,)
        Rows of every training set that the search serves.
    tests : tuple of ndarray of int
        Rows of each judge, none of them in `train`.
    """

    train: Array
    tests: tuple[Array, ...]

    @property
    def key(self) -> str:
        """Name the search by its training rows, whoever judges: 16 hexadecimal digits."""
        return hashlib.blake2b(self.train.astype("<i8").tobytes(), digest_size=8).hexdigest()

    @property
    def whole(self) -> float:
        """Rows of a whole training set, as a multiple of those that are learned from here."""
        held = float(np.mean([len(test) for test in self.tests]))
        return 1.0 + held / len(self.train)


def share_searches(
    inner: Sequence[Sequence[Split]],
) -> tuple[tuple[Search, ...], tuple[tuple[tuple[int, int], ...], ...]]:
    """Merge inner splits that learn from the same rows.

    Parameters
    ----------
    inner : sequence of sequence of Split
        The inner splits on which each split chooses.

    Returns
    -------
    searches : tuple of Search
        One for each set of training rows.
    homes : tuple of tuple of (int, int)
        For each split and each of its inner splits, the search and the judge in it.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> folds = partition_folds(np.arange(8) % 4)
    >>> searches, homes = share_searches([folds.inner(i)[:1] for i in range(4)])
    >>> [each.train.tolist() for each in searches], homes
    ([[2, 3, 6, 7], [0, 1, 4, 5]], (((0, 0),), ((0, 1),), ((1, 0),), ((1, 1),)))
    >>> searches[0].tests[0].tolist(), searches[0].tests[1].tolist()
    ([1, 5], [0, 4])
    """
    found: dict[bytes, dict[bytes, Split]] = {}
    for split in (split for own in inner for split in own):
        found.setdefault(split.train.tobytes(), {})[split.test.tobytes()] = split
    places = {
        (train, test): (number, judge)
        for number, (train, tests) in enumerate(found.items())
        for judge, test in enumerate(tests)
    }
    searches = tuple(
        Search(next(iter(tests.values())).train, tuple(each.test for each in tests.values()))
        for tests in found.values()
    )
    homes = tuple(
        tuple(places[split.train.tobytes(), split.test.tobytes()] for split in own) for own in inner
    )
    return searches, homes


def choosing_splits(folds: Folds) -> tuple[tuple[Split, ...], ...]:
    """Return the one inner split on which costly families choose for each split; none if none is.

    It leaves out what a blend takes out together: below ten folds a fold and its partner, from
    ten on three folds. Then four searches do what five did, each judge has the rows of two folds,
    and what a search says of them gives the blend its shares.

    Parameters
    ----------
    folds : Folds
        Of a run.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> choosing_splits(partition_folds(np.arange(10)))[0][0].test.tolist()
    [1, 2]
    """
    try:
        grouped = group_folds(folds)
    except NotApplicable:
        return tuple(folds.inner(number)[:1] for number in range(len(folds.splits)))
    return tuple(
        (Split(grouped.folds.splits[number].train, grouped.rows(split)),)
        for split, (number, _) in enumerate(grouped.places)
    )
