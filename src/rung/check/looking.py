"""Look at a table before anything is trained: columns, target by column, what goes together.

Sources: Spearman (1904), American Journal of Psychology 15 (ranks); Cramér (1946), chapter 21;
Pearson (1905), Drapers' Company Research Memoirs (the correlation ratio).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.ranks import mean_ranks
from rung.typing import JSON, Array

N_BINS, MOST_LEVELS, N_HEAD, MOST_COMPARED = 24, 12, 5, 4_000
MOST_COLUMNS, MOST_PAIRS, N_PARTS, MOST_CLASSES, N_STRIPES = 200, 12, 8, 4, 60
WEAKEST = 0.3


def look(table: Dataset, target: str | None = None) -> JSON:
    """Return what a person sees of a table at first; JSON-ready.

    Parameters
    ----------
    table : Dataset
        As it was read.
    target : str, optional
        A column that the others are held against.

    Returns
    -------
    dict
        `head`, the first rows as text; `columns`, each with a histogram, missing cells, and where
        a target is named its mean or class shares by this column; `pairs` of columns that go
        together, the strongest first; `missing`, the share of missing cells along the rows.
    """
    columns = [column for column in table.columns if column.kind != "text"][:MOST_COLUMNS]
    few = np.arange(table.n_rows)[:: -(-table.n_rows // MOST_COMPARED)]
    strength = strengths(table.take(few), columns)
    names = [column.name for column in columns]
    found = [_column(table, column) for column in table.columns]
    if target is not None:
        by = {name: _by(table, table.column(name), table.column(target)) for name in names}
        of = strength[names.index(target)] if target in names else np.zeros(len(names))
        for row in found:
            if row["name"] in by and row["name"] != target:
                row["by"] = by[row["name"]]
                row["strength"] = float(of[names.index(row["name"])])
    return {
        "n_rows": table.n_rows,
        "n_columns": len(table.columns),
        "target": target,
        "head": [[_cell(table, column, i) for column in table.columns] for i in _first(table)],
        "columns": found,
        "pairs": _pairs(names, strength),
        "missing": _stripes(table),
    }


def _first(table: Dataset) -> range:
    return range(min(N_HEAD, table.n_rows))


def is_missing(table: Dataset, column: Column) -> Array:
    """Tell which cells of a column are missing, shape (n_rows,)."""
    values = table.values[column.name]
    return values < 0 if column.is_coded else ~np.isfinite(values)


def _cell(table: Dataset, column: Column, row: int) -> str:
    value = table.values[column.name][row]
    if column.is_coded:
        return column.levels[int(value)] if value >= 0 else ""
    if not np.isfinite(value):
        return ""
    if column.kind == "datetime":
        return str(np.datetime64(int(value), "s"))
    return f"{float(value):.6g}"


def _column(table: Dataset, column: Column) -> JSON:
    values, gone = table.values[column.name], is_missing(table, column)
    known = values[~gone]
    found: JSON = {
        "name": column.name,
        "kind": column.kind,
        "unit": column.unit,
        "missing": int(gone.sum()),
        "distinct": len(np.unique(known)),
    }
    if not len(known):
        return {**found, "counts": [], "edges": [], "levels": []}
    if column.is_coded:
        counts = np.bincount(known, minlength=len(column.levels))
        order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        levels = [column.levels[i] for i in order]
        return {**found, "counts": counts[order].tolist(), "edges": [], "levels": levels}
    quantiles = np.quantile(known, [0.0, 0.25, 0.5, 0.75, 1.0]).tolist()
    if found["distinct"] <= MOST_LEVELS:
        return {**found, **_around_each(known), "levels": [], "quantiles": quantiles}
    # A few absurd cells shall not press the others into one bar.
    low, high = np.quantile(known, [0.005, 0.995])
    low, high = (low, high) if low < high else (known.min(), known.max())
    inside = np.clip(known, low, high)
    counts, edges = np.histogram(inside, bins=N_BINS)
    return {
        **found,
        "counts": counts.tolist(),
        "edges": edges.tolist(),
        "levels": [],
        "quantiles": quantiles,
    }


def _around_each(known: Array) -> JSON:
    """Return edges between few distinct numbers, and how often each occurs."""
    distinct, counts = np.unique(known, return_counts=True)
    between = (distinct[1:] + distinct[:-1]) / 2
    first = (between[0] - distinct[0]) if len(between) else 0.5
    last = (distinct[-1] - between[-1]) if len(between) else 0.5
    edges = [distinct[0] - first, *between, distinct[-1] + last]
    return {"edges": [float(edge) for edge in edges], "counts": counts.tolist()}


def _by(table: Dataset, column: Column, target: Column) -> JSON | None:
    """Return the mean of a target, or shares of its classes, in parts of a column."""
    known = ~is_missing(table, column) & ~is_missing(table, target)
    x, y = table.values[column.name][known], table.values[target.name][known]
    if len(x) < N_PARTS or column.name == target.name:
        return None
    if column.is_coded:
        codes = np.argsort(-np.bincount(x), kind="stable")[: N_PARTS + 4]
        parts = [(column.levels[code], y[x == code]) for code in codes if (x == code).any()]
    else:
        parts = [(float(x[own].mean()), y[own]) for own in _parts(x)]
    if target.is_coded or target.kind == "boolean":
        counts = np.unique(y, return_counts=True)
        classes = counts[0][np.argsort(-counts[1], kind="stable")][:MOST_CLASSES]
        labels = [target.levels[k] if target.is_coded else str(bool(k)).lower() for k in classes]
        series = [[float((own == k).mean()) for _, own in parts] for k in classes]
        return {"places": [place for place, _ in parts], "classes": labels, "series": series}
    means = [float(own.mean()) for _, own in parts]
    half = [1.96 * float(own.std()) / math.sqrt(len(own)) for _, own in parts]
    return {
        "places": [place for place, _ in parts],
        "classes": [],
        "series": [means],
        "low": [mean - h for mean, h in zip(means, half, strict=True)],
        "high": [mean + h for mean, h in zip(means, half, strict=True)],
    }


def _parts(x: Array) -> list[Array]:
    """Part rows by a number: a part for each of few values, else equally many rows in each."""
    distinct = np.unique(x)
    if len(distinct) <= N_PARTS + 4:
        return [np.flatnonzero(x == value) for value in distinct]
    edges = np.unique(np.quantile(x, np.linspace(0, 1, N_PARTS + 1), method="nearest"))
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, max(len(edges) - 2, 0))
    return [np.flatnonzero(place == i) for i in np.unique(place)]


def strengths(table: Dataset, columns: Sequence[Column]) -> Array:
    """Return how strongly columns go together, 0 to 1; shape (n_columns, n_columns).

    Rank correlation of two numbers, Cramér's V of two categories, the correlation ratio of ranks
    of a number and a category.

    Examples
    --------
    >>> x = np.arange(30.0)
    >>> columns = (Column("x", "number"), Column("cube", "number"))
    >>> table = Dataset(columns, {"x": x, "cube": -(x**3)}, 30)
    >>> strengths(table, columns).round(6).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    n = len(columns)
    out = np.zeros((n, n))
    ranks = [_ranks(table, column) for column in columns]
    numbers = [i for i, column in enumerate(columns) if not column.is_coded]
    centred = np.array([ranks[i] for i in numbers]).reshape(len(numbers), table.n_rows)
    length = np.sqrt((centred**2).sum(axis=1))
    scaled = centred / np.where(length > 0, length, 1.0)[:, None]
    out[np.ix_(numbers, numbers)] = np.abs(scaled @ scaled.T)
    for i in (i for i, column in enumerate(columns) if column.is_coded):
        codes = table.values[columns[i].name].astype(np.int64)
        for j, column in enumerate(columns):
            if not column.is_coded:
                out[i, j] = out[j, i] = _ratio(codes, ranks[j])
            elif j < i:
                out[i, j] = out[j, i] = _cramers_v(
                    codes, table.values[column.name].astype(np.int64)
                )
    np.fill_diagonal(out, 0.0)
    return np.minimum(out, 1.0)


def _ranks(table: Dataset, column: Column) -> Array:
    """Return centred ranks, 0 for missing cells."""
    if column.is_coded:
        return np.zeros(table.n_rows)
    ranks = mean_ranks(table.values[column.name])
    known = np.isfinite(ranks)
    mean = ranks[known].mean() if known.any() else 0.0
    centred: Array = np.where(known, ranks - mean, 0.0)
    return centred


def _ratio(codes: Array, ranks: Array) -> float:
    """Return the correlation ratio, less what as many levels reach by chance."""
    group = np.unique(codes, return_inverse=True)[1]
    n_groups, n = int(group.max(initial=0)) + 1, len(codes)
    total = float((ranks**2).sum())
    if n_groups < 2 or n <= n_groups or total == 0.0:
        return 0.0
    size = np.bincount(group)
    between = float((np.bincount(group, weights=ranks) ** 2 / size).sum())
    unexplained = (total - between) / (n - n_groups)
    return math.sqrt(max(1.0 - unexplained / (total / (n - 1)), 0.0))


def _cramers_v(first: Array, second: Array) -> float:
    """Return Cramér's V, less what as many levels reach by chance (Bergsma 2013)."""
    a, b = (np.unique(codes, return_inverse=True)[1] for codes in (first, second))
    rows, columns, n = int(a.max(initial=0)) + 1, int(b.max(initial=0)) + 1, len(a)
    if min(rows, columns) < 2 or n <= rows * columns / 4:
        return 0.0
    table = np.bincount(a * columns + b, minlength=rows * columns).reshape(rows, columns)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi = float(((table - expected) ** 2 / expected).sum()) / n
    corrected = max(phi - (rows - 1) * (columns - 1) / (n - 1), 0.0)
    smaller = min(size - (size - 1) ** 2 / (n - 1) for size in (rows, columns)) - 1
    return math.sqrt(corrected / smaller) if smaller > 0 else 0.0


def _pairs(names: Sequence[str], strength: Array) -> list[JSON]:
    rows, others = np.nonzero(np.triu(strength, 1) >= WEAKEST)
    order = np.argsort(-strength[rows, others], kind="stable")[:MOST_PAIRS]
    return [
        {
            "columns": [names[rows[i]], names[others[i]]],
            "strength": float(strength[rows[i], others[i]]),
        }
        for i in order
    ]


def _stripes(table: Dataset) -> list[JSON]:
    """Return, for each column with gaps, the share of missing cells in parts of the rows."""
    parts = np.array_split(np.arange(table.n_rows), min(N_STRIPES, table.n_rows))
    gone = [(column.name, is_missing(table, column)) for column in table.columns]
    return [
        {
            "name": name,
            "share": float(cells.mean()),
            "shares": [float(cells[part].mean()) for part in parts],
        }
        for name, cells in gone
        if cells.any()
    ][:MOST_COLUMNS]
