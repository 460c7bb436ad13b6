"""Write a sum of curves as a formula: each curve as its knots, joined by straight lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rung.prep.curves import CurveEncoder
from rung.prep.formula import BrokenLine, Formula, encoded_pieces
from rung.typing import Array


def curve_formula(
    encoder: CurveEncoder, coefficients: Array, intercept: Array, *, task: str
) -> Formula:
    """Return the formula of curves of single columns.

    Parameters
    ----------
    encoder : CurveEncoder
        Without pairs.
    coefficients : ndarray, shape (width, n_scores)
        Heights at knots, of gaps and of levels.
    intercept : ndarray, shape (n_scores,)
        Added to each row.
    task : str
        Of two classes the one score is the log odds of the second.
    """
    if task == "binary":
        nothing = np.zeros_like(coefficients)
        coefficients = np.concatenate([nothing, coefficients], axis=1)
        intercept = np.concatenate([np.zeros_like(intercept), intercept])
    lines = [
        BrokenLine(
            encoder.rest.number_names[j],
            tuple(knots.tolist()),
            tuple(map(tuple, coefficients[encoder.starts[j] : encoder.starts[j + 1]].tolist())),
        )
        for j, knots in enumerate(encoder.knots)
        if len(knots)
    ]
    rest, _ = encoded_pieces(encoder.rest, coefficients[int(encoder.starts[-1]) :])
    n_classes = 0 if task == "regression" else len(intercept)
    return Formula(
        intercept=tuple(intercept.tolist()),
        pieces=(*lines, *rest),
        link="softmax" if n_classes else "value",
        classes=tuple(range(n_classes)),
        absent=(0.0,) * n_classes,
    )


def at_knots_of(formula: Formula, others: Sequence[Formula]) -> list[Formula]:
    """Return formulas with each curve at the knots that it has in the first, to be compared there.

    A column without a curve in one of the others has the height 0 there.
    """
    lines = [piece for piece in formula.pieces if isinstance(piece, BrokenLine)]
    return [_moved(other, lines) for other in others]


def _moved(other: Formula, lines: Sequence[BrokenLine]) -> Formula:
    own = {piece.column: piece for piece in other.pieces if isinstance(piece, BrokenLine)}
    moved = []
    for line in lines:
        found = own.get(line.column)
        if found is not None:
            heights = np.array(found.weights)
            at = np.column_stack([np.interp(line.knots, found.knots, each) for each in heights.T])
            moved.append(BrokenLine(line.column, line.knots, tuple(map(tuple, at.tolist()))))
    rest = tuple(piece for piece in other.pieces if not isinstance(piece, BrokenLine))
    return replace(other, pieces=(*moved, *rest))
