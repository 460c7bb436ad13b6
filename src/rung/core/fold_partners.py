"""Take folds out together, so that what is learned without them serves each of them.

A blend learns its shares on what one model says of several folds that it has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.folds import Folds, Split
from rung.errors import NotApplicable
from rung.typing import Array

MANY_FOLDS = 10


@dataclass(frozen=True)
class GroupedFolds:
    """Hold folds that leave out several folds of a run each, and where each split of it looks.

    Attributes
    ----------
    folds : Folds
        One split for each training set.
    places : tuple of (int, ndarray of int)
        For each split of the run: the split of `folds` that trained without it, and the positions
        in that split's test rows of those that it learns shares on.
    """

    folds: Folds
    places: tuple[tuple[int, Array], ...]

    def rows(self, split: int) -> Array:
        """Return the rows that a split of the run learns its shares on."""
        number, positions = self.places[split]
        return np.asarray(self.folds.splits[number].test[positions])

    def of(self, predictions: Sequence[Array], split: int) -> Array:
        """Return what was predicted for these rows, from the predictions of all `folds`."""
        number, positions = self.places[split]
        return np.asarray(predictions[number][positions])


def group_folds(folds: Folds) -> GroupedFolds:
    """Make the folds that a blend learns its shares on.

    Folds are taken out in groups of two, of three where there are ten or more. One model without
    folds i, j and l serves all three: what it predicts for j and l gives the shares for i, and so
    on. Where folds do not leave each other's rows in their training sets (an order in time), each
    is taken out with the first fold that nests in its training set.

    Parameters
    ----------
    folds : Folds
        The folds of a run.

    Returns
    -------
    GroupedFolds
        Inner splits lie inside the training sets.

    Raises
    ------
    NotApplicable
        If a training set is too small to be divided twice more.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> grouped = group_folds(partition_folds(np.arange(8) % 4))
    >>> grouped.folds.splits[0].test.tolist(), grouped.folds.splits[0].train.tolist()
    ([0, 1, 4, 5], [2, 3, 6, 7])
    >>> grouped.rows(0).tolist(), grouped.rows(1).tolist()
    ([1, 5], [0, 4])
    """
    held = [_atoms_of(folds, split.test) for split in folds.splits]
    made: list[_Group] = []
    home: dict[int, int] = {}
    for i in range(len(folds.splits)):
        if i not in home:
            made.append(_group_of(folds, held, i))
            home |= {j: len(made) - 1 for j in made[-1].members if j not in home}
    splits = tuple(
        Split(folds.atom_rows(one.train), folds.atom_rows(one.test), one.repeat) for one in made
    )
    inner = (*(one.inner for one in made), folds.inner_pairs[-1])
    masks = np.array([one.train for one in made])
    places = tuple(
        (home[i], np.flatnonzero(~np.isin(splits[home[i]].test, split.test)))
        for i, split in enumerate(folds.splits)
    )
    return GroupedFolds(Folds(splits, folds.atom, masks, inner, folds.kind), places)


@dataclass(frozen=True)
class _Group:
    """Folds taken out together: masks of atoms, and the inner splits that remain."""

    members: tuple[int, ...]
    train: Array
    test: Array
    inner: tuple[tuple[Array, Array], ...]
    repeat: int


def _atoms_of(folds: Folds, rows: Array) -> Array:
    """Return the atoms that rows belong to, as a mask; (n_atoms,)."""
    mask = np.zeros(folds.n_atoms, dtype=bool)
    mask[folds.atom[rows]] = True
    return mask


def _group_of(folds: Folds, held: Sequence[Array], i: int) -> _Group:
    """Take out fold i with those that follow it, or with the first that nests in its training."""
    repeat = folds.splits[i].repeat
    own = [j for j, split in enumerate(folds.splits) if split.repeat == repeat]
    size, place = 3 if len(own) >= MANY_FOLDS else 2, own.index(i)
    members = tuple(own[(place + step) % len(own)] for step in range(size))
    n_held = np.sum([held[j] for j in members], axis=0)
    is_whole = all((folds.in_train[j] ^ held[j]).all() for j in members)
    train = np.logical_and.reduce([folds.in_train[j] for j in members])
    inner = _inside(folds, i, train)
    if not inner or not is_whole or n_held.max() > 1:
        train, test = folds.inner_pairs[i][0]
        inner = _inside(folds, i, train)
        members, n_held = (i,), test
    if not inner:
        raise NotApplicable("a blend needs four folds or more to learn its weights on")
    return _Group(members, train, n_held > 0, inner, repeat)


def _inside(folds: Folds, i: int, train: Array) -> tuple[tuple[Array, Array], ...]:
    """Return the inner splits of split i as they are inside a smaller training set."""
    pairs = ((a & train, b) for a, b in folds.inner_pairs[i] if not (b & ~train).any())
    return tuple((a, b) for a, b in pairs if a.any())
