"""How predictions change with one column: partial dependence and accumulated local effects.

Partial dependence is the mean prediction when a column is set to a value in every held-out row. Where
columns go together it asks models of rows that do not occur; accumulated local effects (ALE) add up
what small steps within the data change, and are shown beside it. Bands are over the models of folds.

Sources: Friedman (2001), Annals of Statistics 29 (partial dependence); Apley & Zhu (2020), JRSS B 82
(accumulated local effects).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.explain.held_out import HeldOut, replaced
from rung.typing import Array

N_PLACES = 24
N_BINS = 16
N_LINES = 20
MOST_ROWS = 600
MOST_LEVELS = 12


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
        Smallest and largest mean over the models of single folds.
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


def effect(held: HeldOut, name: str, *, most_rows: int = MOST_ROWS) -> Effect:
    """Return how predictions change with one column.

    Parameters
    ----------
    held : HeldOut
        Models and the rows that they have not seen.
    name : str
        A column that models use.
    most_rows : int
        Held-out rows to use; of more, a random part of each fold.
    """
    held = held.thinned(most_rows)
    column = held.design.column(name)
    values = held.design.values[name]
    seen = np.concatenate([values[split.test] for split in held.splits])
    cells, places = _places(column, seen)
    if not places:
        nothing = np.empty((0, max(len(held.problem.classes), 1)))
        return Effect(name, (), nothing, nothing, nothing, nothing[None], nothing, ())
    curves = np.stack([_at(held, name, cell) for cell in cells], axis=1)
    curves = curves.reshape(*curves.shape[:2], -1)
    fold = np.repeat(np.arange(len(held.splits)), [len(split.test) for split in held.splits])
    of_folds = np.stack([curves[fold == i].mean(axis=0) for i in np.unique(fold)])
    chosen = np.linspace(0, len(curves) - 1, min(N_LINES, len(curves))).astype(int)
    return Effect(
        column=name,
        places=places,
        mean=curves.mean(axis=0),
        low=of_folds.min(axis=0),
        high=of_folds.max(axis=0),
        lines=curves[chosen],
        local=np.empty((0, curves.shape[2])) if column.is_coded else _local(held, name, cells),
        density=_density(column, seen, cells),
    )


def _places(column: Column, seen: Array) -> tuple[Array, tuple[float, ...] | tuple[str, ...]]:
    """Return cells to set, and what they are called: quantiles of a number, frequent levels."""
    if column.is_coded:
        codes, counts = np.unique(seen[seen >= 0], return_counts=True)
        kept = np.sort(codes[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
        return kept, tuple(column.levels[code] for code in kept)
    known = seen[np.isfinite(seen)]
    if not len(known):
        return np.empty(0), ()
    distinct = np.unique(known)
    if len(distinct) > N_PLACES:
        shares = np.linspace(0.01, 0.99, N_PLACES)
        distinct = np.unique(np.quantile(known, shares, method="nearest"))
    return distinct, tuple(distinct.tolist())


def _at(held: HeldOut, name: str, cell: float) -> Array:
    """Return what is predicted for all held-out rows if the column has this value in each."""

    def put(rows: Dataset, split: int) -> Dataset:
        return replaced(rows, {name: np.full_like(rows.values[name], cell)})

    return np.concatenate(held.predict(put))


def _density(column: Column, seen: Array, cells: Array) -> tuple[int, ...]:
    if column.is_coded:
        return tuple(int((seen == cell).sum()) for cell in cells)
    known = seen[np.isfinite(seen)]
    edges = (cells[1:] + cells[:-1]) / 2
    counts = np.bincount(np.searchsorted(edges, known), minlength=len(cells))
    return tuple(counts.tolist())


def _local(held: HeldOut, name: str, cells: Array) -> Array:
    """Return accumulated local effects at the places of the partial dependence.

    Each row is moved to both ends of its bin between quantiles; the mean change in a bin is what
    the column does there, where rows like that are.
    """
    seen = np.concatenate([held.design.values[name][split.test] for split in held.splits])
    known = np.isfinite(seen)
    edges = np.unique(np.quantile(seen[known], np.linspace(0, 1, N_BINS + 1), method="nearest"))
    if len(edges) < 2:
        return np.zeros((len(cells), max(len(held.problem.classes), 1)))
    bins = np.clip(np.searchsorted(edges, seen, side="left") - 1, 0, len(edges) - 2)

    def moved(end: int) -> Array:
        def move(rows: Dataset, split: int) -> Dataset:
            values = rows.values[name]
            own = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)
            return replaced(rows, {name: np.where(np.isfinite(values), edges[own + end], values)})

        return np.concatenate(held.predict(move))

    change = (moved(1) - moved(0)).reshape(len(seen), -1)
    n_bins, n_outputs = len(edges) - 1, change.shape[1]
    total = np.zeros((n_bins, n_outputs))
    count = np.bincount(bins[known], minlength=n_bins)
    np.add.at(total, bins[known], change[known])
    steps = total / np.maximum(count, 1)[:, None]
    heights = np.vstack([np.zeros(n_outputs), steps.cumsum(axis=0)])
    base = np.concatenate(held.predict(lambda rows, _: rows)).reshape(len(seen), -1).mean(axis=0)
    heights += base - _interpolated(seen[known], edges, heights).mean(axis=0)
    return _interpolated(cells, edges, heights)


def _interpolated(places: Array, edges: Array, heights: Array) -> Array:
    return np.column_stack([np.interp(places, edges, column) for column in heights.T])
