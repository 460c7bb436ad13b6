"""Count how often words stand in the texts of each class.

Source: Manning, Raghavan & Schuetze (2008), Introduction to Information Retrieval, 13.2: the
multinomial model, each word of a text counted once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, Problem, State
from rung.prep.states import take_array
from rung.prep.texts.encoder import learn_texts, require_texts, texts_from_state, texts_state
from rung.prep.texts.vocabulary import TextTerms
from rung.typing import Array

LAPLACE = 1.0


@dataclass(frozen=True)
class WordShares:
    """Hold the share of each word among all words of a class.

    Attributes
    ----------
    names : tuple of str
        Columns of text.
    vocabularies : tuple of TextTerms
        Words of each; pairs and pieces of them are no evidence of their own.
    log_shares : tuple of ndarray, each (n_words, n_present)
        Logarithms of the smoothed shares.
    """

    names: tuple[str, ...]
    vocabularies: tuple[TextTerms, ...]
    log_shares: tuple[Array, ...]

    def scores(self, design: Design, rows: Array | None = None) -> Array:
        """Add up the logarithms of each row's words, shape (n_rows, n_present)."""
        require_texts(design, self.names)
        codes = design.text_codes(rows)
        parts = zip(self.vocabularies, self.log_shares, design.text_columns, strict=True)
        found = [
            own.presence(column.levels, codes[:, i]) @ shares
            for i, (own, shares, column) in enumerate(parts)
        ]
        return np.asarray(np.add.reduce(found))

    def to_state(self) -> State:
        """Return the shares as data; `from_state` turns it back."""
        state = texts_state(self.names, self.vocabularies)
        arrays = {f"log_share{i}": own for i, own in enumerate(self.log_shares)}
        return State(state.spec, {**state.arrays, **arrays}, state.strings)

    @classmethod
    def from_state(cls, state: State, n_present: int) -> WordShares:
        """Return the shares that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        names, vocabularies = texts_from_state(state)
        shares = tuple(
            take_array(state, f"log_share{i}", (len(own.terms["words"]), n_present), high=0)
            for i, own in enumerate(vocabularies)
        )
        return cls(names, vocabularies, shares)


def count_words(
    problem: Problem, rows: Array, *, y: Array, n_present: int, weight: Array
) -> WordShares:
    """Count words of training rows by class, with one more of each assumed.

    Parameters
    ----------
    problem : Problem
        Whose columns of text are used.
    rows : ndarray of int, shape (n_train,)
        Rows to learn from; no other row is read.
    y, weight : ndarray, shape (n_train,)
        Number of the class, below `n_present`, and weight of each row.
    n_present : int
        Classes.
    """
    names, vocabularies = learn_texts(problem, rows, parts=("words",))
    codes, shares = problem.design.text_codes(rows), []
    of_class = np.where(y[:, None] == np.arange(n_present), weight[:, None], 0.0)
    for i, (own, column) in enumerate(zip(vocabularies, problem.design.text_columns, strict=True)):
        table = own.presence(column.levels, codes[:, i]).T @ of_class + LAPLACE
        shares.append(np.log(table / table.sum(axis=0)))
    return WordShares(names, vocabularies, tuple(shares))
