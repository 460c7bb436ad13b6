"""Write a model as a formula in the units of the table: a sum of pieces, each of a column or two.

`rung.prep.formula_text` writes it for people and programs, `formula_python` as a program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from rung.prep.one_hot import TableEncoder
from rung.typing import Array

Weights: TypeAlias = tuple[float, ...]
MISSING, OTHER, AT = "is missing", "is another level", "at"


@dataclass(frozen=True)
class Product:
    """Weights times numbers, each taken from its centre; nothing where one is missing.

    `columns` names a column twice for its square.
    """

    columns: tuple[str, ...]
    weights: Weights


@dataclass(frozen=True)
class Missing:
    """Weights that are added where a number is missing."""

    column: str
    weights: Weights


@dataclass(frozen=True)
class Levels:
    """Weights by the level of a category, where it is missing, and where it is any other."""

    column: str
    weights: Mapping[str, Weights]
    missing: Weights
    other: Weights


@dataclass(frozen=True)
class Steps:
    """Weights by the interval that a number lies in.

    `weights[i]` holds up to and with `edges[i]`, the last one beyond; `missing` where there is none.
    """

    column: str
    edges: tuple[float, ...]
    weights: tuple[Weights, ...]
    missing: Weights


@dataclass(frozen=True)
class Bell:
    """Logarithm of a normal density, one for each score, up to a constant; nothing where missing."""

    column: str
    means: Weights
    deviations: Weights


@dataclass(frozen=True)
class BrokenLine:
    """Weights at knots of a number, joined by straight lines and level outside; nothing where missing."""

    column: str
    knots: tuple[float, ...]
    weights: tuple[Weights, ...]


Piece: TypeAlias = Product | Missing | Levels | Steps | Bell | BrokenLine


@dataclass(frozen=True, kw_only=True)
class Formula:
    """What a model computes.

    Attributes
    ----------
    intercept : tuple of float
        Start of each score.
    pieces : tuple of Piece
        What columns add to the scores.
    centres : mapping of str to float
        What is taken off a number in products, in its own unit.
    link : str
        `value`: the score is predicted; `shares`: scores are probabilities; `softmax`: they are
        made from scores.
    classes : tuple of int
        Class of each score; empty for values.
    absent : tuple of float
        Probability of each class that no training row showed, before all sum to one.
    bounds : tuple of float
        Lowest and highest value that is predicted, where values are held between two.
    gap : tuple of str and tuple of float, optional
        A column without which the outputs are these, whatever the scores.
    """

    intercept: Weights
    pieces: tuple[Piece, ...] = ()
    centres: Mapping[str, float] = field(default_factory=dict)
    link: Literal["value", "shares", "softmax"] = "value"
    classes: tuple[int, ...] = ()
    absent: Weights = ()
    bounds: tuple[float, ...] = ()
    gap: tuple[str, Weights] | None = None

    @property
    def n_scores(self) -> int:
        """Number of scores."""
        return len(self.intercept)

    def is_straight(self) -> bool:
        """Tell whether all pieces are lines and levels, so that a centre can be multiplied out."""
        return all(
            isinstance(piece, Missing | Levels)
            or (isinstance(piece, Product) and len(piece.columns) == 1)
            for piece in self.pieces
        )

    def start(self) -> Weights:
        """Return the intercept of a straight formula at 0 of every number, not at its centre."""
        total = np.array(self.intercept)
        for piece in self.pieces:
            if isinstance(piece, Product):
                total = total - np.array(piece.weights) * self.centres[piece.columns[0]]
        return tuple(total.tolist())

    def coefficients(self) -> dict[tuple[str, ...], Weights]:
        """Return weights by what they multiply: columns, or a column and a level.

        The key of the intercept is empty: of a straight formula it stands at 0 of every number, of
        others at their centres.
        """
        start = self.start() if self.is_straight() else self.intercept
        found: dict[tuple[str, ...], Weights] = {(): start}
        for piece in self.pieces:
            found.update(weights_of(piece))
        return found


def weights_of(piece: Piece) -> Iterator[tuple[tuple[str, ...], Weights]]:
    """Yield what is multiplied, with its weights."""
    if isinstance(piece, Product):
        yield piece.columns, piece.weights
    elif isinstance(piece, Missing):
        yield (piece.column, MISSING), piece.weights
    elif isinstance(piece, Levels):
        for level, weights in piece.weights.items():
            yield (piece.column, f"= {level}"), weights
        for key, weights in ((MISSING, piece.missing), (OTHER, piece.other)):
            if any(weights):
                yield (piece.column, key), weights
    elif isinstance(piece, Steps):
        for i, weights in enumerate(piece.weights):
            yield (piece.column, _interval(piece.edges, i)), weights
        yield (piece.column, MISSING), piece.missing
    elif isinstance(piece, BrokenLine):
        for knot, weights in zip(piece.knots, piece.weights, strict=True):
            yield (piece.column, f"{AT} {knot:.9g}"), weights
    else:
        yield (piece.column, "mean"), piece.means
        yield (piece.column, "deviation"), piece.deviations


def _interval(edges: Sequence[float], i: int) -> str:
    if i == len(edges):
        return f"> {edges[-1]:.6g}" if edges else "is known"
    low = f"{edges[i - 1]:.6g} < x " if i else ""
    return f"{low}≤ {edges[i]:.6g}"


def encoded_pieces(
    encoder: TableEncoder, coefficients: Array
) -> tuple[tuple[Piece, ...], dict[str, float]]:
    """Return the pieces of a weighted sum of encoded columns, and the centres of its numbers.

    Parameters
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Weights of the columns.
    """
    rows = iter(coefficients.tolist())
    pieces: list[Piece] = []
    centres = {}
    names = encoder.number_names
    for j in np.flatnonzero(encoder.in_use):
        scale = float(encoder.scale[j])
        pieces.append(Product((names[j],), tuple(weight / scale for weight in next(rows))))
        centres[names[j]] = float(encoder.shift[j])
    pieces.extend(Missing(names[j], tuple(next(rows))) for j in np.flatnonzero(encoder.indicator))
    nothing = (0.0,) * coefficients.shape[1]
    for category in encoder.categories:
        if not category.width:
            continue
        weights = {level: tuple(next(rows)) for level in category.levels}
        missing = tuple(next(rows)) if category.missing else None
        other = tuple(next(rows)) if category.other else nothing
        pieces.append(Levels(category.name, weights, other if missing is None else missing, other))
    return tuple(pieces), centres
