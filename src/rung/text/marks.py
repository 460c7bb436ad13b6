"""Mark a sealed part of a text by digests of its lines, or of all windows of a stream.

A line is what it says. A stream has no pieces of its own (its segments depend on its length), so
every window of some characters counts as a row, wherever it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from rung.core.marks import Columns, digest_number
from rung.core.mixing import BASE, mix
from rung.text.hashing import digests, powers
from rung.text.passages import Passages
from rung.text.vocabulary import Vocabulary
from rung.typing import Array

WINDOW = 32
MODULUS = 2**64


@dataclass
class TextRows:
    """The sealed part of a text.

    Attributes
    ----------
    kind : str
        `lines` or `stream`.
    passages : Passages
        The sealed part.
    vocabulary : Vocabulary
        Of the whole text; digests do not depend on it.
    """

    kind: Literal["lines", "stream"]
    passages: Passages
    vocabulary: Vocabulary

    @property
    def n(self) -> int:
        """Number of lines or segments that are scored."""
        return self.passages.n_units if self.passages.n_scored else 0

    @property
    def counted(self) -> str:
        """What they are called, in the plural."""
        return "lines" if self.kind == "lines" else "segments"

    @property
    def views(self) -> tuple[Columns, ...]:
        """The one view there is."""
        return ((digest_number(f"text as {self.kind}".encode()),),)

    def digests(self, columns: Columns) -> Array | None:
        """Return the distinct digests of lines or windows; None for those of anything else."""
        return self._digests if columns in self.views else None

    @cached_property
    def _digests(self) -> Array:
        if self.kind == "lines":
            return np.unique(line_digests(self.passages, self.vocabulary))
        found = window_digests(self.passages, self.vocabulary)
        return found if len(found) else np.unique(line_digests(self.passages, self.vocabulary))


def line_digests(passages: Passages, vocabulary: Vocabulary) -> Array:
    """Hash passages chunk by chunk; a line's end takes part as a character like any other."""
    table = _code_points(vocabulary)
    chunks = passages.chunks()
    return np.concatenate([digests(table[chunk.tokens], chunk.starts) for chunk in chunks])


def window_digests(passages: Passages, vocabulary: Vocabulary) -> Array:
    """Return the distinct digests of all windows that lie inside a passage, sorted.

    With P the sums of the polynomial up to each character, a window's hash is the difference of
    two of them, divided by the power it begins with; the base is odd, so it has an inverse.
    """
    table = _code_points(vocabulary)
    found = [np.zeros(0, dtype=np.uint64)]
    for chunk in passages.chunks():
        n = chunk.n_tokens
        if n < WINDOW:
            continue
        with np.errstate(over="ignore"):
            terms = mix(table[chunk.tokens]) * powers(n)
            sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(terms)])
            windows = (sums[WINDOW:] - sums[:-WINDOW]) * _inverse_powers(n - WINDOW + 1)
        left = np.repeat(chunk.starts[1:], chunk.lengths) - np.arange(n)
        found.append(np.unique(mix(windows[left[: n - WINDOW + 1] >= WINDOW])))
    return np.unique(np.concatenate(found))


def _code_points(vocabulary: Vocabulary) -> Array:
    """Return the code point of every token; the boundary's is 0."""
    return np.concatenate([np.zeros(1, dtype=np.int64), vocabulary.code_points])


def _inverse_powers(n: int) -> Array:
    steps = np.full(n, pow(int(BASE), -1, MODULUS), dtype=np.uint64)
    steps[0] = 1
    with np.errstate(over="ignore"):
        found: Array = np.multiply.accumulate(steps)
    return found
