"""Find the rows that trees may grow on so that they serve two folds at once.

A tree that saw neither fold i nor fold j may speak of both. Forests average trees of parts of the
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


def grounds(folds: Folds) -> tuple[SharedRows, ...]:
    """Return the grounds of all splits: pairs of folds where they nest, else training sets.

    Each fold is paired with the two before and the two after it, so four grounds serve it, and a
    tree of them sees as many rows as a bootstrap of the fold's whole training set would hold.
    Where the rest would be too small for that, with three folds, or has no such form, with folds
    by time, each training set is a ground of its own.

    Parameters
    ----------
    folds : Folds
        Outer splits and what nests in them.

    Examples
    --------
    >>> import numpy as np
    >>> from rung.core.folds import partition_folds
    >>> found = grounds(partition_folds(np.arange(10) % 5))
    >>> len(found), found[0].serves, found[0].train.tolist(), round(found[0].share, 2)
    (10, (0, 1), [2, 3, 4, 7, 8, 9], 0.84)
    >>> [ground.serves for ground in grounds(partition_folds(np.arange(6) % 3))]
    [(0,), (1,), (2,)]
    """
    paired = _pairs(folds)
    if paired and all(ground.share <= 1.0 for ground in paired):
        return paired
    return tuple(SharedRows(split.train, (i,)) for i, split in enumerate(folds.splits))


def serving(found: Sequence[SharedRows], split: int) -> tuple[int, ...]:
    """Return which grounds serve a split."""
    return tuple(number for number, ground in enumerate(found) if split in ground.serves)


def questions(
    folds: Folds, choosing: Sequence[Sequence[Split]], ground: SharedRows, splits: Sequence[int]
) -> dict[Question, Array]:
    """Return the rows that trees of a ground are asked about, none of which they have seen.

    Those that a split holds out; and, where the ground is what a choosing split of it learns from,
    the rows that are held out there.

    Parameters
    ----------
    folds : Folds
        Outer splits.
    choosing : sequence of sequence of Split
        Of each split, as `rung.core.fold_searches.choosing_splits` gives them.
    ground : SharedRows
        Where the trees grow.
    splits : sequence of int
        Whom they serve.
    """
    asked: dict[Question, Array] = {("held", i): folds.splits[i].test for i in splits}
    for i in splits:
        for own in choosing[i]:
            if np.array_equal(own.train, ground.train):
                asked["choosing", i] = own.test
    return asked


def _pairs(folds: Folds) -> tuple[SharedRows, ...]:
    """Return the grounds of pairs of folds that hold out each other; none if one has no pair."""
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
