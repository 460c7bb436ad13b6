"""Learn perceptrons of several training sets side by side, each as if it were alone.

All visit their rows in step: the first row of each, the second, and so on. One call of numpy then
serves all of them, where one perceptron would keep it busy with a few numbers.

Sources: Rosenblatt (1958), The perceptron, Psychological Review 65, 386-408; Freund & Schapire
(1999), Large margin classification using the perceptron algorithm, Machine Learning 37, 277-296.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.gram.mistakes import Learned
from rung.trees.sample import Sample
from rung.typing import Array

# Columns are filled up with zeros to a multiple of this, so that widths that differ little go in
# step; how far depends on the training set itself alone.
WIDTH_STEP = 16
# Rows scored at a time.
BLOCK = 16


@dataclass(frozen=True)
class PerceptronRows:
    """Say what one perceptron learns from, in which order; as in `rung.gram.mistakes.learn`."""

    sample: Sample
    n_classes: int
    orders: list[Array]
    keep: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int, tuple[int, ...]]:
        """Return what courses that go in step have in common."""
        width = self.sample.X.shape[1]
        return width + -width % WIDTH_STEP, self.n_classes, self.keep


def learn_together(courses: Sequence[PerceptronRows]) -> list[Learned]:
    """Learn every course; the bits of one depend on nothing in the others.

    Examples
    --------
    >>> sample = Sample(np.array([[1.0, -1.0], [1.0, 2.0]]), np.array([0, 1]), np.ones(2))
    >>> course = PerceptronRows(sample, 2, [np.arange(2)] * 4, (4,))
    >>> [learned.mistakes for learned in learn_together([course, course])]
    [(1, 0), (1, 0)]
    """
    alike: dict[object, list[int]] = {}
    for place, course in enumerate(courses):
        alike.setdefault(course.shape, []).append(place)
    out: dict[int, Learned] = {}
    for places in alike.values():
        out |= zip(places, _in_step([courses[place] for place in places]), strict=True)
    return [out[place] for place in range(len(courses))]


@dataclass(frozen=True)
class _FilledRows:
    """Rows of all courses, filled up to one number with rows without weight."""

    X: Array
    y: Array
    weight: Array
    n_rows: Array

    @classmethod
    def of(cls, courses: Sequence[PerceptronRows]) -> _FilledRows:
        n_rows = np.array([len(course.sample.y) for course in courses])
        most = int(n_rows.max())
        X = np.zeros((len(courses), most, courses[0].shape[0]))
        y = np.zeros((len(courses), most), dtype=np.int64)
        weight = np.zeros((len(courses), most))
        for j, course in enumerate(courses):
            sample = course.sample
            X[j, : n_rows[j], : sample.X.shape[1]] = sample.X
            y[j, : n_rows[j]], weight[j, : n_rows[j]] = sample.y, sample.weight
        return cls(X, y, weight, n_rows)


def _in_step(courses: Sequence[PerceptronRows]) -> list[Learned]:
    """Learn courses of one shape."""
    rows, keep = _FilledRows.of(courses), courses[0].keep
    n, n_epochs = len(courses), len(courses[0].orders)
    weights = np.zeros((n, rows.X.shape[2], courses[0].n_classes))
    early = np.zeros_like(weights)
    averages: list[Array] = []
    mistakes: list[list[int]] = [[] for _ in courses]
    errs = np.ones(n, dtype=bool)
    for epoch in range(n_epochs):
        if errs.any():
            order = np.zeros(rows.y.shape, dtype=np.int64)
            for j, course in enumerate(courses):
                order[j, : rows.n_rows[j]] = course.orders[epoch]
            n_wrong = _visit(rows, order, weights, early, before=(epoch * rows.n_rows, errs))
            for j in np.flatnonzero(errs).tolist():
                mistakes[j].append(int(n_wrong[j]))
            # After an epoch without mistakes nothing changes but the average.
            errs &= n_wrong > 0
        if epoch + 1 in keep:
            averages.append(weights - early / ((epoch + 1) * rows.n_rows)[:, None, None])
    kept = tuple(number for number in keep if number <= n_epochs)
    out = []
    for j, course in enumerate(courses):
        width = course.sample.X.shape[1]
        average = np.stack([each[j, :width] for each in averages])
        out.append(Learned(average, weights[j, :width].copy(), kept, tuple(mistakes[j])))
    return out


def _visit(
    rows: _FilledRows, order: Array, weights: Array, early: Array, *, before: tuple[Array, Array]
) -> Array:
    """Visit every row once; change the weights in place and count the mistakes of each course."""
    n_visits, errs = before
    which = np.arange(len(order))[:, None]
    n_wrong = np.zeros(len(order), dtype=np.int64)
    for first in range(0, order.shape[1], BLOCK):
        block = order[:, first : first + BLOCK]
        place = first + np.arange(BLOCK)
        if block.shape[1] < BLOCK:
            block = np.pad(block, ((0, 0), (0, BLOCK - block.shape[1])))
        counts = errs[:, None] & (place < rows.n_rows[:, None])
        X, y = rows.X[which, block], rows.y[which, block]
        weight = np.where(counts, rows.weight[which, block], 0.0)
        signs = _find(X, y, weight, counts=counts, scores=X @ weights)
        size = signs * weight[:, :, None]
        across = X.transpose(0, 2, 1)
        weights += across @ size
        early += across @ (size * (n_visits[:, None] + place)[:, :, None])
        n_wrong += (signs > 0).sum(axis=(1, 2))
    return n_wrong


def _find(X: Array, y: Array, weight: Array, *, counts: Array, scores: Array) -> Array:
    """Return 1 at the class and -1 at the rival of each mistake; (n, n_rows, n_classes).

    A block of rows is scored at once, and each mistake in it corrects the scores of the rows
    after it by their products with the row added.
    """
    now = np.ascontiguousarray(scores.transpose(0, 2, 1))
    step = (X * weight[:, :, None]) @ X.transpose(0, 2, 1)
    is_class = np.arange(now.shape[1])[:, None] == y[:, None, :]
    hidden = np.where(is_class, -np.inf, 0.0)
    signs = np.zeros(now.shape)
    which, unit = np.arange(len(X)), np.eye(now.shape[1])
    for here in range(BLOCK):
        scored = now[:, :, here]
        rival = (scored + hidden[:, :, here]).argmax(axis=1)
        wrong = scored[which, y[:, here]] <= scored[which, rival]
        wrong &= counts[:, here]
        if wrong.any():
            sign = unit[y[:, here]]
            sign -= unit[rival]
            sign *= wrong[:, None]
            signs[:, :, here] = sign
            now[:, :, here + 1 :] += step[:, None, here, here + 1 :] * sign[:, :, None]
    return np.ascontiguousarray(signs.transpose(0, 2, 1))
