"""Stand a few numbers for the words of each text: those that tell texts apart most.

Sources: Deerwester et al. (1990), Indexing by latent semantic analysis, JASIS 41, 391-407;
Halko, Martinsson & Tropp (2011), Finding structure with randomness, SIAM Review 53, 217-288.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import Design, Problem, State
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_weights
from rung.prep.texts.encoder import (
    learn_texts,
    require_texts,
    text_blocks,
    texts_from_state,
    texts_state,
)
from rung.prep.texts.vocabulary import TextTerms
from rung.typing import Array, Untyped

N_COMPONENTS = 32
# Words that components are made of: each has a weight in every one.
MOST_WORDS = 4_000
_SPARE, _POWERS = 10, 3
# Components of less than this share of the first are rounding.
_LEAST = 1e-9


@dataclass(frozen=True)
class TextComponents:
    """Turn columns of text into columns of numbers.

    Attributes
    ----------
    names : tuple of str
        Columns of text.
    vocabularies : tuple of TextTerms
        The words of each.
    weights : tuple of ndarray, each (n_words, n_components)
        What each word counts in each component; orthogonal columns.
    """

    names: tuple[str, ...]
    vocabularies: tuple[TextTerms, ...]
    weights: tuple[Array, ...]

    def design(self, design: Design) -> Dataset:
        """Return the table with numbers in the place of texts.

        A row without text has no numbers: its cells are missing.

        Raises
        ------
        DataError
            If the design lacks a column of text that this was fitted on.
        """
        require_texts(design, self.names)
        assert isinstance(design, Dataset)
        codes = design.text_codes()
        columns, values = list(design.columns), dict(design.values)
        blocks = text_blocks(design, self.vocabularies, None)
        for i, (name, block, weights) in enumerate(
            zip(self.names, blocks, self.weights, strict=True)
        ):
            found = np.where(codes[:, i : i + 1] < 0, np.nan, block @ weights)
            for number, column in enumerate(found.T, start=1):
                own = _free(f"{name}.component{number}", values)
                columns.append(Column(own, "number"))
                values[own] = np.ascontiguousarray(column)
        left = (replace(one, role="dropped") if one.role == "text" else one for one in columns)
        return Dataset(tuple(left), values, design.n_rows)

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return the components alone, shape (n_rows, n_components of all columns)."""
        require_texts(design, self.names)
        blocks = text_blocks(design, self.vocabularies, rows)
        return np.hstack([b @ w for b, w in zip(blocks, self.weights, strict=True)])

    def to_state(self) -> State:
        """Return the components as data; `from_state` turns it back."""
        state = texts_state(self.names, self.vocabularies)
        arrays = {f"weights{i}": own.astype(np.float32) for i, own in enumerate(self.weights)}
        return State(state.spec, {**state.arrays, **arrays}, state.strings)

    @classmethod
    def from_state(cls, state: State) -> TextComponents:
        """Return the components that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        names, vocabularies = texts_from_state(state)
        weights = tuple(
            take_weights(state, f"weights{i}", (own.width, None), low=-1.01).astype(np.float64)
            for i, own in enumerate(vocabularies)
        )
        if any(
            each.shape[1] > N_COMPONENTS or np.abs(each).max(initial=0) > 1.01 for each in weights
        ):
            raise BadModelFile("components of texts in the model are too many or too large", REMEDY)
        return cls(names, vocabularies, weights)


def _free(name: str, taken: dict[str, Array]) -> str:
    while name in taken:
        name += "'"
    return name


def fit_components(problem: Problem, train: Array) -> TextComponents:
    """Learn words and components on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns of text are used; its target is not looked at.
    train : ndarray of int, shape (n_train,)
        Rows to learn from; no other row is read.
    """
    most = min(MOST_WORDS, problem.most_words)
    names, vocabularies = learn_texts(problem, train, parts=("words",), most=most)
    blocks = text_blocks(problem.design, vocabularies, train)
    return TextComponents(names, vocabularies, tuple(map(leading_directions, blocks)))


def leading_directions(X: Untyped, n_components: int = N_COMPONENTS) -> Array:
    """Return the leading right singular vectors of a sparse matrix, float32 numbers.

    Parameters
    ----------
    X : csr_matrix, shape (n_rows, n_columns)
        Rows of texts.
    n_components : int
        At most so many.

    Returns
    -------
    ndarray, shape (n_columns, n_found)
        Orthonormal columns, in each of which the largest number is positive.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> (leading_directions(csr_matrix(np.diag([3.0, 1.0, 0.0])), 2).round(3) + 0.0).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    n_wanted = min(n_components, *X.shape)
    if not n_wanted:
        return np.zeros((X.shape[1], 0))
    n_tried = min(n_wanted + _SPARE, *X.shape)
    guess = np.random.default_rng(0x5BD).normal(size=(X.shape[1], n_tried))
    for _ in range(_POWERS):
        guess = np.linalg.qr(X.T @ np.linalg.qr(X @ guess)[0])[0]
    _, sizes, turned = np.linalg.svd(X @ guess, full_matrices=False)
    n_kept = int((sizes[:n_wanted] > _LEAST * max(sizes[0], np.finfo(float).tiny)).sum())
    found = guess @ turned[:n_kept].T
    largest = np.abs(found).argmax(axis=0)
    signs = np.where(found[largest, np.arange(n_kept)] < 0, -1.0, 1.0)
    return np.asarray((found * signs).astype(np.float32).astype(np.float64)) + 0.0  # no -0
