"""Turn a table with columns of text into a sparse matrix, for models that add up columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rung.core.family import Design, Problem, State
from rung.errors import DataError
from rung.prep.nesting import nest, part
from rung.prep.one_hot import TableEncoder, fit_one_hot
from rung.prep.states import take_strings
from rung.prep.texts.vocabulary import TextTerms, learn_vocabulary
from rung.typing import Array, Untyped


@dataclass(frozen=True)
class WordEncoder:
    """Give a matrix of numbers and levels as `TableEncoder` does, then terms of texts.

    Attributes
    ----------
    table : TableEncoder
        Of numbers and categories.
    names : tuple of str
        Columns of text.
    vocabularies : tuple of TextTerms
        One for each.
    """

    table: TableEncoder
    names: tuple[str, ...]
    vocabularies: tuple[TextTerms, ...]

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return self.table.width + self.n_terms

    @property
    def n_terms(self) -> int:
        """Number of columns that are terms."""
        return sum(vocabulary.width for vocabulary in self.vocabularies)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how many terms are kept of each column, and what levels share columns."""
        said = []
        for name, own in zip(self.names, self.vocabularies, strict=True):
            counts = [f"{len(own.terms[part]):,} {part}" for part in own.terms if own.terms[part]]
            longest = max(map(len, own.terms["pieces"]), default=0)
            lengths = "2" if longest == 2 else f"2 to {longest}"
            counted = ", ".join(counts).replace("pieces", f"pieces of {lengths} characters")
            said.append(f"counts {counted or 'no word, as no two rows share one,'} in {name!r}")
        return (*self.table.notes, *said)

    def matrix(self, design: Design, rows: Array | None = None) -> Untyped:
        """Return a sparse matrix, shape (n_rows, width).

        Raises
        ------
        DataError
            If the design lacks a column that the encoder was fitted on.
        """
        from scipy.sparse import csr_matrix, hstack

        require_texts(design, self.names)
        blocks = text_blocks(design, self.vocabularies, rows)
        return hstack([csr_matrix(self.table.matrix(design, rows)), *blocks], format="csr")

    def terms(self) -> list[tuple[str, str, str]]:
        """Return column, part and term of each column that is a term."""
        pairs = zip(self.names, self.vocabularies, strict=True)
        return [(name, *term) for name, own in pairs for term in own.named()]

    def to_state(self) -> State:
        """Return the encoder as parts; `from_state` turns them back."""
        return nest({"table": self.table.to_state(), "texts": _texts_state(self)})

    @classmethod
    def from_state(cls, state: State) -> WordEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        names, vocabularies = texts_from_state(part(state, "texts"))
        return cls(TableEncoder.from_state(part(state, "table")), names, vocabularies)


def require_texts(design: Design, names: tuple[str, ...]) -> None:
    """Raise `DataError` unless a design has these columns of text."""
    found = tuple(column.name for column in design.text_columns)
    if found != names:
        raise DataError(
            f"the table has the columns of text {list(found)}; the model was fitted on "
            f"{list(names)}",
            "give the same columns, in the same order",
        )


def text_blocks(
    design: Design, vocabularies: tuple[TextTerms, ...], rows: Array | None
) -> list[Untyped]:
    """Return the terms of each column of text, a sparse matrix for each."""
    codes = design.text_codes(rows)
    return [
        own.matrix(column.levels, codes[:, i])
        for i, (own, column) in enumerate(zip(vocabularies, design.text_columns, strict=True))
    ]


def _texts_state(encoder: WordEncoder) -> State:
    return texts_state(encoder.names, encoder.vocabularies)


def texts_state(names: tuple[str, ...], vocabularies: tuple[TextTerms, ...]) -> State:
    """Return names of columns and their vocabularies as data."""
    state = nest({str(i): own.to_state() for i, own in enumerate(vocabularies)})
    return State(state.spec, state.arrays, {**state.strings, "names": names})


def texts_from_state(state: State) -> tuple[tuple[str, ...], tuple[TextTerms, ...]]:
    """Return what `texts_state` was given, after checking all of it."""
    names = take_strings(state, "names")
    return names, tuple(TextTerms.from_state(part(state, str(i))) for i in range(len(names)))


def fit_words(problem: Problem, train: Array) -> WordEncoder:
    """Learn the encoding on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns are used.
    train : ndarray of int, shape (n_train,)
        Rows to learn from; no other row is read.
    """
    names, vocabularies = learn_texts(problem, train)
    return WordEncoder(fit_one_hot(problem, train), names, vocabularies)


def learn_texts(
    problem: Problem, train: Array, **asked: Any
) -> tuple[tuple[str, ...], tuple[TextTerms, ...]]:
    """Return the names of columns of text, and what training rows hold of each."""
    columns, codes = problem.design.text_columns, problem.design.text_codes(train)
    most = asked.pop("most", problem.most_words)
    return tuple(column.name for column in columns), tuple(
        learn_vocabulary(column.levels, codes[:, i], most, **asked)
        for i, column in enumerate(columns)
    )
