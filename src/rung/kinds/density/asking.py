"""Answer what a density says of columns where others are known: exact conditionals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from rung.compute import one_thread_each
from rung.core.dataset import Column, Dataset
from rung.density.cells import Spread
from rung.density.tree import TreeDensity
from rung.kinds.density.given import Known, read_given
from rung.kinds.density.model import FittedDensity
from rung.typing import JSON, Array

COARSE, FINE, DRAWN = 400, 400, 2_000
BOUNDS = (0.05, 0.5, 0.95)
LEAST_MASS = 1e-4
STEEPEST, MOST_ROUNDS = 0.7, 12  # nats between points of a grid, and times that it is halved
LEAST_TIMES, MOST_TIMES = 0.001, 100


@dataclass(frozen=True)
class Answer:
    """What is said of one column, where others are known and where nothing is.

    Attributes
    ----------
    column : str
        Its name.
    nats : float
        How far what is known moves it (Kullback-Leibler divergence), in nats.
    levels : tuple of (str, float, float, int)
        Of a category: level, probability, that of all rows, and training rows that have it and the
        one cell that is known; -1 where the tree has no such table, or more is known.
    numbers : tuple of float, int or str
        Of numbers: 5 %, 50 % and 95 % points, and those of all rows; empty for a category. They
        are written as the column is, dates as text, and none lies outside the range of training.
    outside : float
        The probability of numbers outside the range of training, where others are known.
    """

    column: str
    nats: float
    levels: tuple[tuple[str, float, float, int], ...] = ()
    numbers: tuple[float | int | str, ...] = ()
    outside: float = 0.0

    def to_dict(self) -> JSON:
        """Return it ready for JSON, numbers with six digits."""
        found: JSON = {"column": self.column, "nats": round(self.nats, 6)}
        if self.levels:
            named = ("level", "probability", "of_all", "rows")
            found["levels"] = [
                dict(zip(named, (one[0], round(one[1], 6), round(one[2], 6), one[3]), strict=True))
                for one in self.levels
            ]
            for one in found["levels"]:
                one["rows"] = one["rows"] if one["rows"] >= 0 else None
            return found
        names = ("low", "middle", "high", "low_of_all", "middle_of_all", "high_of_all")
        return (
            found
            | {name: _plain(one) for name, one in zip(names, self.numbers, strict=True)}
            | {"outside": round(self.outside, 6)}
        )


def _plain(cell: float | str) -> float | int | str:
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell


@dataclass(frozen=True)
class Told:
    """What a density says where cells are known.

    Attributes
    ----------
    given : Known
        The cells, and what training rows have of them.
    answers : tuple of Answer
        Of every other column, what changes most first.
    """

    given: Known
    answers: tuple[Answer, ...]


def ask(model: FittedDensity, given: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Return what a density says of every other column, what changes most first.

    The log density of the known cells with one cell more, at every level or on a fine grid of
    numbers, is summed to one; all other cells are summed out by the density itself. A known cell
    that is spread, as its numbers repeat, is so in several places, whose densities are averaged.

    Parameters
    ----------
    model : FittedDensity
        Any density; a tree sums exactly.
    given : mapping
        Cells that are known, as a table writes them.

    Raises
    ------
    UsageError
        If a column or a level is unknown.
    """
    return tell(model, given).answers


def tell(model: FittedDensity, given: Mapping[str, Any]) -> Told:
    """Return the same with what training rows have of the known cells."""
    with one_thread_each(), np.errstate(all="ignore"):
        found = read_given(model, given)
    known = found.rows
    blank = _blank(known)
    rng = np.random.default_rng(0xA5)
    answers = []
    with one_thread_each(), np.errstate(all="ignore"):
        drawn = model.model.sample(DRAWN, rng)[0]
        place = {name: i for i, name in enumerate(known.number_names)}
        for column in known.columns:
            if column.name in given:
                continue
            if column.kind == "category":
                rows = _rows_beside(model, column.name, known, list(given))
                answers.append(_of_levels(model, column, known, blank, rows))
            else:
                spread = drawn[:, place[column.name]]
                answers.append(_of_numbers(model, column.name, known, blank, spread))
    answers.sort(key=lambda one: (-round(one.nats, 9), one.column))
    return Told(found, tuple(answers))


def _blank(row: Dataset) -> Dataset:
    """Return a row of which nothing is known."""
    values = {
        c.name: np.array([-1], np.int32) if c.is_coded else np.array([np.nan]) for c in row.columns
    }
    return Dataset(row.columns, values, 1)


def _logs(model: Any, row: Dataset, name: str, cells: Array) -> Array:
    """Return log densities with each of these cells in one column, the mean over places of a row."""
    n, places = len(cells), row.n_rows
    copies = row.take(np.repeat(np.arange(places), n))
    values = {**copies.values, name: np.tile(cells, places).astype(row.values[name].dtype)}
    logs = model.predict(Dataset(row.columns, values, n * places))[:, 0].reshape(places, n)
    return np.asarray(logsumexp(logs, axis=0) - np.log(places))


def _of_levels(
    model: FittedDensity, column: Column, known: Dataset, blank: Dataset, rows: Array
) -> Answer:
    cells = np.arange(len(column.levels))
    own, whole = (_shares(_logs(model.model, row, column.name, cells)) for row in (known, blank))
    order = np.argsort(-own, kind="stable")
    return Answer(
        column.name,
        float((own * np.log(np.maximum(own, 1e-300) / whole)).sum()),
        levels=tuple(
            (column.levels[i], float(own[i]), float(whole[i]), int(rows[i]) if len(rows) else -1)
            for i in order
        ),
    )


def _shares(logs: Array) -> Array:
    shares = np.exp(logs - logs.max())
    return np.asarray(shares / shares.sum())


def _rows_beside(model: FittedDensity, name: str, known: Dataset, given: Sequence[str]) -> Array:
    """Return training rows of each level beside the one that is known, from an edge of the tree."""
    tree = model.model
    if not isinstance(tree, TreeDensity) or len(given) != 1:
        return np.empty(0)
    n, names = len(tree.margins), [column.name for column in known.category_columns]
    for edge in tree.edges:
        if edge.parent < n or edge.child < n:
            continue
        parent, child = names[edge.parent - n], names[edge.child - n]
        if name in (parent, child):
            other = parent if name == child else child
            level = int(known.values[other][0])
            if level >= 0:
                return edge.counts[level] if other == parent else edge.counts[:, level]
    return np.empty(0)


def _of_numbers(
    model: FittedDensity, name: str, known: Dataset, blank: Dataset, drawn: Array
) -> Answer:
    low, high = float(drawn.min()), float(drawn.max())
    room = (high - low) or 1.0
    shares = np.linspace(0, 1, COARSE)
    grid = np.unique([*np.quantile(drawn, shares), *np.linspace(low - room, high + room, COARSE)])
    for row in (known, blank):
        grid = _finer(model, row, name, grid)
    own, whole = (_mass(_logs(model.model, row, name, grid), grid) for row in (known, blank))
    nats = float((own * np.log(np.maximum(own, 1e-300) / np.maximum(whole, 1e-300))).sum())
    points = [_points(model, row, name, grid, mass) for row, mass in ((known, own), (blank, whole))]
    as_read = next(column for column in model.columns if column.name == name)
    numbers = model.reading.written(as_read, np.concatenate(points))
    form = model.reading.forms.get(name)
    is_outside = np.zeros(len(grid), bool) if form is None else _is_outside(model, name, grid)
    return Answer(
        name, max(nats, 0.0), numbers=tuple(numbers.tolist()), outside=float(own @ is_outside)
    )


def _is_outside(model: FittedDensity, name: str, grid: Array) -> Array:
    """Tell which numbers lie outside the range of training, also as the column writes them."""
    form, spread = model.reading.forms[name], model.reading.spreads.get(name, Spread())
    own = spread.undo(grid)
    return np.asarray((own < form.low) | (own > form.high))


def _finer(model: FittedDensity, row: Dataset, name: str, grid: Array) -> Array:
    """Return a grid halved where the density is steep, as at the sharp end of a column."""
    for _ in range(MOST_ROUNDS):
        logs = _logs(model.model, row, name, grid)
        mass = np.exp(np.maximum(logs[1:], logs[:-1]) - logs.max()) * np.diff(grid)
        is_steep = (np.abs(np.diff(logs)) > STEEPEST) & (mass > LEAST_MASS * mass.sum())
        if not is_steep.any():
            break
        grid = np.sort(np.append(grid, (grid[1:] + grid[:-1])[is_steep] / 2))
    return grid


def _mass(logs: Array, grid: Array) -> Array:
    """Return the share of each point of a grid: density times half of the way to its neighbours."""
    shares = np.exp(logs - logs.max()) * np.gradient(grid)
    return np.asarray(shares / shares.sum())


def _points(model: FittedDensity, row: Dataset, name: str, grid: Array, mass: Array) -> Array:
    """Return quantiles on a grid that is fine where the mass is."""
    held = np.flatnonzero(mass > LEAST_MASS * mass.max())
    first, last = max(int(held[0]) - 1, 0), min(int(held[-1]) + 1, len(grid) - 1)
    inside = grid[first : last + 1]
    fine = np.unique([*inside, *np.linspace(grid[first], grid[last], FINE)])
    total = np.cumsum(_mass(_logs(model.model, row, name, fine), fine))
    return np.asarray(np.interp(BOUNDS, total, fine))


def times_text(times: float) -> str:
    """Write how much more probable cells are together than apart.

    Examples
    --------
    >>> times_text(12.3), times_text(0.004), times_text(1e-9)
    ('12', '0.004', 'less than 0.001')
    """
    if times < LEAST_TIMES:
        return f"less than {LEAST_TIMES}"
    return f"{times:.2g}" if times < MOST_TIMES else f"more than {MOST_TIMES:,}"


def nats_text(nats: float) -> str:
    """Write how far a column moves.

    Examples
    --------
    >>> nats_text(0.0004), nats_text(1.234)
    ('less than 0.01 nats', '1.23 nats')
    """
    return f"{nats:.2f} nats" if math.isfinite(nats) and nats >= 0.01 else "less than 0.01 nats"
