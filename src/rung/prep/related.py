"""Give trees, beside the columns of a table, what relates its numbers to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.core.family import Context, Design, Problem, State
from rung.prep.nesting import nest, part
from rung.prep.ordinal import TreeEncoder, fit_tree_encoder, tree_encoder_from_state
from rung.prep.relations import Relations, fit_relations
from rung.typing import Array

# Share of the held loss that relations must spare, as trees that cut columns are easier to read.
CLEARLY = 0.01


@dataclass(frozen=True)
class RelatedEncoder:
    """Give trees a matrix: what `TreeEncoder` gives, then relations of the numbers.

    Attributes
    ----------
    tree : TreeEncoder
        Numbers as they are, and categories.
    relations : Relations
        Of the numbers; of no width where none go together.
    """

    tree: TreeEncoder
    relations: Relations

    @property
    def n_features(self) -> int:
        """Number of columns of `matrix`."""
        return self.tree.n_features + self.relations.width

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return float64, shape (n_rows, n_features), NaN for missing cells.

        Raises
        ------
        DataError
            If the design lacks a column that the encoder was fitted on.
        """
        return self._beside(self.tree.matrix(design, rows))

    def training_matrix(self, design: Design, train: Array) -> Array:
        """Return the matrix to train on, rare levels as `TreeEncoder.training_matrix` has them.

        Parameters
        ----------
        design : Design
            What the encoder was fitted on.
        train : ndarray of int, shape (n_train,)
            The very rows that it was fitted on, in the same order.
        """
        return self._beside(self.tree.training_matrix(design, train))

    def _beside(self, plain: Array) -> Array:
        """Put relations beside the columns, of which numbers come first."""
        return np.hstack([plain, self.relations.apply(plain[:, : len(self.tree.numbers)])])

    @property
    def names(self) -> tuple[str, ...]:
        """Name each relation."""
        return self.relations.names(self.tree.numbers)

    def to_state(self) -> State:
        """Return the encoder as parts; `from_state` turns them back."""
        return nest({"tree": self.tree.to_state(), "relations": self.relations.to_state()})

    @classmethod
    def from_state(cls, state: State) -> RelatedEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        tree = tree_encoder_from_state(part(state, "tree"))
        return cls(tree, Relations.from_state(part(state, "relations"), len(tree.numbers)))


def fit_related(problem: Problem, train: Array) -> RelatedEncoder:
    """Learn the encoding on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns and weights are used; no row but the training rows is read.
    train : ndarray of int, shape (n_train,)
        Training rows; those without weight say nothing of relations.
    """
    weight = problem.weights(train)
    numbers = problem.design.numbers(train[weight > 0] if weight.any() else train)
    return RelatedEncoder(fit_tree_encoder(problem, train), fit_relations(numbers))


def encoder_for(context: Context, train: Array, *, relations: bool) -> TreeEncoder | RelatedEncoder:
    """Return what encodes columns for trees.

    Parameters
    ----------
    context : Context
        Of the run, which keeps what was learned on the same rows.
    train : ndarray of int, shape (n_train,)
        Training rows.
    relations : bool
        Whether relations stand beside the columns; there may be none.
    """
    if relations:
        return cast(RelatedEncoder, context.encoded("related", train))
    return cast(TreeEncoder, context.encoded("tree", train))


def finds_relations(context: Context, train: Array) -> bool:
    """Say whether any numbers of these rows are related."""
    return cast(RelatedEncoder, context.encoded("related", train)).relations.width > 0


def spares_enough(related: float, plain: float, n_rows: int) -> bool:
    """Say whether relations lower the loss of held rows clearly.

    By one percent at least, and more where few rows are held: a mean over n rows errs by about one
    part in the root of n.

    Examples
    --------
    >>> spares_enough(0.94, 1.0, 100), spares_enough(0.94, 1.0, 1_000)
    (False, True)
    """
    return bool(related < (1.0 - max(CLEARLY, n_rows**-0.5)) * plain)


def encoder_from_state(state: State) -> TreeEncoder | RelatedEncoder:
    """Return the encoder of trees that a state describes, with relations or without.

    Raises
    ------
    BadModelFile
        If anything in it is not as `to_state` writes it.
    """
    if "relations" in state.spec:
        return RelatedEncoder.from_state(state)
    return tree_encoder_from_state(state)
