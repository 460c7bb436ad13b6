"""Give trees, beside the columns of a table, the directions in which its numbers vary together.

A tree cuts one column at a time. Where the differences of columns tell rows apart, as colours of
stars do, it needs a staircase of cuts for what one cut of a direction says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, Problem, State
from rung.prep.nesting import nest, part
from rung.prep.ordinal import TreeEncoder, fit_tree_encoder, tree_encoder_from_state
from rung.prep.robust import in_units, robust_units
from rung.prep.rotation import Rotation, fit_rotation
from rung.prep.states import take_array
from rung.typing import Array

# Numbers that a direction is named by.
NAMED = 2


@dataclass(frozen=True)
class DirectionEncoder:
    """Give trees a matrix: what `TreeEncoder` gives, then directions of the numbers.

    Attributes
    ----------
    tree : TreeEncoder
        Numbers as they are, and categories.
    shift, scale : ndarray, shape (n_numbers,)
        Median and robust spread of the training rows; a missing number counts as its median.
    in_use : ndarray of bool, shape (n_numbers,)
        Whether the number varies.
    rotation : Rotation
        Of the numbers in use, in robust units; without directions where none are learned.
    """

    tree: TreeEncoder
    shift: Array
    scale: Array
    in_use: Array
    rotation: Rotation

    @property
    def n_features(self) -> int:
        """Number of columns of `matrix`."""
        return self.tree.n_features + self.rotation.width

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
        """Put directions beside the columns, of which numbers come first."""
        numbers = plain[:, : len(self.tree.numbers)]
        units = in_units(numbers, self.shift, self.scale, self.in_use) - self.rotation.mean
        turned = np.zeros((len(units), self.rotation.width))
        # Column by column: a product of matrices rounds a row by how many stand beside it.
        for column, weights in zip(units.T, self.rotation.axes, strict=True):
            turned += column[:, None] * weights
        return np.hstack([plain, turned])

    @property
    def names(self) -> tuple[str, ...]:
        """Name each direction by its place and the numbers that weigh most, in robust units."""
        used = [
            name for name, is_used in zip(self.tree.numbers, self.in_use, strict=True) if is_used
        ]
        return tuple(
            f"D{place + 1} ({name_direction(axis, used)})"
            for place, axis in enumerate(self.rotation.axes.T)
        )

    def to_state(self) -> State:
        """Return the encoder as parts; `from_state` turns them back."""
        own = {"shift": self.shift, "scale": self.scale, "in_use": self.in_use.astype(np.uint8)}
        return nest(
            {
                "tree": self.tree.to_state(),
                "numbers": State({}, own),
                "rotation": self.rotation.to_state(),
            }
        )

    @classmethod
    def from_state(cls, state: State) -> DirectionEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        tree = tree_encoder_from_state(part(state, "tree"))
        own, shape = part(state, "numbers"), (len(tree.numbers),)
        in_use = take_array(own, "in_use", shape, low=0, high=1, whole=True).astype(bool)
        return cls(
            tree,
            take_array(own, "shift", shape),
            take_array(own, "scale", shape, low=np.finfo(float).tiny),
            in_use,
            Rotation.from_state(part(state, "rotation"), int(in_use.sum())),
        )


def name_direction(axis: Array, names: Sequence[str]) -> str:
    """Write the numbers that weigh most in a direction as a sum, the largest first.

    Examples
    --------
    >>> name_direction(np.array([0.7, -0.8, 0.1]), ["u", "g", "r"])
    'g − u …'
    """
    order = np.argsort(-np.abs(axis), kind="stable")
    text = str(names[order[0]])
    for k in order[1:NAMED]:
        text += f" {'−' if axis[k] * axis[order[0]] < 0 else '+'} {names[k]}"
    return text + (" …" if len(names) > NAMED else "")


def fit_directions(problem: Problem, train: Array) -> DirectionEncoder:
    """Learn the encoding on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns and weights are used; no row but the training rows is read.
    train : ndarray of int, shape (n_train,)
        Training rows; those without weight say nothing of directions.

    Source
    ------
    Rodriguez, Kuncheva & Alonso (2006), Rotation forest, IEEE TPAMI 28. NOTE[DIFF]: one rotation
    of all numbers, beside the columns themselves, which stay.
    """
    weight = problem.weights(train)
    numbers = problem.design.numbers(train[weight > 0] if weight.any() else train)
    shift, scale = robust_units(numbers)
    in_use = scale > 0
    scale = np.where(in_use, scale, 1.0)
    rotation = fit_rotation(in_units(numbers, shift, scale, in_use))
    return DirectionEncoder(fit_tree_encoder(problem, train), shift, scale, in_use, rotation)


def encoder_from_state(state: State) -> TreeEncoder | DirectionEncoder:
    """Return the encoder of trees that a state describes, with directions or without.

    Raises
    ------
    BadModelFile
        If anything in it is not as `to_state` writes it.
    """
    if "rotation" in state.spec:
        return DirectionEncoder.from_state(state)
    return tree_encoder_from_state(state)
