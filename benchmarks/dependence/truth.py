"""Measure by the true groups what random folds flatter by, with a family that the check does not use."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.model_selection import GroupKFold, KFold

from benchmarks.dependence.table import Table

MOST_ROWS = 1_500


def true_price(table: Table, rng: np.random.Generator) -> tuple[float, float]:
    """Return what random folds flatter by, and the default margin of a run, both as shares.

    Parameters
    ----------
    table : Table
        With its true units.
    rng : Generator
        Chooses rows of long tables; series are cut to their first ones.
    """
    y = np.unique(table.columns["y"], return_inverse=True)[1] * 1.0
    if table.columns["y"].dtype.kind == "f":
        y = table.columns["y"]
    rows = np.arange(len(y))
    if len(y) > MOST_ROWS:
        rows = rows[:MOST_ROWS] if table.code == "time" else rng.permutation(len(y))[:MOST_ROWS]
    unit = table.unit[rows] if table.code != "time" else np.arange(len(rows)) * 10 // len(rows)
    loss = _loss(table, rows, y, KFold(5, shuffle=True, random_state=0).split(rows), ())
    honest = _loss(table, rows, y, GroupKFold(5).split(rows, groups=unit), table.hidden)
    guess = float(y[rows].var())
    margin = min(max(0.05 * (guess - loss), 0.01 * guess), 0.1 * loss)
    return (honest - loss) / guess, margin / guess


def _loss(
    table: Table, rows: np.ndarray, y: np.ndarray, splits: Any, hidden: tuple[str, ...]
) -> float:
    X = np.stack(
        [
            values if values.dtype.kind == "f" else np.unique(values, return_inverse=True)[1]
            for name, values in table.columns.items()
            if name not in ("y", *hidden)
        ],
        axis=1,
    )[rows]
    losses = np.zeros(len(rows))
    for train, test in splits:
        trees = ExtraTreesRegressor(40, min_samples_leaf=2, max_features=0.7, random_state=0)
        said = trees.fit(X[train], y[rows][train]).predict(X[test])
        losses[test] = (said - y[rows][test]) ** 2
    return float(losses.mean())
