"""Train one network with numpy, step for step as a population of one is trained with torch.

First weights, orders of rows and dropped units are drawn alike, so both give the same network but
for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.nets.tables.flat import FlatLayout
from rung.nets.tables.plans import Course, Held, TrainingPlan, is_over, is_watched
from rung.nets.tables.shapes import NetworkShape, initial
from rung.nets.tables.single_slope import SingleSlope, losses_of_mean, losses_with_slope
from rung.typing import Array

# As in `optim.py`, where the sources stand.
BETAS, EPSILON, MOMENTUM, SIZE = (0.9, 0.999), 1e-8, 0.95, 0.2
QUINTIC = (3.4445, -4.7750, 2.0315)
# Rows that are judged together.
ROWS_AT_ONCE = 2_048


@dataclass(frozen=True)
class NetworkRows:
    """Hold what a network learns from.

    Attributes
    ----------
    inputs : float32 ndarray, shape (n_rows, n_inputs)
        Rows.
    target, weight : ndarray, shape (n_rows,)
        Values or class numbers; weights of mean one, or None where all are one.
    loss, judge : str
        Kind of what is lowered, and of what the watched rows are judged by.
    batch_rows : int
        Rows of a step.
    longest : float
        Longest gradient; 0 for any.
    """

    inputs: Array
    target: Array
    weight: Array | None
    loss: str
    judge: str
    batch_rows: int
    longest: float = 0.0


class SingleNetwork:
    """Train one network; what can be read and called is that of a `Population` of one.

    Parameters
    ----------
    shape : NetworkShape
        Of the network.
    plans : sequence of TrainingPlan
        A single one.
    lesson : NetworkRows
        Rows.
    """

    def __init__(
        self, shape: NetworkShape, plans: Sequence[TrainingPlan], lesson: NetworkRows
    ) -> None:
        (self.plan,) = self.plans = tuple(plans)
        self.lesson, self.shape, layout = lesson, shape, FlatLayout.of(shape)
        self.courses = (Course(tuple(Held() for _ in self.plan.watched)),)
        self.alive, self.lost = [0], 0.0
        self.values, self.slopes, self.first, self.second = np.zeros(
            (4, layout.size), dtype=np.float32
        )
        self.parameters, self._slope_of, self._mean_of = (
            {name: flat[place].reshape(size) for name, (place, size) in layout.places.items()}
            for flat in (self.values, self.slopes, self.first)
        )
        for name, drawn in initial(shape, [self.plan.generator]).items():
            self.parameters[name][...] = drawn[0]
        self.layout, self._order = layout, np.zeros(0, dtype=np.int64)
        self._slope = SingleSlope(shape, lesson.batch_rows)
        scale = self.plan.scale
        self._scale = None if scale is None else np.asarray(scale, dtype=np.float32)[:, None]
        self._steps, self._done = len(self.plan.rows) // lesson.batch_rows, 0

    def run(self, until: int | None = None) -> None:
        """Train to the end, or until so many passes over the rows are done at least."""
        with np.errstate(all="ignore"):  # a training may break; its losses say so
            while self.alive and (until is None or self._done // self._steps < until):
                self.step()
                if self._done % self._steps == 0:
                    self._look()

    def stop(self, _: Sequence[int]) -> None:
        """End the training here."""
        self.courses[0].parameters = self._weights()
        self.alive = []

    def step(self) -> None:
        """Take one step."""
        rows, lesson = self._batch(), self.lesson
        inputs, masks = lesson.inputs.take(rows, axis=0), self._masks()
        first = self._first()
        scores = self._slope.scores(self.parameters, first, inputs, masks)
        losses, slope = losses_with_slope(lesson.loss, scores, lesson.target[rows])
        slope *= np.float32(1.0 / losses.size)
        if lesson.weight is not None:
            weight = lesson.weight[rows]
            losses, slope = losses * weight, slope * weight[:, None]
        self._slope.derive(self.parameters, self._slope_of, inputs, slope, masks)
        if self._scale is not None:
            self._slope_of["first.weight"] *= self._scale
        self.lost += float(losses.mean())
        self._shorten()
        self._move()
        self._done += 1

    def _first(self) -> Array:
        first = self.parameters["first.weight"]
        return first if self._scale is None else first * self._scale

    def _batch(self) -> Array:
        step = self._done % self._steps
        if step == 0:
            self._order = self.plan.rows[self.plan.generator.permutation(len(self.plan.rows))]
        size = self.lesson.batch_rows
        return self._order[step * size : (step + 1) * size]

    def _masks(self) -> list[Array]:
        """Draw which hidden units stay; a byte a unit, as a population does."""
        if not self.plan.dropout:
            return []
        n_kept = max(round(256 * (1.0 - self.plan.dropout)), 1)
        size = (len(self._slope.hidden), *self._slope.hidden[0].shape)
        n_units = int(np.prod(size))
        words = self.plan.generator.integers(1 << 64, size=-(-n_units // 8), dtype=np.uint64)
        is_kept = np.less_equal(words.view(np.uint8)[:n_units], n_kept - 1)  # 256 is no byte
        masks = is_kept.view(np.int8).astype(np.float32)
        masks *= np.float32(256 / n_kept)
        return list(masks.reshape(size))

    def _shorten(self) -> None:
        length = float(np.sqrt(self.slopes @ self.slopes))
        if self.lesson.longest and length > self.lesson.longest:
            self.slopes *= np.float32(self.lesson.longest / length)

    def _move(self) -> None:
        """Step by AdamW, or by Muon between layers and by AdamW elsewhere."""
        plan = self.plan
        rate = plan.learning_rate * plan.schedule(self._done / (plan.epochs * self._steps))
        begin = self.layout.n_matrices if plan.orthogonal else 0
        if plan.orthogonal:
            kept = np.float32(1.0 - rate * plan.weight_decay)
            for name, (place, size) in self.layout.places.items():
                if place.stop <= begin:
                    slope, mean, value = (
                        each[name] for each in (self._slope_of, self._mean_of, self.parameters)
                    )
                    turned = muon_direction(slope, mean, plan.orthogonal)
                    value *= kept
                    value -= turned * np.float32(rate * SIZE * max(size) ** 0.5)
        weights = slice(begin, self.layout.n_decaying)
        self.values[weights] *= np.float32(1.0 - rate * plan.weight_decay)
        own = slice(begin, None)
        adam_step(*(each[own] for each in self._flat), rate=rate, step=self._done + 1)

    @property
    def _flat(self) -> tuple[Array, Array, Array, Array]:
        return self.values, self.slopes, self.first, self.second

    def _look(self) -> None:
        """Record a finished pass, and stop where training is over."""
        course = self.courses[0]
        course.train_loss.append(self.lost / self._steps)
        course.step_size.append(self._step_size())
        self.lost = 0.0
        for number, held in enumerate(course.held):
            if is_watched(self.plan, course, number):
                held.loss.append(self._judged(self.plan.watched[number]))
                if not held.parameters or held.loss[-1] < min(held.loss[:-1]):
                    held.parameters, held.best = self._weights(), len(held.loss)
        if is_over(self.plan, course, self._done // self._steps):
            self.stop([])

    def _judged(self, rows: Array) -> float:
        """Return the judged loss of rows, as their weighted mean."""
        lesson = self.lesson
        losses = np.concatenate(
            [
                self._losses(rows[start : start + ROWS_AT_ONCE])
                for start in range(0, len(rows), ROWS_AT_ONCE)
            ]
        )
        if lesson.weight is None:
            return float(losses.mean())
        weight = lesson.weight[rows].astype(np.float64)
        return float((losses * weight).sum() / weight.sum())

    def _losses(self, rows: Array) -> Array:
        room, lesson = SingleSlope(self.shape, len(rows)), self.lesson
        scores = room.scores(self.parameters, self._first(), lesson.inputs[rows])
        return losses_of_mean(lesson.judge, scores, lesson.target[rows]).astype(np.float64)

    def _step_size(self) -> float:
        """Return the length of the last step of the weights by their length, decay not counted."""
        plan, step = self.plan, self._done
        rate = plan.learning_rate * plan.schedule(step / (plan.epochs * self._steps))
        first, second = (1.0 - beta**step for beta in BETAS)
        weights = slice(self.layout.n_decaying)
        moved = self.first[weights] / first / (np.sqrt(self.second[weights] / second) + EPSILON)
        if plan.orthogonal:
            moved[: self.layout.n_matrices] = SIZE
        length = float(np.linalg.norm(self.values[weights]))
        return rate * float(np.linalg.norm(moved)) / max(length, EPSILON)

    def _weights(self) -> dict[str, Array]:
        """Return the parameters as the columns themselves meet them."""
        own = {**self.parameters, "first.weight": self._first()}
        return {name: each.copy() for name, each in own.items()}


def adam_step(
    values: Array, slopes: Array, first: Array, second: Array, *, rate: float, step: int
) -> None:
    """Step values by Adam, in place; `step` counts from one."""
    first += (slopes - first) * np.float32(1.0 - BETAS[0])
    second *= np.float32(BETAS[1])
    second += np.square(slopes) * np.float32(1.0 - BETAS[1])
    root = np.sqrt(second)
    root *= np.float32((1.0 - BETAS[1] ** step) ** -0.5)
    root += np.float32(EPSILON)
    np.divide(first, root, out=root)
    root *= np.float32(rate / (1.0 - BETAS[0] ** step))
    values -= root


def muon_direction(slope: Array, mean: Array, n_iterations: int) -> Array:
    """Return the direction in which Muon steps a matrix; its running mean takes in the slope.

    `rung.nets.training.orthogonal` says why, for torch.

    Parameters
    ----------
    slope, mean : ndarray, shape (n_rows, n_columns)
        Derivative, which is overwritten; running mean.
    n_iterations : int
        Of the quintic.
    """
    mean += (slope - mean) * np.float32(1.0 - MOMENTUM)
    slope += (mean - slope) * np.float32(MOMENTUM)
    now = slope if slope.shape[0] <= slope.shape[1] else slope.T
    now = now / np.float32(np.sqrt(np.square(now).sum()) + 1e-7)
    first, second, third = (np.float32(each) for each in QUINTIC)
    for _ in range(n_iterations):
        gram = now @ now.T
        polynomial = gram @ gram
        polynomial *= third
        polynomial += second * gram
        now = first * now + polynomial @ now
    return np.asarray(now if slope.shape[0] <= slope.shape[1] else now.T)
