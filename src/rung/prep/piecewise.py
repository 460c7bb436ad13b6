"""Encode a table for networks: bent numbers, turned numbers, pieces, 0-1 columns for levels.

A number gives one column that is robust to outliers, and one column for each piece of its range:
how far into the piece the value lies, from 0 before it to 1 behind it. A sum over pieces is a
curve of straight lines, so that even the first layer of a network can bend. Numbers together give
as many columns again: the directions in which they vary, each in units of its own spread.

Source
------
Gorishniy, Rubachev & Babenko (2022), On embeddings for numerical features, NeurIPS 35.
NOTE[DIFF]: pieces are centred on the training rows, and values outside them count as at the rim.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, Problem, State
from rung.errors import BadModelFile
from rung.prep.levels import count_slots
from rung.prep.nesting import nest, part
from rung.prep.one_hot import TableEncoder, make_encoder
from rung.prep.robust import SOFT_LIMIT, bend, in_units, robust_units, squash
from rung.prep.rotation import Rotation, fit_rotation, no_rotation
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

FEWEST_PIECES, MOST_PIECES, MOST_COLUMNS = 16, 48, 1_024
ROWS_OF_A_PIECE = 400


@dataclass(frozen=True)
class PiecewiseEncoder:
    """Turn a table into a matrix, with everything learned on training rows.

    Columns come in this order: numbers in use, directions of them, pieces, then indicators and
    levels.

    Attributes
    ----------
    rest : TableEncoder
        Gives indicators of missing cells and the columns of categories.
    shift, scale : ndarray, shape (n_numbers,)
        Median and robust spread of the training rows.
    in_use : ndarray of bool, shape (n_numbers,)
        Whether the number varies.
    edges, means : tuple of ndarray, each (n_edges,) and (n_edges - 1,)
        Ends of the pieces of each number, ascending; none, or three and more. Means of their
        columns over the training rows.
    rotation : Rotation
        Of the numbers in use.
    """

    rest: TableEncoder
    shift: Array
    scale: Array
    in_use: Array
    edges: tuple[Array, ...]
    means: tuple[Array, ...]
    rotation: Rotation

    @property
    def n_pieces(self) -> int:
        """Number of columns that hold pieces."""
        return sum(len(each) for each in self.means)

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return int(self.in_use.sum()) + self.rotation.width + self.n_pieces + self.rest.width

    @property
    def is_turned(self) -> Array:
        """Tell which columns hold directions of numbers; shape (width,)."""
        return self._lie(int(self.in_use.sum()), self.rotation.width)

    @property
    def is_piece(self) -> Array:
        """Tell which columns hold pieces; shape (width,)."""
        return self._lie(int(self.in_use.sum()) + self.rotation.width, self.n_pieces)

    def _lie(self, first: int, count: int) -> Array:
        place = np.arange(self.width)
        return np.asarray((place >= first) & (place < first + count))

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return the encoded rows, float64, shape (n_rows, width)."""
        self.rest.require(design)
        numbers = design.numbers(rows)
        out = np.zeros((len(numbers), self.width))
        position = 0
        for k in np.flatnonzero(self.in_use):
            out[:, position] = squash(numbers[:, k], self.shift[k], self.scale[k])
            position += 1
        if self.rotation.width:
            turned = self.rotation.apply(in_units(numbers, self.shift, self.scale, self.in_use))
            out[:, position : position + self.rotation.width] = bend(turned, SOFT_LIMIT)
            position += self.rotation.width
        for j, (edges, means) in enumerate(zip(self.edges, self.means, strict=True)):
            known = np.isfinite(numbers[:, j])
            block = out[:, position : position + len(means)]
            block[known] = into_pieces(numbers[known, j], edges) - means
            position += len(means)
        out[:, position:] = self.rest.matrix(design, rows)
        return out

    def to_state(self) -> State:
        """Return the encoder as data; `from_state` turns it back."""
        nothing = [np.zeros(0)]
        own = State(
            {},
            {
                "shift": self.shift,
                "scale": self.scale,
                "in_use": self.in_use.astype(np.uint8),
                "n_edges": np.array([len(each) for each in self.edges], dtype=np.int64),
                "edges": np.concatenate([*nothing, *self.edges]),
                "means": np.concatenate([*nothing, *self.means]),
            },
        )
        parts = {"numbers": own, "rotation": self.rotation.to_state()}
        return nest({**parts, "rest": self.rest.to_state()})

    @classmethod
    def from_state(cls, state: State) -> PiecewiseEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        rest = TableEncoder.from_state(part(state, "rest"))
        own = part(state, "numbers")
        n_numbers = len(rest.number_names)
        counts = take_array(own, "n_edges", (n_numbers,), low=0, high=MOST_PIECES + 1, whole=True)
        ends = np.cumsum(counts)[:-1]
        edges = np.split(take_array(own, "edges", (int(counts.sum()),)), ends)
        n_means = np.maximum(counts - 1, 0)
        flat = take_array(own, "means", (int(n_means.sum()),), low=0, high=1)
        means = np.split(flat, np.cumsum(n_means)[:-1])
        if rest.in_use.any() or any(len(e) in (1, 2) or (np.diff(e) <= 0).any() for e in edges):
            raise BadModelFile("the pieces of a number in the model do not ascend", REMEDY)
        in_use = take_array(own, "in_use", (n_numbers,), low=0, high=1, whole=True).astype(bool)
        rotation = no_rotation(int(in_use.sum()))
        # Models that were written before numbers were turned have no such part.
        if "rotation" in state.spec:
            rotation = Rotation.from_state(part(state, "rotation"), rotation.axes.shape[0])
        return cls(
            rest,
            take_array(own, "shift", (n_numbers,)),
            take_array(own, "scale", (n_numbers,), low=np.finfo(float).tiny),
            in_use,
            tuple(edges[:n_numbers]),
            tuple(means[:n_numbers]),
            rotation,
        )


def into_pieces(values: Array, edges: Array) -> Array:
    """Return how far into each piece each value lies, 0 to 1; shape (n_rows, n_edges - 1).

    Examples
    --------
    >>> into_pieces(np.array([1.5, 9.0]), np.array([0.0, 1.0, 2.0]))
    array([[1. , 0.5],
           [1. , 1. ]])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        shares = (values[:, None] - edges[:-1]) / (edges[1:] - edges[:-1])
    return np.asarray(np.clip(np.nan_to_num(shares, nan=0.0), 0.0, 1.0))


def fit_piecewise(problem: Problem, train: Array) -> PiecewiseEncoder:
    """Learn the encoding on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns and weights are used.
    train : ndarray of int, shape (n_train,)
        Rows to learn from; those without weight say nothing.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression")
    >>> encoder = fit_piecewise(problem, np.arange(40))
    >>> encoder.matrix(problem.design).shape == (problem.design.n_rows, encoder.width)
    True
    """
    design = problem.design
    weight = problem.weights(train)
    rows = train[weight > 0] if weight.any() else train
    numbers = design.numbers(rows)
    shift, scale = robust_units(numbers)
    in_use = scale > 0
    wanted = min(max(FEWEST_PIECES, len(rows) // ROWS_OF_A_PIECE), MOST_PIECES)
    most = min(wanted, MOST_COLUMNS // max(int(in_use.sum()), 1))
    edges = tuple(
        _edges(column, most) if used else np.zeros(0)
        for column, used in zip(numbers.T, in_use, strict=True)
    )
    means = tuple(
        into_pieces(column[np.isfinite(column)], each).mean(axis=0) if len(each) else np.zeros(0)
        for column, each in zip(numbers.T, edges, strict=True)
    )
    missing = ~np.isfinite(numbers)
    indicator = np.asarray(missing.any(axis=0) & ~missing.all(axis=0))
    counts = [
        count_slots(codes, len(column.levels))
        for codes, column in zip(design.codes(rows).T, design.category_columns, strict=True)
    ]
    nowhere = np.zeros(len(shift), dtype=bool)
    rest = make_encoder(
        design, (np.zeros(len(shift)), np.ones(len(shift)), nowhere, indicator), counts
    )
    scale = np.where(in_use, scale, 1.0)
    rotation = fit_rotation(in_units(numbers, shift, scale, in_use))
    return PiecewiseEncoder(rest, shift, scale, in_use, edges, means, rotation)


def _edges(values: Array, most: int) -> Array:
    """Return ends of pieces that hold about the same number of rows, none for fewer than two."""
    present = values[np.isfinite(values)]
    if most < 2:
        return np.zeros(0)
    edges = np.unique(np.quantile(present, np.linspace(0.0, 1.0, most + 1), method="nearest"))
    return edges if len(edges) > 2 else np.zeros(0)
