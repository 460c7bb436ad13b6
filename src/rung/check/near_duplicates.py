"""Find rows that are others with a little noise, or with another value in one column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from rung.check import Check, Seen
from rung.check.duplicate_rows import BY_CHANCE, row_codes
from rung.core.dataset import Dataset
from rung.core.findings import Finding, Severity
from rung.core.sentinels import blank_sentinels
from rung.typing import Array

MOST_ROWS = 20_000
FEWEST_ROWS = 50
# Part of a column's spread that a copy may be off by, in every column.
JITTER = 4e-3
# A copy is so much nearer than the tenth nearest row; in three columns one row of a hundred is by
# chance, in four one of a thousand.
NEARER = 0.1
NEIGHBOURS = 10
FEWEST_COLUMNS = 3
MOST_DIRECT = 8
MOST_CLOSE = 4_000
FEWEST_FOUND = 10
# Times the rows that must be alike in all but one column, for that column to be left out.
ADDED = 1.1
TRIED = 5
ISOLATED = 1.3
MOST_ALIKE = 8
OF_ROWS = 0.005
OF_ROWS_ALARM = 0.02
# Copies agree in the target: so far apart at most, in parts of its spread, or in class.
SAME_TARGET = 0.05
AGREE = 0.8
REMEDY = (
    "remove the copies, or give rows that belong together one name and declare it with --groups: "
    "copies on both sides of a fold make any model look good"
)


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if rows come in copies that differ by jitter or in one column.

    An alarm where the copies are 2 % of the rows or more and have the same target: folds and the
    sealed test then hold copies of what was learned from, and their scores cannot be believed.
    """
    dataset = _without_identifiers(blank_sentinels(seen.dataset, seen.sentinels))
    return (*_renamed(seen, dataset), *_copies(seen, dataset))


def _without_identifiers(dataset: Dataset) -> Dataset:
    names = [column.name for column in dataset.columns if column.role == "identifier"]
    return dataset.with_roles(dict.fromkeys(names, "dropped"))


def _renamed(seen: Seen, dataset: Dataset) -> tuple[Finding, ...]:
    """Return a finding if rows are equal but for their identifiers, more often than by chance."""
    named = np.unique(row_codes(seen.dataset)[0])
    codes, chance = row_codes(dataset)
    counts = np.unique(codes, return_counts=True)[1]
    n_repeats = len(named) - len(counts)
    pairs = float((counts * (counts - 1.0) / 2).sum())
    by_chance = BY_CHANCE * chance * len(codes) * (len(codes) - 1) / 2
    if n_repeats < FEWEST_FOUND or n_repeats < OF_ROWS * len(codes) or pairs <= by_chance:
        return ()
    message = (
        f"{n_repeats} of {len(codes)} rows are equal to another in all but its identifiers; equal "
        "rows stay on one side of the sealed test and of every fold"
    )
    return (Finding("near_duplicates", "info", (), message, "remove them if they are copies"),)


def _copies(seen: Seen, dataset: Dataset) -> tuple[Finding, ...]:
    first = np.unique(row_codes(dataset)[0], return_index=True)[1] if dataset.n_rows else ()
    rows = np.sort(np.asarray(first, dtype=np.int64))[:MOST_ROWS]
    if len(rows) < FEWEST_ROWS:
        return ()
    part = dataset.take(rows)
    pairs, left_out = copies_in(part)
    pairs = pairs[_are_apart(dataset, rows[pairs])]
    n_copies = len(np.unique(pairs))
    if n_copies < max(FEWEST_FOUND, OF_ROWS * len(rows)):
        return ()
    agree = _agreement(seen, rows, pairs)
    if agree is not None and agree < AGREE:
        return ()
    severity: Severity = (
        "alarm" if agree is not None and n_copies >= OF_ROWS_ALARM * len(rows) else "warning"
    )
    same = "" if agree is None else f"; {agree:.0%} of the pairs have the same {seen.target}"
    a, b = pairs[0]
    but = f" and but for {left_out!r}" if left_out else ""
    message = (
        f"{n_copies} of {len(rows)} distinct rows are another row but for less than "
        f"{2 * JITTER:.1%} of each column's spread{but}{same}; such as "
        f"{_row(part, a)} and {_row(part, b)}"
    )
    return (Finding("near_duplicates", severity, (), message, REMEDY),)


def _are_apart(dataset: Dataset, pairs: Array) -> Array:
    """Tell which pairs a declared group does not keep together."""
    group = next((c.name for c in dataset.columns if c.role == "group"), None)
    if group is None:
        return np.ones(len(pairs), dtype=bool)
    values = dataset.values[group]
    return np.asarray(values[pairs[:, 0]] != values[pairs[:, 1]])


def _row(dataset: Dataset, row: int) -> str:
    cells = []
    for column in dataset.features[:4]:
        value = dataset.values[column.name][row]
        if column.is_coded:
            cells.append(repr(column.levels[value]) if value >= 0 else "missing")
        else:
            cells.append(f"{value:.8g}")
    return f"({', '.join(cells)}{', ...' if len(dataset.features) > len(cells) else ''})"


def copies_in(dataset: Dataset) -> tuple[Array, str]:
    """Return pairs of rows that are copies of each other, and the column that they differ in.

    Copies are isolated: where one more column is left out, hardly more rows are found to be alike.
    In a table of few values, or of dense ones, rows come near each other by degrees.

    Parameters
    ----------
    dataset : Dataset
        Distinct rows.

    Returns
    -------
    pairs : ndarray of int, shape (n_pairs, 2)
        None where fewer than three columns vary.
    left_out : str
        Name of the column that may differ by more than the jitter; empty if none may.
    """
    names, matrix = _scaled(dataset)
    if len(names) < FEWEST_COLUMNS:
        return np.empty((0, 2), dtype=np.int64), ""
    pairs, differs = _pairs_of(matrix, most=1)
    n_alike = int((~differs).all(axis=1).sum())
    n_with = n_alike + differs[differs.sum(axis=1) == 1].sum(axis=0)
    left = int(n_with.argmax()) if len(pairs) and n_with.max() > ADDED * n_alike else -1
    kept = [j for j in range(len(names)) if j != left]
    own = pairs[~differs[:, kept].any(axis=1)]
    n_copies = len(np.unique(own))
    if n_copies < FEWEST_FOUND or not _are_isolated(matrix[:, kept], n_copies):
        return np.empty((0, 2), dtype=np.int64), ""
    return own, names[left] if left >= 0 else ""


def _pairs_of(matrix: Array, *, most: int) -> tuple[Array, Array]:
    """Return near pairs that differ in so many columns at most, and which do; each pair once."""
    near = [_close_pairs(matrix[:, columns]) for columns in _subsets(matrix.shape[1])]
    pairs = np.unique(np.sort(np.concatenate(near), axis=1), axis=0)
    differs = np.abs(matrix[pairs[:, 0]] - matrix[pairs[:, 1]]) > 2 * JITTER
    few = differs.sum(axis=1) <= most
    return pairs[few], differs[few]


def _are_isolated(matrix: Array, n_copies: int) -> bool:
    """Tell whether hardly more rows are alike, and to hardly more others, without one more column."""
    n_columns = matrix.shape[1]
    tried = np.unique(np.linspace(0, n_columns - 1, min(TRIED, n_columns)).round().astype(int))
    counts = [_n_alike(np.delete(matrix, left, axis=1)) for left in tried]
    rows, others = np.median(counts, axis=0)
    return bool(rows <= ISOLATED * n_copies and others <= ISOLATED * _n_alike(matrix)[1])


def _n_alike(matrix: Array) -> tuple[float, float]:
    """Count rows with another alike, and those others, up to eight each; of a sample of 4,000 rows."""
    points, reach = _points(matrix)
    step = max(len(points) // MOST_CLOSE, 1)
    k = min(MOST_ALIKE + 1, len(points))
    found = cKDTree(points).query(points[::step], k=k, distance_upper_bound=reach)
    is_alike = np.isfinite(np.asarray(found[0])[:, 1:])
    return float(is_alike[:, 0].sum() * step), float(is_alike.sum() * step)


def _points(matrix: Array) -> tuple[Array, float]:
    """Return what is searched in, and how far copies lie apart at most."""
    points = matrix if matrix.shape[1] <= MOST_DIRECT else _projected(matrix)
    return points, JITTER * float(np.sqrt(matrix.shape[1]))


def _scaled(dataset: Dataset) -> tuple[list[str], Array]:
    """Return names and values of features in parts of their spread; another category is a distance of 1.

    Columns whose smallest step is large beside the jitter are compared too: they hold rows apart.
    """
    names, columns = [], []
    for column in dataset.features:
        values = dataset.values[column.name].astype(np.float64)
        if column.is_coded:
            names.append(column.name)
            columns.append(values)
            continue
        known = values[np.isfinite(values)]
        if not len(known):
            continue
        low, high = np.quantile(known, [0.05, 0.95])
        spread = float(high - low) if high > low else float(known.std())
        if spread > 0:
            names.append(column.name)
            columns.append(np.where(np.isfinite(values), (values - low) / spread, -10.0))
    return names, np.stack(columns, axis=1) if columns else np.empty((dataset.n_rows, 0))


def _subsets(n_columns: int) -> Iterator[list[int]]:
    """Yield the columns to search in: all, and so that any one column is left out once."""
    every = list(range(n_columns))
    yield every
    if n_columns <= FEWEST_COLUMNS:
        return
    if n_columns <= MOST_DIRECT:
        yield from ([j for j in every if j != left] for left in every)
        return
    yield every[::2]
    yield every[1::2]


def _close_pairs(matrix: Array) -> Array:
    """Return rows with their nearest where that is within the jitter, and far nearer than others."""
    points, reach = _points(matrix)
    tree = cKDTree(points)
    found = tree.query(points, k=2, distance_upper_bound=reach)
    distance, place = np.asarray(found[0]), np.asarray(found[1])
    close = np.flatnonzero(np.isfinite(distance[:, 1]))
    asked = close[:: max(len(close) // MOST_CLOSE, 1)]
    if not len(asked):
        return np.empty((0, 2), dtype=np.int64)
    k = min(NEIGHBOURS + 1, len(points))
    far = np.asarray(tree.query(points[asked], k=k)[0])[:, -1]
    alone = asked[distance[asked, 1] <= NEARER * far]
    return np.stack([alone, _other(place, alone)], axis=1)


def _other(place: Array, rows: Array) -> Array:
    """Return the nearest other row; where rows are equal, a row may stand second to itself."""
    return np.asarray(np.where(place[rows, 0] == rows, place[rows, 1], place[rows, 0]))


def _projected(matrix: Array) -> Array:
    """Return few random directions: near rows stay near, and no row is moved nearer by much."""
    directions = np.random.default_rng(0).normal(size=(matrix.shape[1], MOST_DIRECT))
    return np.asarray(matrix @ (directions / np.sqrt(MOST_DIRECT)))


def _agreement(seen: Seen, rows: Array, pairs: Array) -> float | None:
    """Return the share of the pairs among training rows that agree in the target."""
    if seen.problem is None:
        return None
    is_train = np.ones(seen.dataset.n_rows, bool) if seen.is_sealed is None else ~seen.is_sealed
    place = np.cumsum(is_train) - 1
    both = pairs[is_train[rows[pairs]].all(axis=1)]
    y = seen.problem.y
    if not len(both) or is_train.sum() != len(y):
        return None
    a, b = (y[place[rows[both[:, side]]]] for side in (0, 1))
    if seen.problem.task != "regression":
        return float(np.mean(a == b))
    low, high = np.quantile(y, [0.05, 0.95])
    return float(np.mean(np.abs(a - b) <= SAME_TARGET * (high - low)))


CHECK = Check(
    code="near_duplicates",
    title="rows that are another row but for a little noise, or for one column",
    severity="alarm",
    look=find,
    source="Barz & Denzler (2020), Journal of Imaging 6: near-duplicates across train and test",
    remedy=REMEDY,
)
