"""Find what two columns make together: curves of their sum or ratio, and columns computed from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rung.check.formula import (
    SHARE,
    Identity,
    filled,
    half_unit,
    has_one_sign,
    is_enough,
    logs_of,
    near_of,
    needs_all,
    share_of,
    written,
)
from rung.typing import Array

CANDIDATES = 12
TRIPLE_SCREEN = 0.998
ALONE = 0.9999
ROWS_OF_TRIPLES = 2_000
WAYS = ("sum", "difference", "product", "ratio", "length")


@dataclass(frozen=True)
class ColumnIdentity:
    """State that the column at a position is computed from two others."""

    target: int
    identity: Identity


def find_functions_of_pairs(
    y: Array, columns: Array, rows: int = 300
) -> list[tuple[str, int, int]]:
    """Return pairs whose sum, difference, product, ratio or length y seems to be a curve of.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        A quantity.
    columns : ndarray, shape (n_rows, n_columns)
        Few columns: every pair is tried on the first rows.
    rows : int, default 300
        How many of them.

    Returns
    -------
    list of (str, int, int)
        Way to combine, and positions of both columns; they are candidates only.
    """
    x = filled(columns[:rows]).T
    if len(x) < 2 or not np.isfinite(y[:rows]).all():
        return []
    # ranks, so that a heavy tail hides nothing
    top = np.unique(y[:rows], return_inverse=True)[1].astype(np.float64)
    total = 2 * float(top.var())
    if total == 0:
        return []
    first, second = np.array(list(combinations(range(len(x)), 2))).T
    found: list[tuple[float, str, int, int]] = []
    for way in WAYS:
        with np.errstate(all="ignore"):
            values = combine(way, x[first], x[second])
        order = np.argsort(np.nan_to_num(values), axis=1, kind="stable")
        roughness = (np.diff(top[order], axis=1) ** 2).mean(axis=1) / total
        best = np.argsort(roughness, kind="stable")[:CANDIDATES]
        found += [
            (float(roughness[i]), way, int(first[i]), int(second[i]))
            for i in best
            if roughness[i] < 0.02
        ]
    return [one[1:] for one in sorted(found)[:CANDIDATES]]


def combine(way: str, a: Array, b: Array) -> Array:
    """Combine two columns; NaN where that is no finite number.

    Examples
    --------
    >>> combine("length", np.array([3.0]), np.array([4.0]))
    array([5.])
    """
    with np.errstate(all="ignore"):
        if way == "sum":
            out = a + b
        elif way == "difference":
            out = a - b
        elif way == "product":
            out = a * b
        elif way == "ratio":
            out = a / b
        else:
            out = np.hypot(a, b)
    return np.where(np.isfinite(out), out, np.nan)


def combined_exactly(columns: Array) -> Iterator[ColumnIdentity]:
    """Yield columns that two others give exactly, each set of three once.

    Parameters
    ----------
    columns : ndarray, shape (n_rows, n_columns)
        Every triple is tried; NaN for missing.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(200, 4))
    >>> x[:, 3] = x[:, 0] + x[:, 1]
    >>> [(one.target, one.identity.formula) for one in combined_exactly(x)]
    [(3, '{0} + {1}')]
    """
    halves = [half_unit(one) for one in columns.T]
    seen: set[frozenset[int]] = set()
    for logs in (False, True):
        kept = [j for j, one in enumerate(columns.T) if not logs or has_one_sign(one)]
        for k, i, j in _triples(logs_of(columns[:ROWS_OF_TRIPLES, kept], logs)):
            target, pair = kept[k], (kept[i], kept[j])
            known = np.asarray(np.isfinite(columns[:, (target, *pair)]).all(axis=1))
            if frozenset((target, *pair)) in seen or not is_enough(known):
                continue
            y, x = columns[known, target], columns[known][:, pair]
            own = (halves[target], *(halves[one] for one in pair))
            share, at = share_of(y, x, (logs, logs), own)
            if share >= SHARE and needs_all(y, x, at, logs=logs):
                seen.add(frozenset((target, *pair)))
                yield ColumnIdentity(target, Identity(pair, written(at, logs, logs), share))


def _triples(columns: Array) -> list[tuple[int, int, int]]:
    """Return (target, first, second) where two columns explain a third nearly wholly, last first."""
    if columns.shape[1] < 3:
        return []
    wide = filled(np.where(near_of(columns), columns, np.nan))
    scale = wide.std(axis=0)
    standard = (wide - wide.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    between = standard.T @ standard / len(standard)
    bottom = 1.0 - between**2
    found = []
    for k in np.flatnonzero(scale > 0)[::-1]:
        r = between[k]
        with np.errstate(all="ignore"):
            shares = (r[:, None] ** 2 + r**2 - 2 * np.outer(r, r) * between) / bottom
        usable = (bottom > 1e-4) & (np.tri(len(r)) == 0) & (scale > 0) & (scale > 0)[:, None]
        alone = np.maximum(r[:, None] ** 2, r**2) < ALONE
        usable &= alone
        usable[k], usable[:, k] = False, False
        hits = np.argwhere(usable & (shares >= TRIPLE_SCREEN))
        found += [(int(k), int(i), int(j)) for i, j in hits[:CANDIDATES]]
    return found
