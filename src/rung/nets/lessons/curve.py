"""Bend a line to data: a sum of ReLUs, fitted by gradient descent one can watch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from rung.errors import DataError, UsageError
from rung.nets.lessons.descent import Descent, DescentPace, compare_descents, descend, ran_away
from rung.nets.lessons.simple import one_hidden_layer
from rung.typing import Array, Untyped

LECTURE_SEED = 5984
MOST_RELUS = 1000


@dataclass(frozen=True)
class Curve:
    """Hold a sum of ReLUs: height · max(0, slope · x + bias) of each unit, plus an offset.

    Attributes
    ----------
    slope, bias, height : ndarray, shape (n_relus,)
        In the units of the data.
    offset : float
        What is added to all.

    Examples
    --------
    >>> valley = Curve(np.array([-1.0, 1.0]), np.zeros(2), np.ones(2), -1.0)
    >>> valley.predict(np.array([-2.0, 0.0, 2.0]))
    array([ 1., -1.,  1.])
    """

    slope: Array
    bias: Array
    height: Array
    offset: float

    def units(self, x: Array) -> Array:
        """Return what each unit adds, shape (n_points, n_relus)."""
        return np.asarray(self.height * np.maximum(np.multiply.outer(x, self.slope) + self.bias, 0))

    def predict(self, x: Array) -> Array:
        """Return the height of the curve, shape (n_points,)."""
        return np.asarray(self.units(np.asarray(x, dtype=np.float64)).sum(axis=1) + self.offset)

    @property
    def kinks(self) -> Array:
        """Where each unit bends, shape (n_relus,); infinite for one that does not."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.slope != 0, -self.bias / self.slope, np.inf)


@dataclass(frozen=True)
class CurveFit:
    """Record how a curve was fitted.

    Attributes
    ----------
    x, y : ndarray, shape (n_points,)
        The data.
    curve : Curve
        The best of all starts.
    loss : ndarray, shape (n_steps + 1,)
        Mean squared error before each step and at the end, in the unit of y squared.
    snapshots : tuple of (int, Curve)
        Steps done, and the curve then.
    start_losses : ndarray, shape (n_starts,)
        Mean squared error that each start came to.
    """

    x: Array
    y: Array
    curve: Curve
    loss: Array
    snapshots: tuple[tuple[int, Curve], ...]
    start_losses: Array

    @property
    def mean_squared_error(self) -> float:
        """Of the curve on the data it was fitted to."""
        return float(np.mean((self.curve.predict(self.x) - self.y) ** 2))


def lecture_points(n_points: int = 1000, *, noise: float = 0.2) -> tuple[Array, Array]:
    """Return the lecture's data: -cos(x) from -π to π with normal noise, numpy seed 5984.

    Examples
    --------
    >>> x, y = lecture_points()
    >>> round(float(np.mean((y + np.cos(x)) ** 2)), 4)
    0.0406
    """
    # The generator of the lecture: its numbers are only the same from this one.
    generator = np.random.RandomState(LECTURE_SEED)
    x = np.linspace(-np.pi, np.pi, n_points)
    return x, generator.normal(0.0, noise, n_points) - np.cos(x)


def fit_curve(
    x: Untyped, y: Untyped, n_relus: int = 2, *, pace: DescentPace | None = None, starts: int = 5
) -> CurveFit:
    """Fit a sum of ReLUs to points by plain gradient descent.

    The steps are those of `rung.nets.descend`: forward, loss, backward, step, on all points at
    once. Descent ends in the valley that it starts in, and few ReLUs have many; so it is done from
    several starts, numbered from the seed on, and the lowest end is kept. More starts never end
    higher.

    Parameters
    ----------
    x, y : array, shape (n_points,)
        Finite numbers; both are standardised for the descent, and the curve is given back in
        their units.
    n_relus : int
        Units that are added up.
    pace : DescentPace, optional
        Learning rate, steps, rows of a step, seed. By default 2,000 steps on all points at 0.1, or
        2 / n_relus beyond 20: the more units, the steeper the sum.
    starts : int
        How many starts to try.

    Returns
    -------
    CurveFit
        The curve, the loss of each step, and the curve at steps 0, 1, 3, 10, 30, ... and the end.

    Raises
    ------
    DataError
        If x and y are not finite numbers, equally many, and more than one distinct x.

    Examples
    --------
    >>> x, y = lecture_points()
    >>> fit = fit_curve(x, y, n_relus=2, pace=DescentPace(steps=300), starts=1)
    >>> bool(fit.mean_squared_error < 0.1 * fit.loss[0])
    True
    """
    x, y = _points(x, y)
    _check_count("n_relus", n_relus, MOST_RELUS)
    _check_count("starts", starts, 1000)
    pace = pace or DescentPace(learning_rate=min(0.1, 2.0 / n_relus), steps=2000)
    scale = _Scale(float(x.mean()), float(x.std()), float(y.mean()), float(y.std()) or 1.0)
    X, Y = (torch.from_numpy(each)[:, None] for each in scale.standard(x, y))
    best, ends = None, []
    for start in range(starts):
        network = one_hidden_layer(1, n_relus, seed=pace.seed + start)
        snapshots = _Snapshots(scale, pace.steps)
        walk = descend(network, X, Y, pace=pace, watch=snapshots)
        ends.append(float(walk.pass_losses[-1]))
        if best is None or ends[-1] < ends[best[0]]:
            best = start, walk, snapshots
    if best is None or not np.isfinite(ends).all():
        raise ran_away(pace.learning_rate, f"DescentPace(learning_rate={pace.learning_rate / 4:g})")
    _, walk, snapshots = best
    loss = np.append(walk.step_losses, walk.pass_losses[-1]) * scale.y_scale**2
    taken = tuple(snapshots.taken)
    return CurveFit(x, y, taken[-1][1], loss, taken, np.array(ends) * scale.y_scale**2)


def lecture_descents(
    *, relus: int = 10, passes: int = 20, pace: DescentPace | None = None
) -> dict[str, Descent]:
    """Compare the two ways on the lecture's points: -cos(x) with noise, both standardised.

    Parameters
    ----------
    relus, passes : int
        Hidden units; passes over the 1,000 points in small steps.
    pace : DescentPace, optional
        Learning rate, rows of a small step, seed; 0.1 and 32 by default.
    """
    pace = pace or DescentPace(learning_rate=0.1, batch_rows=32)
    X, y = (torch.from_numpy((each - each.mean()) / each.std()) for each in lecture_points())
    network = one_hidden_layer(1, relus, seed=pace.seed)
    return compare_descents(network, X[:, None], y[:, None], pace=pace, passes=passes)


@dataclass(frozen=True)
class _Scale:
    """Turn x and y into standardised values, and a network on those into a curve on x and y."""

    x_shift: float
    x_scale: float
    y_shift: float
    y_scale: float

    def standard(self, x: Array, y: Array) -> tuple[Array, Array]:
        return (x - self.x_shift) / self.x_scale, (y - self.y_shift) / self.y_scale

    def curve(self, network: nn.Module) -> Curve:
        weight, bias, height, offset = (
            each.detach().numpy().copy() for each in network.parameters()
        )
        slope = weight[:, 0] / self.x_scale
        return Curve(
            slope,
            bias - slope * self.x_shift,
            height[0] * self.y_scale,
            float(offset[0]) * self.y_scale + self.y_shift,
        )


class _Snapshots:
    """Keep the curve at a few steps: 0, 1, 3, 10, 30, ... and the last."""

    def __init__(self, scale: _Scale, steps: int) -> None:
        self.scale = scale
        self.wanted = {0, steps, *(f * 10**e for f in (1, 3) for e in range(10))}
        self.taken: list[tuple[int, Curve]] = []

    def __call__(self, step: int, network: nn.Module) -> None:
        if step in self.wanted:
            self.taken.append((step, self.scale.curve(network)))


def _points(x: Untyped, y: Untyped) -> tuple[Array, Array]:
    try:
        first, second = (np.asarray(each, dtype=np.float64) for each in (x, y))
    except (TypeError, ValueError) as error:
        raise DataError("x or y holds what is no number; numbers are wanted", "drop it") from error
    if first.ndim != 1 or first.shape != second.shape:
        raise DataError(
            f"x has shape {first.shape} and y {second.shape}; one number a point is wanted",
            "give two columns of equal length",
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise DataError("x or y holds values that are not finite", "drop the points without one")
    if len(np.unique(first)) < 2:
        raise DataError(
            f"x has {len(np.unique(first))} distinct values; 2 are needed", "add points"
        )
    return first, second


def _check_count(name: str, value: object, most: int) -> None:
    if type(value) is not int or not 1 <= value <= most:
        raise UsageError(
            f"{name}={value!r} is not a whole number from 1 to {most}", f"use {name}=2"
        )
