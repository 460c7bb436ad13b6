"""Leave out three folds at a time, so that one search serves three of them.

To judge settings for each of k folds on all others takes a training set for each pair of folds,
k (k - 1) / 2 of them. Each pair lies in one of k triples of folds, if it lies near enough: ten
training sets do what forty-five did, and judge on two thirds of the rows.
"""

from __future__ import annotations

import numpy as np

from rung.core.folds import Folds, Split
from rung.typing import Array

# Distances of the folds of a triple from its first: their differences, 1, 2 and 3 either way, are
# distinct among seven folds or more, so that no two folds meet twice.
STEPS = (0, 1, 3)
FEWEST_FOLDS = 7


def judging_splits(folds: Folds) -> tuple[tuple[Split, ...], ...]:
    """Return the inner splits on which families that try many settings judge them for each split.

    With seven folds or more, of which each trains on all rows of the others: three that leave out
    three folds each, the split's own among them, and judge on the other two. Else all there are.

    Parameters
    ----------
    folds : Folds
        Of a run.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> for split in judging_splits(partition_folds(np.arange(7)))[0]:
    ...     print(split.train.tolist(), split.test.tolist())
    [2, 4, 5, 6] [1, 3]
    [1, 2, 3, 6] [4, 5]
    [1, 3, 4, 5] [2, 6]
    """
    everywhere = range(len(folds.splits))
    triples = _triples(folds)
    if not triples:
        return tuple(folds.inner(split) for split in everywhere)
    held = [_held(folds, split) for split in everywhere]
    return tuple(
        tuple(_inner(folds, held, triple, split) for triple in triples if split in triple)
        for split in everywhere
    )


def _inner(folds: Folds, held: list[Array], triple: tuple[int, ...], split: int) -> Split:
    train = np.logical_and.reduce([folds.in_train[each] for each in triple])
    test = np.logical_or.reduce([held[each] for each in triple if each != split])
    return Split(folds.atom_rows(train), folds.atom_rows(test), folds.splits[split].repeat)


def _triples(folds: Folds) -> list[tuple[int, ...]]:
    """Return triples of splits of one repeat; none where folds are few, or do not nest."""
    found = []
    for repeat in range(folds.n_repeats):
        own = [i for i, split in enumerate(folds.splits) if split.repeat == repeat]
        held = [_held(folds, i) for i in own]
        is_whole = all(
            (folds.in_train[i] ^ atoms).all() for i, atoms in zip(own, held, strict=True)
        )
        if len(own) < FEWEST_FOLDS or not is_whole or np.sum(held, axis=0).max() > 1:
            return []
        found += [tuple(own[(i + step) % len(own)] for step in STEPS) for i in range(len(own))]
    return found


def _held(folds: Folds, split: int) -> Array:
    """Return the atoms that a split holds out, as a mask; (n_atoms,)."""
    mask = np.zeros(folds.n_atoms, dtype=bool)
    mask[folds.atom[folds.splits[split].test]] = True
    return mask
