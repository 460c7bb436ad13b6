"""Change weights at mistakes only, a block of rows at a time.

Sources: Rosenblatt (1958), The perceptron, Psychological Review 65, 386-408; Freund & Schapire
(1999), Large margin classification using the perceptron algorithm, Machine Learning 37, 277-296.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.trees.sample import Sample
from rung.typing import Array

# Rows scored at a time.
BLOCK_ROWS = 32


@dataclass(frozen=True)
class Learned:
    """Hold what the perceptron knows after some epochs.

    Attributes
    ----------
    average : ndarray, shape (n_epochs_kept, 1 + width, n_present)
        Mean of the weights after every visit, intercepts first; one entry for each of `epochs`.
    last : ndarray, shape (1 + width, n_present)
        The weights at the end.
    epochs : tuple of int
        Numbers of epochs after which the average was kept.
    mistakes : tuple of int
        Mistakes in each epoch, until one had none.
    """

    average: Array
    last: Array
    epochs: tuple[int, ...]
    mistakes: tuple[int, ...]


def learn(sample: Sample, n_classes: int, orders: list[Array], keep: tuple[int, ...]) -> Learned:
    """Visit the rows in the order given, epoch after epoch.

    Parameters
    ----------
    sample : Sample
        Its X has ones in the first column; its y counts from 0 to n_classes - 1.
    n_classes : int
        Classes with a score.
    orders : list of ndarray of int, each (n_rows,)
        Order of the rows in each epoch. After an epoch without mistakes nothing changes but the
        average, which needs no visits.
    keep : tuple of int
        Keep the average after so many epochs.

    Examples
    --------
    >>> sample = Sample(np.array([[1.0, -1.0], [1.0, 2.0]]), np.array([0, 1]), np.ones(2))
    >>> learn(sample, 2, [np.arange(2)] * 4, (4,)).mistakes
    (1, 0)
    """
    weights = np.zeros((sample.X.shape[1], n_classes))
    # Sum over mistakes of the change times the visits before it: the average is then one
    # subtraction away.
    early = np.zeros_like(weights)
    averages: list[Array] = []
    mistakes: list[int] = []
    n_visits = 0
    for epoch, order in enumerate(orders, 1):
        if not mistakes or mistakes[-1]:
            mistakes.append(_visit(sample, order, weights, before=(early, n_visits)))
        n_visits += len(order)
        if epoch in keep:
            averages.append(weights - early / n_visits)
    kept = tuple(epoch for epoch in keep if epoch <= len(orders))
    return Learned(np.stack(averages), weights, kept, tuple(mistakes))


def _visit(sample: Sample, order: Array, weights: Array, *, before: tuple[Array, int]) -> int:
    """Visit every row once, in order; change the weights in place and count the mistakes.

    A block of rows is scored at once, and each mistake in it corrects the scores of the rows
    after it by their products with the row added: the same steps as row by row, faster.
    """
    early, n_visits = before
    n_mistakes = 0
    for first in range(0, len(order), BLOCK_ROWS):
        block = order[first : first + BLOCK_ROWS]
        X, y, weight = sample.X[block], sample.y[block], sample.weight[block]
        wrong = _mistakes(X, y, weight, scores=X @ weights)
        if not wrong:
            continue
        rows, rivals = np.array(wrong).T
        size = np.zeros((len(rows), weights.shape[1]))
        index = np.arange(len(rows))
        size[index, y[rows]] = weight[rows]
        size[index, rivals] = -weight[rows]
        weights += X[rows].T @ size
        early += X[rows].T @ (size * (n_visits + first + rows)[:, None])
        n_mistakes += len(rows)
    return n_mistakes


def _mistakes(X: Array, y: Array, weight: Array, *, scores: Array) -> list[tuple[int, int]]:
    """Return the mistakes of a block of rows, in order, as (row, rival class)."""
    # In plain lists: a call of numpy takes longer than all that a mistake changes in so few rows.
    rows, step = scores.tolist(), ((X * weight[:, None]) @ X.T).tolist()
    found: list[tuple[int, int]] = []
    for here, (row, label) in enumerate(zip(rows, y.tolist(), strict=True)):
        own, row[label] = row[label], -math.inf
        highest = max(row)
        if own > highest:
            continue
        rival = row.index(highest)
        found.append((here, rival))
        for later, size in zip(rows[here + 1 :], step[here][here + 1 :], strict=True):
            later[label] += size
            later[rival] -= size
    return found
