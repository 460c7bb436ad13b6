"""How predictions change with one column: partial dependence and accumulated local effects.

Partial dependence is the mean prediction when a column is set to a value in every held-out row. Where
columns go together it asks models of rows that do not occur; accumulated local effects (ALE) add up
what small steps within the data change, and are shown beside it. Bands are over the models of folds.

Sources: Friedman (2001), Annals of Statistics 29 (partial dependence); Apley & Zhu (2020), JRSS B 82
(accumulated local effects).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.explain.explanation import Explained, Explanation
from rung.explain.held_out import HeldOut
from rung.explain.importance import main_columns
from rung.typing import JSON, Array

N_PLACES = 24
N_BINS = 16
N_LINES = 20
MOST_ROWS = 600
MOST_LEVELS = 12
# Of the page: columns, places, rows and classes that are drawn.
MAIN_COLUMNS, FEW_PLACES, FEW_ROWS, MOST_CLASSES = 6, 16, 160, 4


@dataclass(frozen=True)
class Effect:
    """How predictions change with one column.

    Attributes
    ----------
    column : str
        Which.
    places : tuple of float, or of str
        Values of the column, in its own unit; labels of a category.
    mean : ndarray, shape (n_places, n_outputs)
        Mean prediction over held-out rows of all folds: values in the target's unit, or
        probabilities.
    low, high : ndarray, shape (n_places, n_outputs)
        Smallest and largest mean over the models of single folds, moved to one level.
    lines : ndarray, shape (n_lines, n_places, n_outputs)
        Curves of single rows.
    local : ndarray, shape (n_places, n_outputs)
        Accumulated local effects, at the mean of the predictions; empty for categories.
    density : tuple of int
        Held-out rows at or next to each place.
    """

    column: str
    places: tuple[float, ...] | tuple[str, ...]
    mean: Array
    low: Array
    high: Array
    lines: Array
    local: Array
    density: tuple[int, ...]


@dataclass(frozen=True)
class _ColumnWays:
    """What models are asked of one column: to set it to cells, and to move it to ends of bins."""

    column: Column
    seen: Array
    cells: Array
    places: tuple[float, ...] | tuple[str, ...]
    edges: Array

    @property
    def is_moved(self) -> bool:
        return len(self.edges) > 1

    @property
    def n_ways(self) -> int:
        return len(self.cells) + 3 * self.is_moved

    def bins(self, values: Array) -> Array:
        """Return the bin between edges that each value lies in."""
        return np.clip(np.searchsorted(self.edges, values, side="left") - 1, 0, len(self.edges) - 2)

    def ways(self, rows: Dataset) -> list[dict[str, Array]]:
        """Return rows with each cell in all of them, then at both ends of their bins, and as they are."""
        name, values = self.column.name, rows.values[self.column.name]
        found = [{name: np.full_like(values, cell)} for cell in self.cells]
        if self.is_moved:
            own, known = self.bins(values), np.isfinite(values)
            ends = (np.where(known, self.edges[own + end], values) for end in (0, 1))
            found += [*({name: end} for end in ends), {}]
        return found


def effect(
    held: HeldOut, name: str, *, most_rows: int = MOST_ROWS, most_places: int = N_PLACES
) -> Effect:
    """Return how predictions change with one column; see `effects`."""
    return effects(held, [name], most_rows=most_rows, most_places=most_places)[0]


def effects(
    held: HeldOut,
    names: Sequence[str],
    *,
    most_rows: int = MOST_ROWS,
    most_places: int = N_PLACES,
) -> list[Effect]:
    """Return how predictions change with each of some columns, all asked of a model at once.

    Parameters
    ----------
    held : HeldOut
        Models and the rows that they have not seen.
    names : sequence of str
        Columns that models use.
    most_rows : int
        Held-out rows to use; of more, a random part of each fold.
    most_places : int
        Values of a number to set.
    """
    held = held.thinned(most_rows)
    asked = [_asked(held, name, most_places) for name in names]
    made = held.predict_each(lambda rows, split: [way for one in asked for way in one.ways(rows)])
    ends = np.cumsum([0, *(one.n_ways for one in asked)])
    return [
        _effect(held, one, [np.concatenate(each) for each in made[first:last]])
        for one, (first, last) in zip(asked, pairwise(ends), strict=True)
    ]


def _asked(held: HeldOut, name: str, most_places: int) -> _ColumnWays:
    column, values = held.design.column(name), held.design.values[name]
    seen = np.concatenate([values[split.test] for split in held.splits])
    cells, places = _places(column, seen, most_places)
    edges = np.zeros(0)
    if places and not column.is_coded:
        known = seen[np.isfinite(seen)]
        edges = np.unique(np.quantile(known, np.linspace(0, 1, N_BINS + 1), method="nearest"))
    return _ColumnWays(column, seen, cells if places else np.zeros(0), places, edges)


def _effect(held: HeldOut, asked: _ColumnWays, made: Sequence[Array]) -> Effect:
    """Return an effect from what was predicted, an array a way."""
    name, column = asked.column.name, asked.column
    if not asked.places:
        nothing = np.empty((0, max(len(held.problem.classes), 1)))
        return Effect(name, (), nothing, nothing, nothing, nothing[None], nothing, ())
    curves = np.stack(made[: len(asked.cells)], axis=1)
    curves = curves.reshape(*curves.shape[:2], -1)
    fold = np.repeat(np.arange(len(held.splits)), [len(split.test) for split in held.splits])
    of_folds = np.stack([curves[fold == i].mean(axis=0) for i in np.unique(fold)])
    # Folds hold other rows: what differs in level and not in shape is theirs, not the column's.
    of_folds += curves.mean(axis=(0, 1)) - of_folds.mean(axis=1, keepdims=True)
    chosen = np.linspace(0, len(curves) - 1, min(N_LINES, len(curves))).astype(int)
    mean = curves.mean(axis=0)
    n_outputs = curves.shape[2]
    moved = made[len(asked.cells) :]
    return Effect(
        column=name,
        places=asked.places,
        mean=mean,
        low=np.minimum(of_folds.min(axis=0), mean),
        high=np.maximum(of_folds.max(axis=0), mean),
        lines=curves[chosen],
        local=np.empty((0, n_outputs)) if column.is_coded else _local(asked, moved, n_outputs),
        density=_density(column, asked.seen, asked.cells),
    )


def _places(
    column: Column, seen: Array, most: int
) -> tuple[Array, tuple[float, ...] | tuple[str, ...]]:
    """Return cells to set, and what they are called: quantiles of a number, frequent levels."""
    if column.is_coded:
        codes, counts = np.unique(seen[seen >= 0], return_counts=True)
        kept = np.sort(codes[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
        return kept, tuple(column.levels[code] for code in kept)
    known = seen[np.isfinite(seen)]
    if not len(known):
        return np.empty(0), ()
    distinct = np.unique(known)
    if len(distinct) > most:
        shares = np.linspace(0.01, 0.99, most)
        distinct = np.unique(np.quantile(known, shares, method="nearest"))
    return distinct, tuple(distinct.tolist())


def _density(column: Column, seen: Array, cells: Array) -> tuple[int, ...]:
    if column.is_coded:
        return tuple(int((seen == cell).sum()) for cell in cells)
    known = seen[np.isfinite(seen)]
    edges = (cells[1:] + cells[:-1]) / 2
    counts = np.bincount(np.searchsorted(edges, known), minlength=len(cells))
    return tuple(counts.tolist())


def _local(asked: _ColumnWays, moved: Sequence[Array], n_outputs: int) -> Array:
    """Return accumulated local effects at the places of the partial dependence.

    Each row is moved to both ends of its bin between quantiles; the mean change in a bin is what
    the column does there, where rows like that are.
    """
    cells, seen, edges = asked.cells, asked.seen, asked.edges
    if not asked.is_moved:
        return np.zeros((len(cells), n_outputs))
    known, bins = np.isfinite(seen), asked.bins(seen)
    lower, upper, base = moved
    change = (upper - lower).reshape(len(seen), -1)
    n_bins = len(edges) - 1
    total = np.zeros((n_bins, n_outputs))
    count = np.bincount(bins[known], minlength=n_bins)
    np.add.at(total, bins[known], change[known])
    steps = total / np.maximum(count, 1)[:, None]
    heights = np.vstack([np.zeros(n_outputs), steps.cumsum(axis=0)])
    heights += base.reshape(len(seen), -1).mean(axis=0) - _interpolated(
        seen[known], edges, heights
    ).mean(axis=0)
    return _interpolated(cells, edges, heights)


def _interpolated(places: Array, edges: Array, heights: Array) -> Array:
    return np.column_stack([np.interp(places, edges, column) for column in heights.T])


def effects_section(found: Explained) -> list[JSON] | None:
    """Return how predictions of the choice and the leader change with their main columns."""
    sections = [
        {"family": one.family, "title": one.title, **_section(found, one)}
        for one in found.opened()
        if any(column.role != "text" for column in one.features)
    ]
    return sections or None


def _section(explained: Explained, held: HeldOut) -> JSON:
    small = held.thinned(FEW_ROWS)
    columns = main_columns(explained, held, MAIN_COLUMNS)
    outputs = shown_outputs(held)
    found = effects(small, columns, most_places=FEW_PLACES)
    return {
        "outputs": [held.problem.classes[k] for k in outputs] if held.problem.classes else [""],
        "n_rows": sum(len(split.test) for split in small.splits),
        "columns": [effect_row(held, each, outputs) for each in found if each.places],
    }


def shown_outputs(held: HeldOut) -> list[int]:
    """Return which outputs are drawn: the positive class of two, else the most frequent classes."""
    classes = held.problem.classes
    if not classes:
        return [0]
    if len(classes) == 2:
        return [1 if held.positive is None else held.positive]
    counts = np.bincount(held.problem.y, minlength=len(classes))
    return sorted(np.argsort(-counts, kind="stable")[:MOST_CLASSES].tolist())


def effect_row(held: HeldOut, found: Effect, outputs: list[int]) -> JSON:
    """Return an effect as data of the page: a list of curves, one for each output shown."""
    column = held.design.column(found.column)
    curves = {
        name: getattr(found, name)[:, outputs].T if getattr(found, name).size else []
        for name in ("mean", "low", "high", "local")
    }
    return {
        "column": found.column,
        "kind": column.kind,
        "unit": column.unit,
        "places": found.places,
        "density": found.density,
        **curves,
    }


def effect_table(data: JSON) -> list[JSON]:
    """Return the effect of the one column of a section, a row a place and class."""
    (column,) = data["columns"]
    return [
        {
            column["column"]: place,
            **({"class": name} if name else {}),
            **{key: column[key][k][i] for key in ("mean", "low", "high")},
            "local": column["local"][k][i] if column["local"] else None,
            "rows": column["density"][i],
        }
        for k, name in enumerate(data["outputs"])
        for i, place in enumerate(column["places"])
    ]


def effect_lines(data: JSON) -> list[str]:
    """Return the same in a few words."""
    name = data["columns"][0]["column"]
    lines = [f"{data['title']}: mean prediction by {name}, and the range of single folds"]
    for row in effect_table(data):
        place, of = row[name], f" {row['class']}" if "class" in row else ""
        shown = place if isinstance(place, str) else f"{place:.4g}"
        ends = f"({row['low']:.4g} to {row['high']:.4g})"
        lines.append(f"{shown}{of}: {row['mean']:.4g} {ends}")
    return lines


EXPLANATION = Explanation(name="effects", make=effects_section)
