"""Find the groups of a table's rows, and leave out levels that part rows by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rung.core.dataset import Dataset
from rung.groups.coordinates import Coordinates, learn_coordinates
from rung.groups.count import Grouping, find_groups, no_groups
from rung.typing import Array

NEARLY_ALL = 0.85  # of the groups, told by levels: then they are levels put together
REDUNDANT = 2.0  # from which on groups are more than levels of single columns
N_BINS = 10
LEVELS_ALONE = "part rows by themselves"

Found = tuple[Coordinates, Array, Grouping]


def find_table_groups(rows: Dataset, seed: int) -> Found:
    """Return what distances are measured in, the places of rows, and their groups.

    Between two levels there is nothing: each level, and each pair of levels of two columns, is an
    island. Where the groups are such islands, or as many are found after the cells of each such column
    were shuffled, levels are left out, and it is said; not where columns are redundant about the
    groups, as then they go together.

    Parameters
    ----------
    rows : Dataset
        Its features are looked at.
    seed : int
        Of halves, starts and shuffles.

    Examples
    --------
    >>> from rung.data import read_table
    >>> rng = np.random.default_rng(0)
    >>> cells = {"x": rng.normal(size=200), "is_on": rng.random(200) < 0.5}
    >>> coordinates, _, grouping = find_table_groups(read_table(cells).dataset, 0)
    >>> coordinates.names, grouping.verdict
    (('x',), 'none')
    """
    found = _find(rows, seed)
    coordinates, places, grouping = found
    levels = [name for name in coordinates.names if _has_levels(rows, name)]
    if grouping.verdict == "none" or not levels:
        return found
    if redundancy(rows, coordinates.names, grouping.labels) > REDUNDANT:
        return found
    if redundancy(rows, levels, grouping.labels) > NEARLY_ALL:
        why = "the groups are these levels put together"
    elif _find(_shuffled(rows, levels, seed), seed)[2].k >= grouping.k:
        why = "as many groups are found where their cells are shuffled"
    else:
        return found
    note = f"levels of {', '.join(levels)} {LEVELS_ALONE}: {why}"
    if len(levels) == len(coordinates.names):
        if grouping.verdict == "groups":
            grouping = no_groups(places, seed=seed)
        return _noted(coordinates, note), places, grouping
    alone = rows.with_roles(dict.fromkeys(levels, "dropped"))
    coordinates, places, grouping = _find(alone, seed)
    return _noted(coordinates, f"{note}; they were left out"), places, grouping


def redundancy(rows: Dataset, names: Sequence[str], labels: Array) -> float:
    """Return how redundant columns are about groups: 1 where each says another part of them.

    The information of each column on the groups, of all columns together, over the entropy of the
    groups. Of independent columns it is 1 at most.

    Source
    ------
    Ver Steeg & Galstyan (2014), NeurIPS 27, on total correlation; numbers are cut at ten quantiles, and
    what chance adds is taken off (Miller 1955).

    Examples
    --------
    >>> from rung.data import read_table
    >>> table = read_table({"a": [0, 0, 1, 1] * 99, "b": [0, 1, 0, 1] * 99}).dataset
    >>> both = table.values["a"] + 2 * table.values["b"]
    >>> round(redundancy(table, ("a", "b"), both), 2)
    0.99
    """
    labels = labels.astype(int)
    own = sum(_information(_levels(rows, name), labels) for name in names)
    return float(own / max(_entropy(np.bincount(labels)), 1e-9))


def _levels(rows: Dataset, name: str) -> Array:
    values = rows.values[name]
    if rows.column(name).is_coded:
        return np.asarray(np.where(values < 0, values.max() + 1, values), dtype=int)
    known = np.isfinite(values)
    cuts = np.unique(np.quantile(values[known], np.arange(1, N_BINS) / N_BINS))
    return np.where(known, np.searchsorted(cuts, values, side="right"), len(cuts) + 1)


def _information(levels: Array, labels: Array) -> float:
    counts = np.zeros((int(levels.max()) + 1, int(labels.max()) + 1))
    np.add.at(counts, (levels, labels), 1)
    sides = [_entropy(counts.sum(axis=axis)) for axis in (0, 1)]
    used = [int((counts.sum(axis=axis) > 0).sum()) for axis in (0, 1)]
    chance = (used[0] - 1) * (used[1] - 1) / (2 * len(labels))
    return max(sum(sides) - _entropy(counts.ravel()) - chance, 0.0)


def _entropy(counts: Array) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _find(rows: Dataset, seed: int) -> Found:
    coordinates = learn_coordinates(rows, seed=seed)
    places = coordinates.place(rows, seed)
    return coordinates, places, find_groups(places, seed=seed)


def _has_levels(rows: Dataset, name: str) -> bool:
    """Tell whether a column has levels, or two numbers, between which nothing can lie."""
    if rows.column(name).is_coded:
        return True
    values = rows.values[name]
    return len(np.unique(values[np.isfinite(values)])) == 2


def _shuffled(rows: Dataset, names: list[str], seed: int) -> Dataset:
    """Return a table with the cells of each of these columns shuffled."""
    rng = np.random.default_rng([0x6A7, seed % 2**63])
    values = {**rows.values, **{name: rng.permutation(rows.values[name]) for name in names}}
    return Dataset(rows.columns, values, rows.n_rows)


def _noted(coordinates: Coordinates, note: str) -> Coordinates:
    return replace(coordinates, notes=(*coordinates.notes, note))
