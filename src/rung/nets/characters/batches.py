"""Lay passages of text out in rows of equal length; numpy only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

UNSCORED = -1
ROWS_AT_ONCE = 128
# Places that look at one another, in all rows and heads.
PAIRS_AT_ONCE = 1 << 26


@dataclass(frozen=True)
class CharacterRows:
    """Hold places to read and what follows each; all arrays have shape (n_rows, n_places).

    Attributes
    ----------
    tokens : ndarray of int64
        What is read: the boundary where a passage begins, then its tokens but the last.
    targets : ndarray of int64
        The token that follows; `UNSCORED` where it is not to be learned.
    documents : ndarray of int64
        The passage that each place belongs to; no place looks into another.
    """

    tokens: Array
    targets: Array
    documents: Array

    def take(self, rows: Array) -> CharacterRows:
        """Return some of the rows."""
        return CharacterRows(self.tokens[rows], self.targets[rows], self.documents[rows])

    def __len__(self) -> int:
        return len(self.tokens)


def read_before(passages: Passages) -> Array:
    """Return what a model has read last before each token, shape (n_tokens,), int64."""
    read = np.empty(passages.n_tokens, dtype=np.int64)
    read[1:] = passages.tokens[:-1]
    read[passages.starts[:-1]] = BOUNDARY
    return read


def pack(passages: Passages, order: Array, places: int) -> CharacterRows:
    """Lay passages end to end and cut them into rows, each place seeing its own passage only.

    The rest of a passage that a cut parts from its beginning is not learned, unless the passage is
    longer than a row.

    Parameters
    ----------
    passages : Passages
        The text.
    order : ndarray of int
        Passages to lay out, in this order.
    places : int
        Length of a row.

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> two = lines(np.array([5, 6, 0, 7, 0]), np.array([0, 3, 5]))
    >>> rows = pack(two, np.array([0, 1]), 5)
    >>> rows.tokens.tolist(), rows.targets.tolist()
    ([[0, 5, 6, 0, 7]], [[5, 6, 0, 7, 0]])
    """
    lengths = passages.lengths[order]
    ends = np.cumsum(lengths)
    total = int(ends[-1])
    document = np.repeat(np.arange(len(order)), lengths)
    offset = np.arange(total) - np.repeat(ends - lengths, lengths)
    source = np.repeat(passages.starts[:-1][order], lengths) + offset

    n_rows = -(-total // places)
    spare = n_rows * places - total
    shape = (n_rows, places)
    rows = CharacterRows(
        np.pad(_read(passages, source, offset), (0, spare)).reshape(shape),
        np.pad(
            passages.tokens[source].astype(np.int64), (0, spare), constant_values=UNSCORED
        ).reshape(shape),
        np.pad(document, (0, spare), constant_values=len(order)).reshape(shape),
    )
    first = np.arange(n_rows) * places
    parted = (offset[first] > 0) & (lengths[document[first]] <= places)
    rows.targets[parted[:, None] & (rows.documents == rows.documents[:, :1])] = UNSCORED
    return rows


def _read(passages: Passages, places: Array, offset: Array) -> Array:
    """Return what was read last before some tokens, given their places in their passages."""
    before = passages.tokens[np.maximum(places - 1, 0)].astype(np.int64)
    return np.where(offset == 0, BOUNDARY, before)


def windows(
    passages: Passages, places: int, rng: np.random.Generator, *, most: int | None = None
) -> CharacterRows:
    """Cut long passages into windows, from a random offset, in random order.

    Passages shorter than a window are left out.

    Parameters
    ----------
    passages : Passages
        The text.
    places : int
        Length of a window.
    rng : numpy.random.Generator
        Draws offsets and order.
    most : int, optional
        Rows wanted; the others of a long text are never laid out.
    """
    firsts = []
    for low, high in zip(passages.starts[:-1], passages.starts[1:], strict=True):
        slack = int(high - low) - places
        if slack >= 0:
            offset = int(rng.integers(min(places, slack + 1)))
            firsts.append(np.arange(low + offset, high - places + 1, places))
    chosen = rng.permutation(np.concatenate(firsts))[:most]
    index = chosen[:, None] + np.arange(places)
    targets = passages.tokens[index].astype(np.int64)
    before = passages.tokens[np.maximum(chosen - 1, 0)].astype(np.int64)
    before[np.isin(chosen, passages.starts)] = BOUNDARY
    tokens = np.concatenate([before[:, None], targets[:, :-1]], axis=1)
    return CharacterRows(tokens, targets, np.zeros_like(index))


@dataclass(frozen=True)
class Stretch:
    """Hold equally long stretches of text to be read at once.

    Attributes
    ----------
    tokens, targets : ndarray of int64, shape (n_rows, n_places)
        What is read and what follows.
    places : ndarray of int64, shape (n_rows, n_places)
        Where the targets stand in the text; -1 for places that only give context.
    """

    tokens: Array
    targets: Array
    places: Array


def stretches(passages: Passages, context: int, *, heads: int = 0) -> Iterator[Stretch]:
    """Yield every token of a text once, each with at least half a context before it.

    Passages that are no longer than a context are read whole; longer ones in windows that overlap
    by half.

    Parameters
    ----------
    passages : Passages
        The text.
    context : int
        Longest stretch a model reads.
    heads : int, default 0
        Of attention, which compares all places of a stretch: the more, the fewer rows at once.
    """
    step = max(1, context // 2)
    lengths = passages.lengths
    n_windows = 1 + np.maximum(0, -(-(lengths - context) // step))
    passage = np.repeat(np.arange(len(lengths)), n_windows)
    turn = np.arange(len(passage)) - np.repeat(np.cumsum(n_windows) - n_windows, n_windows)
    offset = turn * step
    begin = passages.starts[:-1][passage] + offset
    size = np.minimum(lengths[passage] - offset, context)
    done = np.where(turn > 0, passages.starts[:-1][passage] + offset - step + context, begin)
    read = read_before(passages)
    for length in np.unique(size):
        same = np.flatnonzero(size == length)
        n_pairs = max(heads * int(length) ** 2, 1)
        at_once = max(min(PAIRS_AT_ONCE // n_pairs, ROWS_AT_ONCE), 1)
        for start in range(0, len(same), at_once):
            some = same[start : start + at_once]
            index = begin[some, None] + np.arange(length)
            targets = passages.tokens[index].astype(np.int64)
            yield Stretch(read[index], targets, np.where(index >= done[some, None], index, -1))
