"""Find the rows that trees may grow on so that they serve two folds at once.

A tree that saw neither fold i nor fold j may predict both. Forests average trees of parts of the
rows anyway, so a part that leaves out two folds costs them nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rung.core.folds import Folds, Split
from rung.typing import Array

# Folds around each that it is paired with, on either side.
REACH = 2
# Share of distinct rows in a bootstrap: 1 - 1 / e.
BAG = 0.632
# What trees are asked, and for which split.
Question: TypeAlias = tuple[Literal["held", "choosing"], int]


@dataclass(frozen=True)
class SharedRows:
    """Hold rows to grow on.

    Attributes
    ----------
    train : ndarray of int, shape (n_train,)
        Rows.
    serves : tuple of int
        Splits that hold none of them out.
    share : float
        Share of the rows that a tree sees, drawn without replacement; 0 for a bootstrap.
    """

    train: Array
    serves: tuple[int, ...]
    share: float = 0.0


def shared_rows(folds: Folds) -> tuple[SharedRows, ...]:
    """Return the rows that serve each split: of pairs of folds where they nest, else training sets.

    Each fold is paired with the two before and the two after it, so four sets of rows serve it, and
    a tree of them sees as many rows as a bootstrap of the fold's whole training set would hold.
    Where the rest would be too small for that, with three folds, or has no such form, with folds
    by time, each training set serves its own split.

    Parameters
    ----------
    folds : Folds
        Outer splits and what nests in them.

    Examples
    --------
    >>> import numpy as np
    >>> from rung.core.folds import partition_folds
    >>> found = shared_rows(partition_folds(np.arange(10) % 5))
    >>> len(found), found[0].serves, found[0].train.tolist(), round(found[0].share, 2)
    (10, (0, 1), [2, 3, 4, 7, 8, 9], 0.84)
    >>> [shared.serves for shared in shared_rows(partition_folds(np.arange(6) % 3))]
    [(0,), (1,), (2,)]
    """
    paired = _pairs(folds)
    if paired and all(shared.share <= 1.0 for shared in paired):
        return paired
    return tuple(SharedRows(split.train, (i,)) for i, split in enumerate(folds.splits))


def serving(found: Sequence[SharedRows], split: int) -> tuple[int, ...]:
    """Return which of these sets serve a split."""
    return tuple(number for number, shared in enumerate(found) if split in shared.serves)


@dataclass(frozen=True)
class AskedRows:
    """Say which rows trees are asked about: those at `places` of the rows of a question."""

    rows: Array
    places: Array


def questions(
    folds: Folds, choosing: Sequence[Sequence[Split]], shared: SharedRows, splits: Sequence[int]
) -> dict[Question, AskedRows]:
    """Return the rows that trees on shared rows predict, none of which they have seen.

    Those that a split holds out; and those that its choosing split holds out beside them, as far
    as the shared rows leave them out. Where a choosing split holds out two more folds, trees that saw
    neither the split's own nor one of the two speak of that one.

    Parameters
    ----------
    folds : Folds
        Outer splits.
    choosing : sequence of sequence of Split
        Of each split, as `rung.core.fold_searches.choosing_splits` gives them.
    shared : SharedRows
        Where the trees grow.
    splits : sequence of int
        Whom they serve.
    """
    asked: dict[Question, AskedRows] = {}
    for i in splits:
        held = folds.splits[i].test
        asked["held", i] = AskedRows(held, np.arange(len(held)))
        for own in choosing[i]:
            if np.isin(own.train, shared.train).all():
                places = np.flatnonzero(~np.isin(own.test, shared.train))
                asked["choosing", i] = AskedRows(own.test[places], places)
    return {question: each for question, each in asked.items() if len(each.rows)}


def whole(
    n_rows: int, n_outputs: int, said: Sequence[tuple[AskedRows, int, Array]]
) -> tuple[Array, Array]:
    """Return what trees said of the rows of a question, as a mean over trees, and how many spoke.

    Parameters
    ----------
    n_rows, n_outputs : int
        Rows of the question; columns of a prediction.
    said : sequence of (AskedRows, int, ndarray of shape (n_asked, n_outputs))
        Which rows were asked of how many trees, and their mean.

    Returns
    -------
    mean : ndarray, shape (n_rows, n_outputs)
        Zeros for a row of which no tree spoke.
    n_trees : ndarray of int, shape (n_rows,)
        How many did.

    Examples
    --------
    >>> one = AskedRows(np.array([7, 9]), np.array([0, 1])), 2, np.array([[1.0], [3.0]])
    >>> other = AskedRows(np.array([9]), np.array([1])), 1, np.array([[0.0]])
    >>> mean, n_trees = whole(2, 1, [one, other])
    >>> mean.tolist(), n_trees.tolist()
    ([[1.0], [2.0]], [2, 3])
    """
    total, count = np.zeros((n_rows, n_outputs)), np.zeros(n_rows, dtype=np.int64)
    for asked, n_trees, given in said:
        total[asked.places] += n_trees * given
        count[asked.places] += n_trees
    return total / np.maximum(count, 1)[:, None], count


def _pairs(folds: Folds) -> tuple[SharedRows, ...]:
    """Return the shared rows of pairs of folds that hold out each other; none if one has no pair."""
    nested = [
        {(train.tobytes(), test.tobytes()): train for train, test in folds.inner_pairs[i]}
        for i in range(len(folds.splits))
    ]
    found, usable = [], folds.train_mask(None)
    for i, split in enumerate(folds.splits):
        for j in range(i + 1, len(folds.splits)):
            if folds.splits[j].repeat != split.repeat or _distance(i, j, folds.n_folds) > REACH:
                continue
            left, right = usable & ~folds.in_train[i], usable & ~folds.in_train[j]
            both = folds.in_train[i] & folds.in_train[j]
            here, there = (both.tobytes(), right.tobytes()), (both.tobytes(), left.tobytes())
            if here not in nested[i] or there not in nested[j]:
                return ()
            train = folds.atom_rows(both)
            n_bagged = BAG * (len(split.train) + len(folds.splits[j].train)) / 2
            found.append(SharedRows(train, (i, j), n_bagged / len(train)))
    return tuple(found)


def _distance(one: int, other: int, n_folds: int) -> int:
    """Return how far two folds of one repeat lie apart on a circle."""
    step = (other - one) % n_folds
    return min(step, n_folds - step)
