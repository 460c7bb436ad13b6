"""Count runs of characters, by sorting whole numbers.

The last n tokens, the oldest in the highest bits, make one 64-bit key. Sorted keys bring equal
runs together, and runs with the same context (all but the last token) next to each other. A run
begins at the boundary at the earliest: nothing is known before it, so a context that holds the
boundary is not extended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from rung.text.passages import Passages
from rung.typing import Array

KEY_BITS = 63
# Distinct runs of one length that are kept at most: 25 MB of a model file.
MOST_GRAMS = 1 << 21


def bits_of(n_tokens: int) -> int:
    """Return the bits that hold one token.

    Examples
    --------
    >>> bits_of(27), bits_of(32), bits_of(33)
    (5, 5, 6)
    """
    return max((n_tokens - 1).bit_length(), 1)


def longest_order(n_tokens: int) -> int:
    """Return the longest run that fits a key.

    Examples
    --------
    >>> longest_order(27), longest_order(66), longest_order(5000)
    (12, 9, 4)
    """
    return KEY_BITS // bits_of(n_tokens)


def gram_keys(passages: Passages, orders: int, bits: int) -> Iterator[tuple[Array, Array]]:
    """Yield, for runs of 1, 2, ... tokens, the key that ends at each token.

    Yields
    ------
    keys : ndarray of uint64, shape (n_tokens,)
        Of the run that ends there.
    whole : ndarray of bool, shape (n_tokens,)
        Whether that run begins at the boundary or after it.

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> found = gram_keys(lines(np.array([1, 2, 0]), np.array([0, 3])), orders=2, bits=2)
    >>> [keys.tolist() for keys, _ in found]
    [[1, 2, 0], [1, 6, 8]]
    """
    offsets = passages.offsets()
    tokens = passages.tokens.astype(np.uint64)
    keys = tokens
    for order in range(1, orders + 1):
        if order > 1:
            older = np.zeros_like(tokens)
            older[order - 1 :] = tokens[: max(len(tokens) - order + 1, 0)]
            older[offsets < order - 1] = 0
            keys = keys | (older << np.uint64(bits * (order - 1)))
        yield keys, offsets >= order - 2


@dataclass(frozen=True)
class Grams:
    """Hold the distinct runs of one length.

    Attributes
    ----------
    order : int
        Tokens of a run.
    bits : int
        Bits of a token in a key.
    keys : ndarray of uint64, shape (n_grams,)
        Strictly rising.
    counts : ndarray of int64, shape (n_grams,)
        How often each was seen.
    """

    order: int
    bits: int
    keys: Array
    counts: Array

    @property
    def contexts(self) -> Array:
        """Keys of all but the last token, one a run, rising."""
        found: Array = self.keys >> np.uint64(self.bits)
        return found

    @property
    def oldest(self) -> Array:
        """First token of each run."""
        found: Array = self.keys >> np.uint64(self.bits * (self.order - 1))
        return found

    def suffixes(self) -> Array:
        """Return the keys of all but the first token, one a run, in no order."""
        found: Array = self.keys & np.uint64((1 << (self.bits * (self.order - 1))) - 1)
        return found


@dataclass
class _Pile:
    """Gather counts of one order; merged when what came in is half of what is there."""

    keys: list[Array] = field(default_factory=list)
    counts: list[Array] = field(default_factory=list)
    n_merged: int = 0
    n_waiting: int = 0

    def add(self, keys: Array) -> None:
        found, counts = np.unique(keys, return_counts=True)
        self.keys.append(found)
        self.counts.append(counts)
        self.n_waiting += len(found)
        if self.n_waiting > max(self.n_merged // 2, MOST_GRAMS // 8):
            self.merge()

    def merge(self) -> None:
        if len(self.keys) != 1:
            keys, counts = add_counts(self.keys, self.counts)
            self.keys, self.counts = [keys], [counts]
        self.n_merged, self.n_waiting = len(self.keys[0]), 0


def add_counts(keys: Sequence[Array], counts: Sequence[Array]) -> tuple[Array, Array]:
    """Add counts of equal keys.

    Examples
    --------
    >>> add_counts([np.array([1, 4]), np.array([2, 4])], [np.array([1, 1]), np.array([5, 2])])
    (array([1, 2, 4]), array([1, 5, 3]))
    """
    joined = np.concatenate(keys) if keys else np.zeros(0, np.uint64)
    weights = np.concatenate(counts) if counts else np.zeros(0, np.int64)
    if not len(joined):
        return joined, weights
    order = np.argsort(joined, kind="stable")
    joined, weights = joined[order], weights[order]
    first = np.flatnonzero(np.concatenate([[True], joined[1:] != joined[:-1]]))
    return joined[first], np.add.reduceat(weights, first)


def count_grams(
    passages: Passages, orders: int, n_tokens: int, *, most: int = MOST_GRAMS
) -> tuple[Grams, ...]:
    """Count all runs of 1 to `orders` tokens, a chunk of the text at a time.

    Parameters
    ----------
    passages : Passages
        What to count.
    orders : int
        Longest run wanted; at most `longest_order(n_tokens)` are counted.
    n_tokens : int
        Tokens of the vocabulary.
    most : int
        Distinct runs of one length that may be kept: a length with more is left out, and so are
        longer ones, which bounds memory whatever the size of the file. Lengths that no passage
        has are left out too.

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> grams = count_grams(lines(np.array([1, 1, 0]), np.array([0, 3])), 2, 2)
    >>> grams[0].counts.tolist(), grams[1].keys.tolist()
    ([1, 2], [1, 2, 3])
    """
    bits = bits_of(n_tokens)
    piles = [_Pile() for _ in range(min(orders, longest_order(n_tokens)))]
    for chunk in passages.chunks():
        for order, (keys, whole) in enumerate(gram_keys(chunk, len(piles), bits)):
            piles[order].add(keys[whole])
            if order and len(piles[order].keys[0]) > most:
                del piles[order:]
                break
    for pile in piles:
        pile.merge()
    n_kept = next((i for i, pile in enumerate(piles) if i and not 0 < pile.n_merged <= most), None)
    return tuple(
        Grams(order, bits, pile.keys[0], pile.counts[0])
        for order, pile in enumerate(piles[:n_kept], start=1)
    )
