"""Thin out the training rows of folds, for families that would take too long on all of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rung.core.folds import Folds, Split
from rung.typing import Array


def thin(folds: Folds, most: int) -> Folds:
    """Return folds whose training sets have at most about so many rows; nothing else changes.

    Every row is still predicted by a model that never saw it. Which rows are kept depends on their
    number alone, so that no cell of a held-out row can change a training set.

    Parameters
    ----------
    folds : Folds
        Outer and inner splits.
    most : int
        Rows of the largest training set.

    Returns
    -------
    Folds
        The same object where it is small enough.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> folds = partition_folds(np.arange(1_000) % 5)
    >>> thinned = thin(folds, 200)
    >>> sum(len(split.train) for split in thinned.splits), len(thinned.scored)
    (1000, 1000)
    >>> thin(folds, 800) is folds
    True
    """
    largest = max(len(split.train) for split in folds.splits)
    if largest <= most:
        return folds
    n_kept = math.ceil(folds.n_rows * most / largest)
    kept = np.random.default_rng(folds.n_rows).permutation(folds.n_rows) < n_kept
    return replace(
        folds,
        splits=tuple(
            Split(split.train[kept[split.train]], split.test, split.repeat)
            for split in folds.splits
        ),
        # Each atom falls into two: rows kept, which stand for it, and rows left out.
        atom=2 * folds.atom + ~kept,
        in_train=np.stack([_spread(mask) for mask in folds.in_train]),
        inner_pairs=tuple(
            tuple((_spread(train), _spread(test)) for train, test in pairs)
            for pairs in folds.inner_pairs
        ),
        usable=_spread(folds.train_mask(None)),
    )


def _spread(mask: Array) -> Array:
    out = np.zeros(2 * len(mask), dtype=bool)
    out[::2] = mask
    return out
