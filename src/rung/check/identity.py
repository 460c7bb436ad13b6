"""Find formulas that give a column exactly, in nearly all rows, from one, two or more others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from rung.check.formula import (
    FEWEST_ROWS,
    SHARE,
    SMALL_PART,
    Identity,
    filled,
    half_unit,
    has_one_sign,
    is_enough,
    is_flat,
    logs_of,
    near_of,
    needs_all,
    share_of,
    spread_of,
    written,
)
from rung.typing import Array

CANDIDATES = 12
# Share of the variance that two columns must explain to be looked at closer.
SCREEN = 0.98
MANY_SCREEN = 0.9999
MOST_MANY = 300
ROWS_OF_MANY = 3_000
ROWS_OF_SCREEN = 5_000
HOLEY = 0.02
MOST_HOLEY = 30
MOST_HOLEY_PAIRED = 15
# Pairs of columns that are compared at a time.
MOST_PAIRS = 4_000_000


def find_identities(y: Array, columns: Array) -> Iterator[Identity]:
    """Yield the formulas of one column, of two, and of many that give y in 99 % of the rows.

    Sums and differences with any coefficients, and products, ratios and powers, which are sums of
    logarithms. Those of two are looked for among columns that are no formula on their own, those
    of more only where there is none of two.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        What may be computed; NaN for missing.
    columns : ndarray, shape (n_rows, n_columns)
        What from; NaN for missing.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(200, 3))
    >>> [(one.sources, one.formula) for one in find_identities(x[:, 0] - 2 * x[:, 1], x)]
    [((0, 1), '{0} - 2·{1}')]
    """
    if np.isfinite(y).sum() < FEWEST_ROWS or is_flat(y):
        return
    halves = [half_unit(one) for one in (y, *columns.T)]
    alone: set[int] = set()
    for j in range(columns.shape[1]):
        found = _of_one(y, columns, j, halves)
        if found:
            alone.add(j)
            yield found
    others = [j for j in range(columns.shape[1]) if j not in alone]
    pairs = list(_of_two(y, columns, others, halves))
    yield from pairs
    if not alone and not pairs:
        yield from _of_many(y, columns, others, halves)


def _of_one(y: Array, columns: Array, j: int, halves: Sequence[float]) -> Identity | None:
    x = columns[:, j]
    known = np.isfinite(x) & np.isfinite(y)
    if not is_enough(known) or is_flat(x[known]) or not _follows(x[known], y[known]):
        return None
    for logs_y, logs_x in ((False, False), (True, True), (False, True), (True, False)):
        share, at = share_of(y[known], x[known, None], (logs_y, logs_x), (halves[0], halves[j + 1]))
        if share >= SHARE:
            return Identity((j,), written(at, logs_y, logs_x), share)
    return None


def _follows(x: Array, y: Array) -> bool:
    """Tell whether neighbours along x have nearly the same y, as where y is a function of x."""
    order = np.lexsort((y, x))
    steps = np.abs(np.diff(y[order]))
    return bool(np.median(steps) <= 0.05 * float(spread_of(y[:, None])[0]))


def _of_two(
    y: Array, columns: Array, others: Sequence[int], halves: Sequence[float]
) -> Iterator[Identity]:
    seen: set[tuple[int, int]] = set()
    for logs in (False, True):
        if logs and not has_one_sign(y):
            return
        kept = [j for j in others if not logs or has_one_sign(columns[:, j])]
        for a, b in _candidates(y, columns[:, kept], logs=logs):
            pair = (kept[a], kept[b])
            x = columns[:, pair]
            known = np.isfinite(x).all(axis=1) & np.isfinite(y)
            if pair in seen or not is_enough(known):
                continue
            own = (halves[0], halves[pair[0] + 1], halves[pair[1] + 1])
            share, at = share_of(y[known], x[known], (logs, logs), own)
            if share >= SHARE and needs_all(y[known], x[known], at, logs=logs):
                seen.add(pair)
                yield Identity(pair, written(at, logs, logs), share)


def _candidates(y: Array, columns: Array, *, logs: bool) -> list[tuple[int, int]]:
    """Return the pairs that explain most of y in a line, the best first.

    Asked once of all rows, a missing cell being the mean, and once of the rows where each column
    with missing cells is known.
    """
    if columns.shape[1] < 2:
        return []
    top, wide = logs_of(y, logs), logs_of(columns, logs)
    rows = np.flatnonzero(near_of(top[:, None])[:, 0])[:ROWS_OF_SCREEN]
    top, wide = top[rows], wide[rows]
    wide = np.where(near_of(wide), wide, np.nan)
    known = np.isfinite(wide)
    holey = np.flatnonzero(known.mean(axis=0) < 1 - HOLEY)[:MOST_HOLEY]
    masks = [np.ones(len(rows), dtype=bool), *(known[:, j] for j in holey)]
    found = [one for mask in masks if is_enough(mask) for one in _screen(top[mask], wide[mask])]
    for a, b in combinations(holey[:MOST_HOLEY_PAIRED].tolist(), 2):
        mask = known[:, a] & known[:, b]
        if is_enough(mask):
            found += [(share, a, b) for share, *_ in _screen(top[mask], wide[np.ix_(mask, (a, b))])]
    best = sorted({one[1:]: one for one in found}.values(), key=lambda one: (-one[0], one[1:]))
    return [one[1:] for one in best[:CANDIDATES]]


def _screen(top: Array, wide: Array) -> list[tuple[float, int, int]]:
    wide = filled(wide)
    if top.std() == 0:
        return []
    centred = wide - wide.mean(axis=0)
    scale = np.sqrt(np.einsum("ij,ij->j", centred, centred) / len(top))
    usable = np.flatnonzero(scale > 0)
    if len(usable) < 2:
        return []
    standard = (centred[:, usable] / scale[usable]).T.copy()
    with_top = standard @ ((top - top.mean()) / top.std()) / len(top)
    size = max(MOST_PAIRS // len(usable), 1)
    found: list[tuple[float, int, int]] = []
    for start in range(0, len(usable), size):
        found += _best_in(slice(start, start + size), standard, with_top)
    return [(share, int(usable[a]), int(usable[b])) for share, a, b in found]


def _best_in(block: slice, standard: Array, with_top: Array) -> list[tuple[float, int, int]]:
    """Return the best pairs of a column in a block and one after it, with what they explain.

    With r the correlations with the target and c the one between the two, they explain
    (r1² + r2² - 2 r1 r2 c) / (1 - c²).
    """
    one, other = with_top[block, None], with_top[block.start :]
    between = standard[block] @ standard[block.start :].T / standard.shape[1]
    shares = between * (-2 * one)  # one step at a time: the matrices are large
    shares *= other
    shares += one**2
    shares += other**2
    bottom = np.square(between, out=between)
    np.subtract(1.0, bottom, out=bottom)
    is_pair = (bottom > 1e-6) & (np.arange(len(other)) > np.arange(len(one))[:, None])
    rows, columns = np.nonzero(is_pair & (shares >= SCREEN * bottom))
    worth = shares[rows, columns] / bottom[rows, columns]
    best = np.argsort(-worth, kind="stable")[:CANDIDATES]
    return [
        (float(worth[k]), block.start + int(rows[k]), block.start + int(columns[k])) for k in best
    ]


def _of_many(
    y: Array, columns: Array, others: Sequence[int], halves: Sequence[float]
) -> Iterator[Identity]:
    """Yield a formula of three columns or more, its needless ones left out."""
    for logs in (False, True):
        kept = [j for j in others if not logs or has_one_sign(columns[:, j])]
        if len(kept) < 3 or len(kept) > MOST_MANY or (logs and not has_one_sign(y)):
            continue
        found = _sum_of_many(y, columns, kept, halves, logs=logs)
        if found:
            yield found
            return


def _sum_of_many(
    y: Array, columns: Array, kept: list[int], halves: Sequence[float], *, logs: bool
) -> Identity | None:
    top, wide = logs_of(y, logs), logs_of(columns[:, kept], logs)
    wide = np.where(near_of(wide), wide, np.nan)
    near = near_of(top[:, None])[:, 0]
    whole = near & np.isfinite(wide).all(axis=1)
    rows = np.flatnonzero(whole if whole.sum() >= 0.2 * len(y) else near)[:ROWS_OF_MANY]
    top, wide = top[rows], filled(wide[rows])
    scale = wide.std(axis=0)
    varies = (scale > 0) & np.isfinite(scale)  # beyond 1e154 squares overflow
    kept = [j for j, one in zip(kept, varies, strict=True) if one]
    wide, scale = wide[:, varies], scale[varies]
    if len(rows) < 3 * len(kept) + FEWEST_ROWS or top.std() == 0 or len(kept) < 3:
        return None
    matrix = np.column_stack([(wide - wide.mean(axis=0)) / scale, np.ones(len(rows))])
    weights = np.linalg.lstsq(matrix, top, rcond=1e-9)[0]
    left = top - matrix @ weights
    if 1 - float(left.var() / top.var()) < MANY_SCREEN:
        return None
    parts = np.abs(weights[:-1]) / float(top.std())
    sources = [j for j, part in zip(kept, parts, strict=True) if part > SMALL_PART]
    x = columns[:, sources]
    known = np.isfinite(x).all(axis=1) & np.isfinite(y)
    if len(sources) < 3 or not is_enough(known):
        return None
    own = (halves[0], *(halves[j + 1] for j in sources))
    share, at = share_of(y[known], x[known], (logs, logs), own)
    return Identity(tuple(sources), written(at, logs, logs), share) if share >= SHARE else None
