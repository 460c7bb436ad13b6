"""Turn a file's characters, a block at a time, into one array of tokens."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rung.text.vocabulary import BOUNDARY, Vocabulary, find_vocabulary
from rung.typing import Array

NEWLINE = 10
N_CODE_POINTS = 0x110000
# Arrays from this size on live in a temporary file that the system may page out.
LARGE_BYTES = 1 << 26

Blocks = Callable[[], Iterable[Array]]
Kind = Literal["lines", "stream"]


@dataclass(frozen=True)
class Survey:
    """What one pass over a text finds.

    Attributes
    ----------
    n_characters, n_ends, n_lines, n_blank : int
        Characters with line ends; line ends; lines that hold characters; lines that hold none.
    longest : int
        Characters of the longest line.
    n_spaces : int
        Blanks inside lines.
    code_points : ndarray, shape (n_distinct,)
        Distinct characters, rising.
    """

    n_characters: int
    n_ends: int
    n_lines: int
    n_blank: int
    longest: int
    n_spaces: int
    code_points: Array

    def vocabulary(self, kind: Kind) -> Vocabulary:
        """Return the vocabulary; a line's end is the boundary and no character."""
        if kind == "stream":
            return find_vocabulary(self.code_points, ends=False)
        return find_vocabulary(self.code_points[self.code_points != NEWLINE], ends=True)


def survey(blocks: Blocks) -> Survey:
    """Look at every character once.

    Examples
    --------
    >>> found = survey(lambda: [np.array([97, 98, 10, 10, 99])])
    >>> found.n_lines, found.n_blank, found.longest, found.n_characters
    (2, 1, 2, 5)
    """
    present = np.zeros(N_CODE_POINTS, dtype=bool)
    n_characters = n_ends = n_lines = n_blank = longest = n_spaces = 0
    open_line = 0
    for block in blocks():
        present[block] = True
        ends = np.flatnonzero(block == NEWLINE)
        lengths = np.diff(ends, prepend=-1) - 1
        if len(ends):
            lengths[0] += open_line
            open_line = len(block) - 1 - int(ends[-1])
        else:
            open_line += len(block)
        n_lines += int((lengths > 0).sum())
        n_blank += int((lengths == 0).sum())
        longest = max(longest, open_line, int(lengths.max(initial=0)))
        n_spaces += int((block == ord(" ")).sum())
        n_characters += len(block)
        n_ends += len(ends)
    n_lines += int(open_line > 0)
    return Survey(
        n_characters, n_ends, n_lines, n_blank, longest, n_spaces, np.flatnonzero(present)
    )


def new_array(n: int, dtype: np.dtype[np.unsignedinteger]) -> Array:
    """Return an array; a large one lies in a temporary file that goes with it."""
    if n * dtype.itemsize < LARGE_BYTES:
        return np.empty(n, dtype=dtype)
    with tempfile.TemporaryFile(prefix="rung-") as file:
        file.truncate(n * dtype.itemsize)
        return np.memmap(file, dtype=dtype, mode="r+", shape=(n,))


def encode_stream(blocks: Blocks, found: Survey, vocabulary: Vocabulary) -> Array:
    """Return the tokens of the whole text."""
    tokens = new_array(found.n_characters, vocabulary.dtype)
    place = 0
    for block in blocks():
        tokens[place : place + len(block)] = vocabulary.tokens_of(block)
        place += len(block)
    return tokens


def encode_lines(blocks: Blocks, found: Survey, vocabulary: Vocabulary) -> tuple[Array, Array]:
    """Return the tokens of all lines that hold characters, each ended by the boundary.

    Returns
    -------
    tokens : ndarray of unsigned int, shape (n_tokens,)
        Lines, back to back.
    starts : ndarray of int64, shape (n_lines + 1,)
        Where each begins.

    Examples
    --------
    >>> blocks = lambda: [np.array([98, 10, 10]), np.array([97, 98])]
    >>> seen = survey(blocks)
    >>> encode_lines(blocks, seen, seen.vocabulary("lines"))
    (array([2, 0, 1, 2, 0], dtype=uint8), array([0, 2, 5]))
    """
    n_inside = found.n_characters - found.n_ends
    tokens = new_array(n_inside + found.n_lines, vocabulary.dtype)
    place, last = 0, BOUNDARY
    for block in blocks():
        coded = np.where(block == NEWLINE, BOUNDARY, vocabulary.tokens_of(block))
        before = np.concatenate([[last], coded[:-1]]) if len(coded) else coded
        kept = coded[(coded != BOUNDARY) | (before != BOUNDARY)]
        tokens[place : place + len(kept)] = kept
        place += len(kept)
        last = int(coded[-1]) if len(coded) else last
    if last != BOUNDARY:
        tokens[place] = BOUNDARY
    starts = np.concatenate([[0], np.flatnonzero(np.asarray(tokens) == BOUNDARY) + 1])
    return tokens, starts.astype(np.int64)
