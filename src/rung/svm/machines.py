"""Train support vector machines of given settings: rows in, something that scores rows out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.core.family import Context, Design, Problem
from rung.prep.one_hot import TableEncoder
from rung.svm.kernels import Radial, kernel_scores, median_gamma
from rung.svm.margins import MarginRows, fit_values, settle_margins
from rung.typing import Array

# Landmarks of a kernel: all training rows up to the first number, then so many of them; fewer
# where there are more than MANY_ROWS training rows, or some are explained by the others.
LANDMARKS = 1_000
MANY_ROWS = 24_000
FEWER_LANDMARKS = 512
# A machine is trained on at most so many rows, and so many cells.
MOST_ROWS = 50_000
MOST_CELLS = 50_000_000
PREDICT_ROWS = 8_192


@dataclass(frozen=True)
class Setting:
    """Say which machine: its reach and what a wrong margin costs.

    Attributes
    ----------
    reach : float
        gamma in units of 1 / the median squared distance of rows; 0 for a linear machine.
    cost : float
        C of `rung.svm.margins`.
    """

    reach: float
    cost: float


@dataclass(frozen=True)
class Machine:
    """Hold what scores rows.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    gamma : float
        Of the kernel exp(-gamma |x - l|^2); 0 for a linear machine.
    landmarks : ndarray, shape (n_landmarks, width)
        Encoded training rows to compare with; none for a linear machine.
    coefficients : ndarray, shape (n_landmarks or width, n_scores)
        Weights of the comparisons, or of the columns.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    is_settled : bool
        Whether the steps allowed were enough to fit it.
    """

    encoder: TableEncoder
    gamma: float
    landmarks: Array
    coefficients: Array
    intercept: Array
    is_settled: bool = True

    def scores(self, design: Design, rows: Array | None = None) -> Array:
        """Return margins or values, shape (n_rows, n_scores); equal bits for any subset of rows."""
        if not self.gamma:
            return self.encoder.combine(design, rows, self.coefficients, self.intercept)
        rows = np.arange(design.n_rows) if rows is None else rows
        out = np.empty((len(rows), len(self.intercept)))
        for first in range(0, len(rows), PREDICT_ROWS):
            X = self.encoder.matrix(design, rows[first : first + PREDICT_ROWS])
            scores = kernel_scores(X, self.landmarks, self.gamma, self.coefficients)
            out[first : first + PREDICT_ROWS] = scores + self.intercept
        return out


def join_machines(machines: Sequence[Machine]) -> Machine:
    """Return one machine with the scores of all, which share encoder and landmarks, in order."""
    first = machines[0]
    return Machine(
        first.encoder,
        first.gamma,
        first.landmarks,
        np.concatenate([machine.coefficients for machine in machines], axis=1),
        np.concatenate([machine.intercept for machine in machines]),
    )


@dataclass(frozen=True)
class Bench:
    """Hold training rows, ready for machines of any setting.

    Attributes
    ----------
    encoder : TableEncoder
        Fitted on the training rows.
    X : ndarray, shape (n_used, width)
        Encoded rows.
    Y : ndarray, shape (n_used, n_scores)
        Signs, or values in standard units.
    weight : ndarray, shape (n_used,)
        Weights with mean 1.
    chosen : ndarray of int
        Landmarks: positions in X.
    unit : tuple of float or None
        Mean and standard deviation of values; None for classes.
    """

    encoder: TableEncoder
    X: Array
    Y: Array
    weight: Array
    chosen: Array
    unit: tuple[float, float] | None

    def machines(self, reach: float, costs: Sequence[float], tolerance: float) -> Iterator[Machine]:
        """Fit one kernel at rising costs, each from where the one before ended."""
        landmarks = self.X[self.chosen] if reach else np.zeros((0, self.X.shape[1]))
        gamma = reach * median_gamma(landmarks) if reach else 0.0
        radial = Radial.of(landmarks, gamma) if reach else None
        landmarks = radial.landmarks if radial else landmarks
        lesson = MarginRows(radial.features(self.X) if radial else self.X, self.Y, self.weight)
        theta, is_settled = None, True
        for cost in costs:
            if self.unit is None:
                theta, is_settled = settle_margins(lesson, cost, start=theta, tolerance=tolerance)
            else:
                theta = fit_values(lesson, cost)
            coefficients = radial.fold(theta[1:]) if radial else theta[1:]
            shift, scale = self.unit or (0.0, 1.0)
            yield Machine(
                self.encoder,
                gamma,
                landmarks,
                coefficients * scale,
                theta[0] * scale + shift,
                is_settled,
            )


@dataclass(frozen=True)
class Trainer:
    """Train machines on rows of one problem; what it does depends on those rows alone."""

    problem: Problem
    context: Context

    @property
    def n_scores(self) -> int:
        """Margins of a row: one for two classes, else one for each class; one value."""
        n_classes = len(self.problem.classes)
        return n_classes if n_classes > 2 else 1

    def signs(self, rows: Array) -> Array:
        """Return 1 where a row is of the class, -1 elsewhere; shape (n_rows, n_scores)."""
        classes = np.arange(self.n_scores) if self.n_scores > 1 else np.ones(1, dtype=np.int64)
        return np.where(self.problem.y[rows][:, None] == classes, 1.0, -1.0)

    def weights(self, rows: Array) -> Array:
        """Return weights with mean 1; the same for all where none has any."""
        weight = self.problem.weights(rows)
        return weight / weight.mean() if weight.any() else np.ones(len(rows))

    def sample(self, rows: Array, most: int) -> Array:
        """Return at most so many of the rows, drawn at random, in their order."""
        if len(rows) <= most:
            return rows
        order = self.context.rng("svm", "rows", len(rows)).permutation(len(rows))
        return np.asarray(rows[np.sort(order[:most])])

    def bench(self, rows: Array, most: int = MOST_ROWS, *, landmarks: int = LANDMARKS) -> Bench:
        """Prepare training rows, at most so many of them, with at most so many landmarks."""
        encoder = cast(TableEncoder, self.context.encoded("one-hot", rows))
        used = self.sample(rows, min(most, MOST_CELLS // max(encoder.width, 1)))
        weight = self.weights(used)
        X = encoder.matrix(self.problem.design, used)
        n_landmarks = landmarks if len(used) <= MANY_ROWS else min(landmarks, FEWER_LANDMARKS)
        order = self.context.rng("svm", "landmarks", len(used)).permutation(len(used))
        chosen = np.sort(order[:n_landmarks])
        if self.problem.classes:
            return Bench(encoder, X, self.signs(used), weight, chosen, None)
        y = self.problem.y[used]
        shift = float(np.average(y, weights=weight))
        scale = float(np.sqrt(np.average((y - shift) ** 2, weights=weight))) or 1.0
        return Bench(encoder, X, ((y - shift) / scale)[:, None], weight, chosen, (shift, scale))
