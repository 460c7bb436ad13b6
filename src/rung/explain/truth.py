"""Hold predictions against the truth, out of fold: residuals of values, and the largest errors."""

from __future__ import annotations

import math

import numpy as np

from rung.core.family import Family
from rung.core.out_of_fold import OutOfFold
from rung.explain.chances import Labels, class_truth
from rung.explain.explanation import Explained, Explanation
from rung.typing import JSON, Array

MOST_POINTS, MOST_LARGEST, N_BINS = 400, 10, 10
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def truth_section(found: Explained) -> list[JSON] | None:
    """Return predicted against true values, or classes, of the choice and the leader."""
    return [
        {"family": family.name, "title": family.title, **truth_of(found, family)}
        for family in found.shown
    ]


def truth_of(found: Explained, family: Family) -> JSON:
    """Return predicted against true of one family, on rows that its models have not seen."""
    rows, fold, outputs = predictions(found, family)
    if found.out_of_fold.classes:
        return class_truth(found.out_of_fold, rows, fold, outputs, found.labels)
    return value_truth(found.out_of_fold, rows, fold, outputs[:, 0], found.labels)


def predictions(found: Explained, family: Family) -> tuple[Array, Array, Array]:
    """Return rows that were held out, the fold of each, and what was predicted."""
    made = found.out_of_fold.predictions[family.name]
    parts = found.first_repeat()
    rows = np.concatenate([split.test for _, split in parts])
    fold = np.concatenate([np.full(len(split.test), i) for i, split in parts])
    outputs = np.concatenate([made[i].reshape(len(split.test), -1) for i, split in parts])
    order = np.argsort(rows, kind="stable")
    return rows[order], fold[order], outputs[order]


def value_truth(oof: OutOfFold, rows: Array, fold: Array, predicted: Array, labels: Labels) -> JSON:
    """Return points, residuals by predicted value, and the rows with the largest errors.

    Parameters
    ----------
    oof : OutOfFold
        Of the run.
    rows, fold, predicted : ndarray, shape (n_rows,)
        Training rows, the fold that held each out, its prediction.
    labels : callable
        Says which rows are meant.

    Returns
    -------
    dict
        A residual is the prediction minus the truth. `largest` has the rows of the largest ones,
        `bins` the mean residual of rows with predictions alike, with a 95 % interval.
    """
    true = oof.y[rows]
    error = predicted - true
    step = -(-len(rows) // MOST_POINTS)
    worst = np.argsort(-np.abs(error), kind="stable")[:MOST_LARGEST]
    return {
        "n_rows": len(rows),
        "points": {
            "true": true[::step],
            "predicted": predicted[::step],
            "fold": fold[::step],
        },
        "residual": {
            **mean_interval(error),
            "deviation": float(error.std()),
            "shares": list(SHARES),
            "quantiles": np.quantile(error, SHARES),
        },
        "bins": _bins(predicted, error),
        "largest": [
            {
                "row": label,
                "fold": int(fold[i]),
                "true": float(true[i]),
                "predicted": float(predicted[i]),
                "error": float(error[i]),
            }
            for i, label in zip(worst, labels(rows[worst]), strict=True)
        ],
    }


def mean_interval(values: Array) -> JSON:
    """Return `mean`, `low` and `high` of a 95 % interval of the mean, and `n`.

    Examples
    --------
    >>> found = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> found["mean"], round(found["low"], 3), found["n"]
    (2.0, -0.484, 3)
    """
    from scipy.special import stdtrit

    n, mean = len(values), float(values.mean())
    half = math.nan
    if n > 1:
        half = float(stdtrit(n - 1, 0.975)) * float(values.std(ddof=1)) / math.sqrt(n)
    return {"n": n, "mean": mean, "low": mean - half, "high": mean + half}


def _bins(predicted: Array, error: Array) -> list[JSON]:
    """Return mean residuals of rows in tenths of the predictions."""
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, min(N_BINS, max(len(order) // 5, 1)))
    return [
        {"predicted": float(predicted[part].mean()), **mean_interval(error[part])}
        for part in parts
        if len(part)
    ]


EXPLANATION = Explanation(name="truth", make=truth_section, kinds=("table", "image"))
