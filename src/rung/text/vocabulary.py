"""Number the characters of a text.

A character is a Unicode code point, whatever the script; an emoji of several code points is
several characters. Number 0 is the boundary: it stands before every passage, and in texts made of
lines it ends each of them. Characters follow in the order of their code points.

The list of characters is given, as the list of classes is for a table: it comes from the whole
file, not from the training part. Every family shares it, so that losses are comparable and a
character that only held-out text has costs a finite amount; nothing else of held-out text is
known to any family.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array

BOUNDARY = 0
UNKNOWN = -1


@dataclass(frozen=True)
class Vocabulary:
    """Hold the characters of a text.

    Attributes
    ----------
    characters : tuple of str
        Distinct, in the order of their code points; number i + 1 is the i-th of them.
    ends : bool
        Whether the boundary is predicted, as the end of a line; in a stream it is not.

    Examples
    --------
    >>> vocabulary = Vocabulary(("a", "b"), ends=True)
    >>> vocabulary.encode("abx").tolist(), vocabulary.n_tokens
    ([1, 2, -1], 3)
    >>> vocabulary.decode(np.array([2, 1]))
    'ba'
    """

    characters: tuple[str, ...]
    ends: bool

    @property
    def n_tokens(self) -> int:
        """Characters and the boundary."""
        return len(self.characters) + 1

    @property
    def n_predicted(self) -> int:
        """Tokens that can come next: all, or all but the boundary."""
        return len(self.characters) + int(self.ends)

    @property
    def first(self) -> int:
        """Smallest token that can come next; in a stream the boundary cannot."""
        return BOUNDARY if self.ends else BOUNDARY + 1

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        """Smallest unsigned type that holds every token."""
        return np.dtype(np.min_scalar_type(self.n_tokens - 1))

    @cached_property
    def code_points(self) -> Array:
        """Code points of the characters, sorted; shape (n_characters,)."""
        return to_code_points("".join(self.characters))

    def tokens_of(self, code_points: Array) -> Array:
        """Return the token of each code point as int64; -1 where it is unknown."""
        if not len(self.code_points):
            return np.full(len(code_points), UNKNOWN, dtype=np.int64)
        places = np.searchsorted(self.code_points, code_points)
        places = np.minimum(places, len(self.code_points) - 1)
        found = self.code_points[places] == code_points
        return np.where(found, places + 1, UNKNOWN).astype(np.int64)

    def encode(self, text: str) -> Array:
        """Return the token of each character as int64, shape (n_characters,); -1 if unknown."""
        return self.tokens_of(to_code_points(text))

    def decode(self, tokens: Array) -> str:
        """Return the text of tokens; boundaries are left out."""
        kept = np.asarray(tokens)
        kept = kept[kept > BOUNDARY]
        return from_code_points(self.code_points[kept - 1])


def find_vocabulary(code_points: Array, *, ends: bool) -> Vocabulary:
    """Return the vocabulary of a text that is given as code points.

    Examples
    --------
    >>> find_vocabulary(to_code_points("anna"), ends=True).characters
    ('a', 'n')
    """
    return Vocabulary(tuple(from_code_points(np.unique(code_points))), ends)


def to_code_points(text: str) -> Array:
    """Return the code points of a text, uint32; lone surrogates are kept.

    Examples
    --------
    >>> to_code_points("né").tolist()
    [110, 233]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def from_code_points(code_points: Array) -> str:
    """Return the text of code points."""
    return np.asarray(code_points, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
