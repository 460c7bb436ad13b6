"""Count words, pairs of words and pieces of characters in texts; nothing is learned here.

What is counted in a text depends on that text alone, so that all folds share one count. Columns
stand in an order that depends on the terms alone: leave any texts out, and those that the rest
holds keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from rung.typing import Array, Untyped

# A run of letters and digits, or one other sign, such as a currency or an exclamation mark.
_WORD = re.compile(r"\w+|[^\w\s]")
PIECE_LENGTHS = (2, 3, 4)
# Pieces are found by a number made of their characters, modulo 2^64; odd, so that none is lost.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def cut_words(text: str) -> list[str]:
    """Return the words and signs of a text, in small letters.

    Examples
    --------
    >>> cut_words("Win £500 NOW!")
    ['win', '£', '500', 'now', '!']
    """
    return _WORD.findall(text.lower())


@dataclass(frozen=True, eq=False)
class Counts:
    """Hold how often terms stand in texts.

    Attributes
    ----------
    matrix : csr_matrix, shape (n_texts + 1, n_terms)
        Counts; the last row, of no text, is empty.
    keys : ndarray, shape (n_terms,)
        A number for each term, ascending.
    """

    matrix: Untyped
    keys: Array

    def places(self, keys: Array) -> Array:
        """Return the column of each key, -1 for those that no text holds."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[found] == keys, found, -1)


@dataclass(frozen=True, eq=False)
class CountedTexts:
    """Count terms of some texts, each kind when it is first asked for.

    Attributes
    ----------
    texts : tuple of str
        Distinct texts.
    """

    texts: tuple[str, ...]

    @cached_property
    def _tokens(self) -> tuple[Array, Array, tuple[str, ...]]:
        """Return the text and the word of every token, and all words, sorted."""
        cut = [cut_words(text) for text in self.texts]
        names = sorted(set().union(*cut))
        number = {name: i for i, name in enumerate(names)}
        word = np.array([number[each] for own in cut for each in own], dtype=np.int64)
        return np.repeat(np.arange(len(cut)), [len(own) for own in cut]), word, tuple(names)

    @property
    def word_names(self) -> tuple[str, ...]:
        """All words, sorted; a word's key is its place."""
        return self._tokens[2]

    @cached_property
    def word_places(self) -> dict[str, int]:
        """Return the place of each word."""
        return {name: i for i, name in enumerate(self.word_names)}

    @cached_property
    def words(self) -> Counts:
        """Count single words."""
        row, word, names = self._tokens
        return _count(row, word, np.arange(len(names)), len(self.texts))

    @cached_property
    def pairs(self) -> Counts:
        """Count two words in a row; a pair's key is made of the places of both."""
        row, word, names = self._tokens
        is_pair = row[1:] == row[:-1]
        keys, pair = np.unique((word[:-1] * len(names) + word[1:])[is_pair], return_inverse=True)
        return _count(row[1:][is_pair], pair, keys, len(self.texts))

    @cached_property
    def lengths(self) -> Array:
        """Return the characters of each text, shape (n_texts + 1,)."""
        return np.array([*map(len, self.texts), 0])

    @cached_property
    def _joined(self) -> str:
        """Return all texts in a row, a line each; blanks run together, one at either end."""
        return "\n".join(f" {' '.join(text.split())} " for text in self.texts)

    @cached_property
    def _counted_windows(self) -> dict[int, tuple[Counts, Array]]:
        """Keep what was counted, by the longest piece."""
        return {}

    def _windows(self, longest: int) -> tuple[Counts, Array]:
        """Count pieces up to a length; return where each first stands and its length too."""
        if longest not in self._counted_windows:
            lengths = [length for length in PIECE_LENGTHS if length <= longest]
            self._counted_windows[longest] = self._count_windows(lengths)
        return self._counted_windows[longest]

    def _count_windows(self, lengths: Sequence[int]) -> tuple[Counts, Array]:
        signs = _code_points(self._joined)
        line = np.cumsum(signs == ord("\n"))
        rows, keys, places = [], [], []
        for length in lengths:
            n_windows = max(len(signs) - length + 1, 0)
            start = np.arange(n_windows)
            is_whole = (line[:n_windows] == line[length - 1 :]) & (signs[:n_windows] != ord("\n"))
            start = start[is_whole]
            keys.append(_keys([signs[start + i] for i in range(length)]))
            rows.append(line[start])
            places.append(start * (max(PIECE_LENGTHS) + 1) + length)
        known, first, piece = np.unique(
            np.concatenate(keys), return_index=True, return_inverse=True
        )
        counts = _count(np.concatenate(rows), piece, known, len(self.texts))
        return counts, np.concatenate(places)[first]

    def pieces(self, longest: int) -> Counts:
        """Count pieces of so many characters at most, capitals and small letters apart."""
        return self._windows(longest)[0]

    def of(self, part: str, longest: int) -> Counts:
        """Count `words`, `pairs` of them, or `pieces` of so many characters at most."""
        if part == "pieces":
            return self.pieces(longest)
        return self.words if part == "words" else self.pairs

    def pair_names(self, columns: Array) -> list[str]:
        """Write pairs as two words with a blank between."""
        names, keys = self.word_names, self.pairs.keys[columns].tolist()
        return [f"{names[key // len(names)]} {names[key % len(names)]}" for key in keys]

    def piece_names(self, columns: Array, longest: int) -> list[str]:
        """Write pieces, numbered as `pieces` counts them, as they stand in the texts."""
        places = self._windows(longest)[1][columns].tolist()
        most = max(PIECE_LENGTHS) + 1
        return [self._joined[at // most : at // most + at % most] for at in places]


@lru_cache(maxsize=8)
def counted(texts: tuple[str, ...]) -> CountedTexts:
    """Return what counts these texts; the last few are kept.

    Examples
    --------
    >>> found = counted(("a b a", "b"))
    >>> found.word_names, found.words.matrix.toarray().tolist()
    (('a', 'b'), [[2, 1], [0, 1], [0, 0]])
    >>> found.pair_names(np.arange(2))
    ['a b', 'b a']
    """
    return CountedTexts(texts)


def piece_keys(pieces: Sequence[str]) -> Array:
    """Return the numbers that pieces are found by.

    Examples
    --------
    >>> found = counted(("win", "sin"))
    >>> keys = found.pieces(4).keys
    >>> names = found.piece_names(np.arange(len(keys)), 4)
    >>> bool((piece_keys(names) == keys).all())
    True
    """
    out = np.zeros(len(pieces), dtype=np.uint64)
    lengths = np.array([len(piece) for piece in pieces])
    for length in PIECE_LENGTHS:
        own = np.flatnonzero(lengths == length)
        signs = _code_points("".join(pieces[i] for i in own.tolist())).reshape(len(own), length)
        out[own] = _keys(list(signs.T))
    return out


def _code_points(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def _keys(signs: Sequence[Array]) -> Array:
    """Make one number of the characters of each piece, and of their number."""
    key = np.full(len(signs[0]), len(signs), dtype=np.uint64)
    for each in signs:
        key = (key ^ (key >> np.uint64(29))) * _FACTOR + each
    return key


def _count(row: Array, column: Array, keys: Array, n_texts: int) -> Counts:
    from scipy.sparse import coo_matrix

    ones = np.ones(len(row), dtype=np.int32)
    shape = (n_texts + 1, len(keys))
    return Counts(coo_matrix((ones, (row, column.ravel())), shape=shape).tocsr(), keys)
