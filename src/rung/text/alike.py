"""Know lines that look equal: blanks at the end, and accents in one character or in two."""

from __future__ import annotations

import unicodedata

import numpy as np

from rung.text.hashing import digests
from rung.text.vocabulary import BOUNDARY, Vocabulary, to_code_points
from rung.typing import Array

# Vowels and final consonants of Korean that join the letter before them.
JOINING = range(0x1161, 0x11C3)


def seen_digests(tokens: Array, starts: Array, vocabulary: Vocabulary, exact: Array) -> Array:
    """Return a digest for every line that lines of equal looks share.

    Parameters
    ----------
    tokens, starts : ndarray
        Lines, each ended by the boundary.
    vocabulary : Vocabulary
        Of the whole file.
    exact : ndarray of uint64, shape (n_lines,)
        Digests of the lines as they are written; kept where a line is written plainly.

    Examples
    --------
    >>> words = Vocabulary((" ", "a"), ends=True)
    >>> found = seen_digests(
    ...     np.array([2, 0, 2, 1, 0]), np.array([0, 2, 5]), words, np.array([7, 8], dtype=np.uint64)
    ... )
    >>> bool(found[0] == 7), bool(found[1] == 8)
    (True, False)
    """
    found = exact.copy()
    for line in np.flatnonzero(_may_differ(tokens, starts, vocabulary)).tolist():
        written = vocabulary.decode(tokens[starts[line] : starts[line + 1]])
        plain = as_seen(written)
        if plain != written:
            points = np.append(to_code_points(plain), BOUNDARY)
            found[line] = digests(points, np.array([0, len(points)]))[0]
    return found


def as_seen(line: str) -> str:
    r"""Return a line as it looks: composed (NFC), without blanks at the end unless all is blank.

    Examples
    --------
    >>> as_seen("e\u0301 ") == "\u00e9"
    True
    """
    composed = unicodedata.normalize("NFC", line)
    return composed.rstrip() or composed


def _may_differ(tokens: Array, starts: Array, vocabulary: Vocabulary) -> Array:
    """Tell which lines end in a blank, or hold a character that composition may change."""
    blank, joins = np.zeros((2, vocabulary.n_tokens), dtype=bool)
    for token, character in enumerate(vocabulary.characters, start=1):
        blank[token] = character.isspace()
        joins[token] = _may_join(character)
    differ = blank[tokens[starts[1:] - 2]] & (np.diff(starts) > 1)
    if joins.any():
        differ |= np.logical_or.reduceat(joins[tokens], starts[:-1])
    return np.asarray(differ)


def _may_join(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M") or ord(character) in JOINING
    return is_mark or not unicodedata.is_normalized("NFC", character)
