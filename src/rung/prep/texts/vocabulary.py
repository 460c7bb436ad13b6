"""Weigh the words, pairs of words and pieces of characters that training texts hold.

Source: Salton & Buckley (1988), Term-weighting approaches in automatic text retrieval, Information
Processing & Management 24, 513-523.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array, take_strings
from rung.prep.texts.counting import (
    PIECE_LENGTHS,
    CountedTexts,
    Counts,
    counted,
    cut_words,
    piece_keys,
)
from rung.typing import Array, Untyped

PARTS = ("words", "pairs", "pieces")
# Training texts that must hold a term; what one text alone holds says nothing of others.
FEWEST_TEXTS = 2
# Pieces that more than this share of texts hold tell little, and most numbers would be theirs.
LARGEST_SHARE = 0.1
# Pieces are counted where training texts are short in sum: of long texts words say enough.
MOST_CHARACTERS = 3_000_000
# Of short strings, such as names and codes, longer pieces say more; of sentences their words do.
SHORT, LONG = max(PIECE_LENGTHS), min(PIECE_LENGTHS)
MEAN_OF_SHORT = 40


@dataclass(frozen=True)
class TextTerms:
    """Hold the terms of one column of text, and how rare each is among training texts.

    Attributes
    ----------
    terms : mapping of str to tuple of str
        Terms of each part: `words`, `pairs` (two words and a blank), `pieces` (of characters).
    rarity : mapping of str to ndarray, each (n_terms,)
        1 + log((1 + texts) / (1 + texts that hold the term)).
    """

    terms: Mapping[str, tuple[str, ...]]
    rarity: Mapping[str, Array]

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return sum(len(self.terms[part]) for part in PARTS)

    @cached_property
    def _longest(self) -> int:
        """Characters of the longest piece."""
        return max(map(len, self.terms["pieces"]), default=LONG)

    @cached_property
    def _piece_keys(self) -> Array:
        return piece_keys(self.terms["pieces"])

    def matrix(self, texts: tuple[str, ...], codes: Array) -> Untyped:
        """Weigh the terms of texts.

        Parameters
        ----------
        texts : tuple of str
            Distinct texts.
        codes : ndarray of int, shape (n_rows,)
            The text of each row, below 0 for none.

        Returns
        -------
        csr_matrix, shape (n_rows, width)
            (1 + log count) times rarity, and each part of a row of length 1. Terms that the
            vocabulary does not hold count for nothing.
        """
        from scipy.sparse import hstack

        source = counted(texts)
        blocks = [
            _weighed(_columns(counts, self._places(source, part), codes), self.rarity[part])
            for part in PARTS
            if self.terms[part]
            for counts in [source.of(part, self._longest)]
        ]
        return hstack(blocks, format="csr") if blocks else _empty(len(codes))

    def presence(self, texts: tuple[str, ...], codes: Array) -> Untyped:
        """Return 1 where a text holds a word, csr_matrix, shape (n_rows, n_words)."""
        source = counted(texts)
        found = _columns(source.words, self._places(source, "words"), codes)
        found.data = np.ones_like(found.data)
        return found

    def _places(self, source: CountedTexts, part: str) -> Array:
        """Return the column of each term among what was counted, -1 where no text holds it."""
        if part == "pieces":
            return source.pieces(self._longest).places(self._piece_keys)
        known, n_words = source.word_places, len(source.word_names)
        if part == "words":
            return np.array([known.get(word, -1) for word in self.terms[part]], dtype=np.int64)
        both = [[known.get(word, -1) for word in pair.split(" ")] for pair in self.terms[part]]
        keys = [a * n_words + b if a >= 0 and b >= 0 else -1 for a, b in both]
        return source.pairs.places(np.array(keys, dtype=np.int64))

    def without(self, *parts: str) -> TextTerms:
        """Return the same with some parts empty."""
        none = np.zeros(0)
        return TextTerms(
            {part: () if part in parts else own for part, own in self.terms.items()},
            {part: none if part in parts else own for part, own in self.rarity.items()},
        )

    def named(self) -> list[tuple[str, str]]:
        """Return part and term of each column of the matrix."""
        return [(part, term) for part in PARTS for term in self.terms[part]]

    def to_state(self) -> State:
        """Return the vocabulary as data."""
        return State({}, {f"{part}_rarity": self.rarity[part] for part in PARTS}, dict(self.terms))

    @classmethod
    def from_state(cls, state: State) -> TextTerms:
        """Return the vocabulary that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        terms = {part: take_strings(state, part) for part in PARTS}
        rarity = {
            part: take_array(state, f"{part}_rarity", (len(terms[part]),), low=1.0, high=100.0)
            for part in PARTS
        }
        _require_terms(terms)
        return cls(terms, rarity)


def learn_vocabulary(
    texts: tuple[str, ...], codes: Array, most: int, *, parts: Sequence[str] = PARTS
) -> TextTerms:
    """Learn which terms training texts hold, and how rare each is.

    Parameters
    ----------
    texts : tuple of str
        Distinct texts.
    codes : ndarray of int, shape (n_train,)
        The text of each training row, below 0 for none; no other text is read.
    most : int
        Terms of each part to keep: those that most texts hold.
    parts : sequence of str
        What is counted.

    Examples
    --------
    >>> texts = ("far and red", "near and blue", "red and near")
    >>> learn_vocabulary(texts, np.arange(3), 2, parts=["words"]).terms["words"]
    ('and', 'near')
    """
    source = counted(texts)
    own = codes[codes >= 0]
    terms: dict[str, tuple[str, ...]] = dict.fromkeys(PARTS, ())
    rarity = {part: np.zeros(0) for part in PARTS}
    is_short = bool(len(own)) and float(source.lengths[own].mean()) <= MEAN_OF_SHORT
    longest = SHORT if is_short else LONG
    for part in parts:
        if part == "pieces" and source.lengths[own].sum() > MOST_CHARACTERS:
            continue
        counts = source.of(part, longest)
        held_by = np.bincount(counts.matrix[own].indices, minlength=len(counts.keys))
        frequent = np.flatnonzero(
            (held_by >= FEWEST_TEXTS)
            & ((part != "pieces") | (held_by <= max(LARGEST_SHARE * len(own), FEWEST_TEXTS)))
        )
        kept = np.sort(frequent[np.argsort(-held_by[frequent], kind="stable")[:most]])
        terms[part] = tuple(_names(source, part, kept, longest))
        rarity[part] = 1.0 + np.log((1 + len(codes)) / (1 + held_by[kept]))
    return TextTerms(terms, rarity)


def _names(source: CountedTexts, part: str, columns: Array, longest: int) -> list[str]:
    if part == "words":
        return [source.word_names[i] for i in columns.tolist()]
    if part == "pairs":
        return source.pair_names(columns)
    return source.piece_names(columns, longest)


def _columns(counts: Counts, places: Array, codes: Array) -> Untyped:
    """Return these columns of the rows of some texts; those that are nowhere are empty."""
    from scipy.sparse import csr_matrix

    row = np.where((codes >= 0) & (codes < counts.matrix.shape[0] - 1), codes, -1)
    rows = counts.matrix[np.where(row < 0, counts.matrix.shape[0] - 1, row)]
    home = np.full(len(counts.keys) + 1, -1)
    home[places] = np.arange(len(places))
    home[-1] = -1
    column = home[rows.indices]
    is_kept = column >= 0
    ends = np.concatenate([[0], np.cumsum(is_kept)])[rows.indptr]
    parts = (rows.data[is_kept].astype(np.float64), column[is_kept], ends)
    return csr_matrix(parts, shape=(len(codes), len(places)))


def _weighed(rows: Untyped, rarity: Array) -> Untyped:
    """Turn counts into weights of terms; each row that has any gets length 1."""
    rows.data = (1.0 + np.log(rows.data)) * rarity[rows.indices]
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    length = np.sqrt(np.bincount(row, weights=rows.data**2, minlength=rows.shape[0]))
    rows.data /= length[row]
    return rows


def _empty(n_rows: int) -> Untyped:
    from scipy.sparse import csr_matrix

    return csr_matrix((n_rows, 0))


def _require_terms(terms: Mapping[str, Sequence[str]]) -> None:
    """Refuse terms that no text could hold."""
    is_sound = (
        all(cut_words(word) == [word] for word in terms["words"])
        and all(" ".join(cut_words(pair)) == pair for pair in terms["pairs"])
        and all(pair.count(" ") == 1 for pair in terms["pairs"])
        and all(len(piece) in PIECE_LENGTHS for piece in terms["pieces"])
    )
    if not is_sound:
        raise BadModelFile("terms of the model are no words, pairs or pieces", REMEDY)
