"""Find pairs of columns that say more together than their curves do one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.core.family import Design, Problem
from rung.gram.logistic import shares
from rung.prep.curves import CurveEncoder
from rung.typing import Array


def choose_pairs(
    problem: Problem,
    rows: Array,
    encoder: CurveEncoder,
    fitted: tuple[Array, Array],
    *,
    n_pairs: int,
) -> Array:
    """Return the pairs whose cells explain most of what curves leave, shape (n_pairs, 2).

    Parameters
    ----------
    problem : Problem
        What is fitted.
    rows : ndarray of int, shape (n_rows,)
        Training rows.
    encoder : CurveEncoder
        Without pairs.
    fitted : (ndarray of shape (width, n_scores), ndarray of shape (n_scores,))
        Heights of the curves, and the intercept.
    n_pairs : int
        How many at most.

    Source: Lou, Caruana, Gehrke & Hooker (2013), Accurate intelligible models with pairwise
    interactions, KDD 19.
    """
    design = problem.design
    scores = encoder.combine(design, rows, *fitted)
    weight = problem.weights(rows)
    if problem.task == "regression":
        left = (problem.y[rows] - scores[:, 0])[:, None]
    else:
        target = np.eye(len(problem.classes))[problem.y[rows]]
        left = target[:, 1:] - shares(scores) if scores.shape[1] == 1 else target - shares(scores)
    n_columns = len(encoder.knots) + len(encoder.rest.categories)
    usable = [c for c in range(n_columns) if _is_usable(encoder, c)]
    listed = [(a, b) for i, a in enumerate(usable) for b in usable[i + 1 :]]
    if not listed:
        return np.zeros((0, 2), dtype=np.int64)
    whole = replace(encoder, pairs=np.array(listed, dtype=np.int64))
    gains = [
        _gain(whole, np.array(pair), design, rows, left=left, weight=weight) for pair in listed
    ]
    order = np.argsort(-np.array(gains), kind="stable")[:n_pairs]
    return np.array([listed[k] for k in sorted(order)], dtype=np.int64).reshape(-1, 2)


def _is_usable(encoder: CurveEncoder, column: int) -> bool:
    if column < len(encoder.knots):
        return len(encoder.knots[column]) > 0
    return encoder.rest.categories[column - len(encoder.knots)].width > 1


def _gain(
    encoder: CurveEncoder,
    pair: Array,
    design: Design,
    rows: Array,
    *,
    left: Array,
    weight: Array,
) -> float:
    """Return by how much the means of cells lower the squares that are left."""
    known, cell, _ = encoder.corners(pair, design, rows)[0]
    n_cells = int(np.prod(encoder.sides(pair)))
    mass = np.bincount(cell, weight[known], minlength=n_cells)
    gain = 0.0
    for column in left.T:
        sums = np.bincount(cell, (weight * column)[known], minlength=n_cells)
        gain += float(np.sum(sums**2 / np.maximum(mass + mass.sum() / (4 * n_cells), 1e-300)))
    return gain
