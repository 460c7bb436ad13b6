"""Choose the stretches of training text on which finished networks are looked into; numpy only."""

from __future__ import annotations

import numpy as np

from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

# One sample for every network and run, whatever the seed of the run.
SEED = 0
CHARACTERS_READ = 2_048


def sample_places(train: Passages) -> Array:
    """Draw characters of a text, in their order; shape (n_drawn,), int64.

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> sample_places(lines(np.array([1, 2, 0]), np.array([0, 3]))).tolist()
    [0, 1, 2]
    """
    return np.sort(_drawn(train))


def sample_stretches(train: Passages, context: int) -> list[tuple[Array, Array]]:
    """Draw stretches that one context holds, those of equal length together.

    Parameters
    ----------
    train : Passages
        The text.
    context : int
        Longest stretch a network reads.

    Returns
    -------
    list of tuple of ndarray of int64, each (n_rows, n_places)
        What is read and what follows; about `CHARACTERS_READ` of them in all.

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> ((read, follows),) = sample_stretches(lines(np.array([1, 2, 0]), np.array([0, 3])), 8)
    >>> read.tolist(), follows.tolist()
    ([[0, 1, 2]], [[1, 2, 0]])
    """
    drawn = _drawn(train)
    passage = np.searchsorted(train.starts, drawn, side="right") - 1
    low = train.starts[:-1][passage]
    begin = low + (drawn - low) // context * context
    _, first = np.unique(begin, return_index=True)
    first = np.sort(first)  # in the order drawn
    begin, end = begin[first], np.minimum(begin + context, train.starts[1:][passage])[first]
    sizes = end - begin
    n_taken = 1 + int(np.searchsorted(np.cumsum(sizes), CHARACTERS_READ))
    begin, sizes = begin[:n_taken], sizes[:n_taken]
    return [
        _read(train, np.sort(begin[sizes == size])[:, None] + np.arange(size))
        for size in np.unique(sizes)
    ]


def _drawn(train: Passages) -> Array:
    rng = np.random.default_rng(SEED)
    return rng.choice(train.n_tokens, size=min(CHARACTERS_READ, train.n_tokens), replace=False)


def _read(train: Passages, places: Array) -> tuple[Array, Array]:
    before = train.tokens[np.maximum(places - 1, 0)].astype(np.int64)
    before[np.isin(places, train.starts)] = BOUNDARY
    return before, train.tokens[places].astype(np.int64)
