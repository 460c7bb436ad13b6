"""Relate numbers that go together: differences, ratios, sums, and directions of groups.

A tree cuts one column at a time, and a line weighs each by itself. Where two columns rise together,
what tells rows apart is often how they differ: the colour of a star, rooms of a household, the side
of a slanted coast. Positive numbers that range widely are taken in orders of magnitude, so that
their difference is a ratio.

What is found does not depend on the unit of a number, nor on its origin but for ratios, which need a
zero. That two numbers are in one unit is seen from the step in which they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.robust import WIDE_LIMIT, bend, robust_units
from rung.prep.states import REMEDY, take_array
from rung.prep.steps import find_step
from rung.typing import Array

MOST_NUMBERS = 32
# With fewer rows a number, what goes together is that of the rows at hand.
ROWS_OF_A_NUMBER = 10
# Codes and counts of a few values have nothing between their values to relate.
FEWEST_VALUES = 8
# Numbers go together from this correlation on; the strongest pairs are taken.
TOGETHER, MOST_PAIRS = 0.4, 32
# Of the 95th to the 5th percentile, from which on orders of magnitude are tried.
WIDE_RANGE = 3.0
# Numbers whose spreads hold as many of their steps, within this factor, are taken to be in one unit:
# their difference is the plain one.
ONE_UNIT = 2.0
# Relations are rounded to this, in units of spread, and correlations too: values that are equal but
# for their last digits, which another unit would round otherwise, are equal.
GRAIN = 2.0**-24
LARGEST = 1e9
# Units beyond which a number counts as no further.
FARTHEST = 1e10
# Numbers that a direction is named by.
NAMED = 2


@dataclass(frozen=True)
class RelationName:
    """Turn a relation back to what its name says: the plain difference, sum, ratio or product.

    Attributes
    ----------
    factor, offset : float
        What a value is multiplied by, and what is then added.
    is_logged : bool
        Whether that is a logarithm.
    """

    factor: float = 1.0
    offset: float = 0.0
    is_logged: bool = False

    def __call__(self, value: float) -> float:
        """Return the reading; it rises with the value."""
        plain = value * self.factor + self.offset
        with np.errstate(over="ignore"):
            return float(np.exp(plain)) if self.is_logged else plain


@dataclass(frozen=True)
class Relations:
    """Weigh numbers, each in robust units, into what relates them.

    Attributes
    ----------
    floor : ndarray, shape (n_numbers,)
        Least training value of a number that is taken in orders of magnitude; 0 for the others.
    shift, scale : ndarray, shape (n_numbers,)
        Median and robust spread, of logarithms where the floor is above 0; a missing number counts
        as its median.
    in_use : ndarray of bool, shape (n_numbers,)
        Whether any relation weighs the number.
    axes : ndarray, shape (n_in_use, n_relations)
        Weights of the numbers in use.
    """

    floor: Array
    shift: Array
    scale: Array
    in_use: Array
    axes: Array

    @property
    def width(self) -> int:
        """Number of relations."""
        return int(self.axes.shape[1])

    def apply(self, numbers: Array) -> Array:
        """Return relations, (n_rows, n_relations), of numbers, (n_rows, n_numbers)."""
        units = _units(numbers, self.floor, self.shift, self.scale)[:, self.in_use]
        out = np.zeros((self.width, len(units)))
        # Weight by weight: a product of matrices rounds a row by how many stand beside it.
        for said, axis in zip(out, self.axes.T, strict=True):
            for k in np.flatnonzero(axis):
                said += units[:, k] * axis[k]
        return np.ascontiguousarray(np.rint(out.T / GRAIN) * GRAIN)

    def names(self, numbers: Sequence[str]) -> tuple[str, ...]:
        """Name each relation by the numbers that weigh most in it; no two alike, none as a number.

        Parameters
        ----------
        numbers : sequence of str
            Names of all numbers.
        """
        used = [
            (name, is_logged)
            for name, is_logged, is_used in zip(numbers, self.floor > 0, self.in_use, strict=True)
            if is_used
        ]
        taken = list(numbers)
        for axis in self.axes.T:
            name = name_relation(axis, used)
            further = (f"{name} ({time})" for time in count(2))
            taken.append(next(each for each in chain([name], further) if each not in taken))
        return tuple(taken[len(numbers) :])

    def readings(self) -> tuple[RelationName, ...]:
        """Return how each relation is read: plain where two numbers weigh alike, else as it is."""
        return tuple(self._reading(axis) for axis in self.axes.T)

    def _reading(self, axis: Array) -> RelationName:
        weighed = np.flatnonzero(axis)
        places = np.flatnonzero(self.in_use)[weighed]
        weights, is_logged = axis[weighed] / self.scale[places], self.floor[places] > 0
        is_alike = np.allclose(np.abs(weights), np.abs(weights[0]), rtol=1e-9, atol=0.0)
        if len(places) != NAMED or not is_alike or is_logged[0] != is_logged[1]:
            return RelationName()
        offset = float(np.sign(weights) @ self.shift[places])
        factor = float(self.scale[places[0]] / np.abs(axis[weighed[0]]))
        return RelationName(factor, offset, bool(is_logged[0]))

    def to_state(self) -> State:
        """Return the relations as data; `from_state` turns them back."""
        return State(
            {},
            {
                "floor": self.floor,
                "shift": self.shift,
                "scale": self.scale,
                "in_use": self.in_use.astype(np.uint8),
                "axes": self.axes,
            },
        )

    @classmethod
    def from_state(cls, state: State, n_numbers: int) -> Relations:
        """Return the relations that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        shape = (n_numbers,)
        in_use = take_array(state, "in_use", shape, low=0, high=1, whole=True).astype(bool)
        n_used = int(in_use.sum())
        axes = take_array(state, "axes", (n_used, None), low=-LARGEST, high=LARGEST)
        most = most_relations(n_used)
        if axes.shape[1] > most:
            raise BadModelFile(
                f"the model relates {n_used} numbers in {axes.shape[1]} ways; at most {most} are "
                "accepted",
                REMEDY,
            )
        if (np.count_nonzero(axes, axis=0) < NAMED).any():
            raise BadModelFile("a relation of the model weighs fewer than two numbers", REMEDY)
        return cls(
            take_array(state, "floor", shape, low=0),
            take_array(state, "shift", shape),
            take_array(state, "scale", shape, low=np.finfo(float).tiny),
            in_use,
            axes,
        )


def name_relation(axis: Array, numbers: Sequence[tuple[str, bool]]) -> str:
    """Write a relation as a sum, ratio or product.

    Of more than two numbers those that weigh most are written, and three dots.

    Parameters
    ----------
    axis : ndarray, shape (n_numbers,)
        Weights.
    numbers : sequence of (str, bool)
        Name of each number, and whether it is taken in orders of magnitude.

    Examples
    --------
    >>> numbers = [("u", False), ("g", False), ("rooms", True), ("people", True)]
    >>> name_relation(np.array([-0.7, 0.7, 0.0, 0.0]), numbers)
    'g − u'
    >>> name_relation(np.array([0.0, 0.0, 1.0, -1.0]), numbers)
    'rooms / people'
    >>> name_relation(np.array([0.5, 0.6, 0.3, 0.0]), numbers)
    'g + u …'
    """
    order = [int(k) for k in np.argsort(-np.abs(axis), kind="stable") if axis[k]]
    is_pair = len(order) == NAMED
    # What a pair grows with comes first, so that its name can be taken at its word.
    first, other, *_ = sorted(order, key=lambda k: (axis[k] < 0, k)) if is_pair else order
    is_difference = axis[first] * axis[other] < 0
    if is_pair and numbers[first][1] and numbers[other][1]:
        return f"{numbers[first][0]} {'/' if is_difference else '×'} {numbers[other][0]}"
    one, two = (f"log {numbers[k][0]}" if numbers[k][1] else numbers[k][0] for k in (first, other))
    return f"{one} {'−' if is_difference else '+'} {two}{'' if is_pair else ' …'}"


def fit_relations(numbers: Array) -> Relations:
    """Learn from training rows which numbers go together, and relate them.

    Two numbers that are correlated give their difference, or their sum where one falls as the
    other rises; two that go together with no other give both. Groups of three and more, joined by
    average correlation, give their principal directions besides.

    Parameters
    ----------
    numbers : ndarray, shape (n_rows, n_numbers)
        Training rows; what is not finite says nothing.

    Returns
    -------
    Relations
        None for fewer than two numbers or more than `MOST_NUMBERS`, or few rows.

    Examples
    --------
    >>> rooms = np.exp(np.sin(np.arange(200.0)) * 3.0)
    >>> people = rooms * np.exp(np.cos(np.arange(200.0)))
    >>> found = fit_relations(np.stack([rooms, people], axis=1))
    >>> found.names(["rooms", "people"])
    ('rooms / people', 'rooms × people')
    """
    n_rows = len(numbers)
    floor = np.array([_floor(column) for column in numbers.T], dtype=float)
    shift, scale = robust_units(_logged(numbers, floor))
    in_use = scale > 0
    scale = np.where(in_use, scale, 1.0)
    in_use &= np.array([_varies(column) for column in numbers.T], dtype=bool)
    n_used = int(in_use.sum())
    if 1 < n_used <= MOST_NUMBERS and n_rows >= ROWS_OF_A_NUMBER * n_used:
        units = bend(_units(numbers, floor, shift, scale)[:, in_use], WIDE_LIMIT)
        spread = units.std(axis=0)
        if (spread > 1.0 / LARGEST).all():
            steps = np.array([_step(column) for column in numbers.T[in_use]])
            is_logged = floor[in_use] > 0
            # Logarithms have no unit.
            lengths = scale[in_use] / np.where(is_logged, 1.0, steps)
            axes = _relate(units, spread, lengths, is_logged)
            return Relations(floor, shift, scale, in_use, axes)
    return Relations(floor, shift, scale, in_use & False, np.zeros((0, 0)))


def most_relations(n_numbers: int) -> int:
    """Return how many relations so many numbers may have.

    Examples
    --------
    >>> most_relations(3), most_relations(500)
    (6, 64)
    """
    n_used = min(n_numbers, MOST_NUMBERS)
    return min(n_used * (n_used - 1) // 2, MOST_PAIRS) + n_used


def _relate(units: Array, spread: Array, lengths: Array, is_logged: Array) -> Array:
    """Return the weights of all relations, (n_numbers, n_relations).

    `lengths` are the spreads in steps, NaN for numbers without a step.
    """
    correlation = np.rint(np.corrcoef(units.T) / GRAIN) * GRAIN
    n_numbers = len(lengths)
    strength = np.abs(np.tril(correlation, -1))
    strongest = np.argsort(-strength, axis=None, kind="stable")[:MOST_PAIRS]
    pairs = [divmod(int(place), n_numbers) for place in strongest]
    axes = [
        _pair(a, b, -np.sign(correlation[a, b]), spread, lengths, is_logged)
        for a, b in pairs
        if strength[a, b] >= TOGETHER
    ]
    for group in _groups(correlation):
        if len(group) == 2:
            b, a = group
            if strength[a, b] >= TOGETHER:
                sign = np.sign(correlation[a, b])
                axes.append(_pair(a, b, sign, spread, lengths, is_logged))
            continue
        axes += list(_directions(correlation, group, spread))
    return np.array(axes).reshape(-1, n_numbers).T


def _pair(a: int, b: int, sign: float, spread: Array, lengths: Array, is_logged: Array) -> Array:
    """Weigh two numbers, b before a: alike if they are in one unit, each by its spread if not."""
    axis = np.zeros(len(lengths))
    # Spreads of columns that are nearly one err together; quartiles err each by itself.
    axis[a], axis[b] = sign / spread[a], 1.0 / spread[b]
    is_near = lengths[a] / ONE_UNIT <= lengths[b] and lengths[b] / ONE_UNIT <= lengths[a]
    # Ratios need no unit.
    if (is_logged[a] and is_logged[b]) or (is_near and not is_logged[a] and not is_logged[b]):
        root = np.sqrt(lengths[a]) / np.sqrt(lengths[b])
        axis[a], axis[b] = sign * root, 1.0 / root
    return axis


def _groups(correlation: Array) -> list[Array]:
    """Return the places of numbers that go together, two and more, ascending."""
    from scipy.cluster.hierarchy import fcluster, linkage

    apart = 1.0 - np.abs(correlation[np.triu_indices(len(correlation), 1)])
    labels = fcluster(linkage(np.maximum(apart, 0.0), "average"), 1.0 - TOGETHER, "distance")
    groups = [np.flatnonzero(labels == label) for label in range(1, int(labels.max()) + 1)]
    return sorted((g for g in groups if len(g) > 1), key=lambda group: int(group[0]))


def _directions(correlation: Array, group: Array, spread: Array) -> Iterator[Array]:
    """Yield the principal directions of a group, the widest first."""
    _, vectors = np.linalg.eigh(correlation[np.ix_(group, group)])
    for vector in vectors.T[::-1]:
        axis = np.zeros(len(spread))
        # A direction and its opposite are the same to a tree; which is named must not be luck.
        strongest = vector[np.abs(vector).argmax()]
        axis[group] = vector * np.sign(strongest) / spread[group]
        yield axis


def _floor(values: Array) -> float:
    """Return the least value where orders of magnitude are less lopsided than the values, or 0."""
    present = values[np.isfinite(values)]
    if not len(present) or not present.min() > 0.0:
        return 0.0
    low, middle, high = np.quantile(present, [0.05, 0.5, 0.95], method="nearest")
    # A little more, as a range of exactly that much must not depend on the unit.
    if not high > (1.0 + GRAIN) * WIDE_RANGE * low:
        return 0.0
    plain = (high / 2 + low / 2 - middle) / (high / 2 - low / 2)
    logs = np.log([low, middle, high])
    logged = (logs[2] + logs[0] - 2 * logs[1]) / (logs[2] - logs[0])
    return float(present.min()) if abs(logged) < abs(plain) else 0.0


def _step(values: Array) -> float:
    """Return the step in which a column is written; NaN if there is none."""
    return find_step(np.unique(values[np.isfinite(values)])) or np.nan


def _varies(values: Array) -> bool:
    return len(np.unique(values[np.isfinite(values)])) >= FEWEST_VALUES


def _logged(numbers: Array, floor: Array) -> Array:
    """Return numbers with logarithms of those that have a floor; what lies below counts as it."""
    is_logged = floor > 0
    out = numbers.copy()
    out[:, is_logged] = np.log(np.maximum(numbers[:, is_logged], floor[is_logged]))
    return out


def _units(numbers: Array, floor: Array, shift: Array, scale: Array) -> Array:
    """Return numbers in robust units, none further than `FARTHEST`; 0 where missing."""
    with np.errstate(over="ignore", invalid="ignore"):
        units = (_logged(numbers, floor) - shift) / scale
    return np.where(np.isfinite(numbers), np.clip(units, -FARTHEST, FARTHEST), 0.0)
