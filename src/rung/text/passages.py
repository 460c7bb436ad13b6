"""Lay a text out as passages: the only form in which families see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

CONTEXT_ONLY = -1
CHUNK = 1 << 19


@dataclass(frozen=True)
class Passages:
    """Hold stretches of text that a model reads one by one.

    Before the first token of a passage stands the boundary; nothing before it is known. A line is
    one passage, with the boundary as its last token. In a stream a passage is a run of segments of
    the same part, without a boundary inside.

    Attributes
    ----------
    tokens : ndarray of unsigned int, shape (n_tokens,)
        All passages, back to back.
    starts : ndarray of int64, shape (n_passages + 1,)
        Passage i is `tokens[starts[i]:starts[i + 1]]`; none is empty.
    block_starts : ndarray of int64, shape (n_blocks + 1,)
        Finer cut: each passage is made of whole blocks.
    unit : ndarray of int64, shape (n_blocks,)
        Unit that the losses of a block belong to (a distinct line, a segment); -1 for characters
        that are read and not scored, such as those after a border between parts.
    """

    tokens: Array
    starts: Array
    block_starts: Array
    unit: Array

    @property
    def n_tokens(self) -> int:
        """Tokens of all passages."""
        return len(self.tokens)

    @property
    def n_passages(self) -> int:
        """Number of passages."""
        return len(self.starts) - 1

    @cached_property
    def n_units(self) -> int:
        """Number of units; they are numbered from 0."""
        return int(self.unit.max(initial=-1)) + 1

    @cached_property
    def n_scored(self) -> int:
        """Tokens that belong to a unit."""
        return int(np.diff(self.block_starts)[self.unit >= 0].sum())

    @cached_property
    def lengths(self) -> Array:
        """Tokens of each passage, shape (n_passages,)."""
        return np.diff(self.starts)

    def offsets(self) -> Array:
        """Return each token's place in its passage, from 0, shape (n_tokens,)."""
        found: Array = np.arange(self.n_tokens) - np.repeat(self.starts[:-1], self.lengths)
        return found

    def is_scored(self) -> Array:
        """Tell which tokens belong to a unit, shape (n_tokens,)."""
        return np.repeat(self.unit >= 0, np.diff(self.block_starts))

    def contexts(self, length: int, places: Array | None = None) -> Array:
        """Return the tokens before tokens, oldest first; the boundary where a passage begins.

        Parameters
        ----------
        length : int
            Tokens to look back.
        places : ndarray of int, optional
            Positions of the tokens asked for; all by default.

        Returns
        -------
        ndarray, shape (n_places, length)
            Of the type of `tokens`.

        Examples
        --------
        >>> lines(np.array([3, 5, 0, 4, 0]), np.array([0, 3, 5])).contexts(2).tolist()
        [[0, 0], [0, 3], [3, 5], [0, 0], [0, 4]]
        """
        where = np.arange(self.n_tokens) if places is None else np.asarray(places)
        begin = self.starts[np.searchsorted(self.starts, where, side="right") - 1]
        before = where[:, None] + np.arange(-length, 0)
        inside = before >= begin[:, None]
        found: Array = np.where(inside, self.tokens[np.where(inside, before, 0)], BOUNDARY)
        return found.astype(self.tokens.dtype, copy=False)

    def part(self, first: int, last: int) -> Passages:
        """Return passages `first` to `last - 1`; units keep their numbers."""
        begin, end = int(self.starts[first]), int(self.starts[last])
        low, high = np.searchsorted(self.block_starts, (begin, end))
        return Passages(
            tokens=self.tokens[begin:end],
            starts=self.starts[first : last + 1] - begin,
            block_starts=self.block_starts[low : high + 1] - begin,
            unit=self.unit[low:high],
        )

    def chunks(self, size: int = CHUNK) -> Iterator[Passages]:
        """Yield whole passages, about `size` tokens at a time, so that memory stays bounded."""
        first = 0
        while first < self.n_passages:
            reach = np.searchsorted(self.starts, self.starts[first] + size, side="right") - 1
            last = min(max(int(reach), first + 1), self.n_passages)
            yield self.part(first, last)
            first = last

    def sum_by_unit(self, losses: Array) -> Array:
        """Return nats and characters of every unit, shape (n_units, 2).

        Parameters
        ----------
        losses : ndarray, shape (n_tokens,)
            Minus the log probability of every token.
        """
        sums = np.add.reduceat(losses, self.block_starts[:-1]) if len(self.unit) else losses[:0]
        scored = self.unit >= 0
        unit, sizes = self.unit[scored], np.diff(self.block_starts)[scored]
        n_units = self.n_units
        nats = np.bincount(unit, weights=sums[scored], minlength=n_units)
        return np.column_stack([nats, np.bincount(unit, weights=sizes, minlength=n_units)])


def lines(tokens: Array, starts: Array, unit: Array | None = None) -> Passages:
    """Return passages that are one block each, as lines are; by default each its own unit.

    Examples
    --------
    >>> lines(np.array([1, 0, 2, 0]), np.array([0, 2, 4])).n_units
    2
    """
    starts = np.asarray(starts, dtype=np.int64)
    own = np.arange(len(starts) - 1) if unit is None else np.asarray(unit, dtype=np.int64)
    return Passages(tokens, starts, starts, own)
