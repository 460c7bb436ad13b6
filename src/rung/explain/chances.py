"""Hold probabilities against what happened, out of fold: calibration, ROC, precision and recall.

Sources: Murphy & Winkler (1977), Applied Statistics 26 (reliability); Guo et al. (2017), ICML
(expected calibration error); Fawcett (2006), Pattern Recognition Letters 27 (averaging ROC curves);
Wilson (1927), JASA 22 (interval of a share).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from rung.core.out_of_fold import OutOfFold
from rung.core.roc import placements
from rung.typing import JSON, Array

N_BINS, N_PLACES, MOST_CURVES, MOST_LARGEST, MOST_CELLS, MOST_BEHIND = 10, 21, 4, 10, 12, 3
NORMAL = 1.959963984540054
DRAWS, FEWEST_DRAWS, MOST_DRAWN = 200, 20, 4_000_000
Labels: TypeAlias = Callable[[Array], list[str]]


def class_truth(
    oof: OutOfFold, rows: Array, fold: Array, probability: Array, labels: Labels
) -> JSON:
    """Return calibration, curves, and the rows that are mistaken.

    Parameters
    ----------
    oof : OutOfFold
        Of the run.
    rows, fold : ndarray, shape (n_rows,)
        Training rows, the fold that held each out.
    probability : ndarray, shape (n_rows, n_classes)
        Predicted.
    labels : callable
        Says which rows are meant.
    """
    y = oof.y[rows]
    predicted = probability.argmax(axis=1)
    if oof.positive is not None:
        of, chance, happened = oof.positive, probability[:, oof.positive], y == oof.positive
    else:
        of, chance, happened = None, probability.max(axis=1), predicted == y
    shown = [of] if of is not None else _frequent(y, len(oof.classes))
    return {
        "n_rows": len(rows),
        "calibration": {
            "of": "" if of is None else oof.classes[of],
            **calibration(chance, happened),
        },
        "curves": [
            {"class": oof.classes[k], **curves(probability[:, k], y == k, fold)}
            for k in shown
            if 0 < (y == k).sum() < len(y)
        ],
        "mistakes": _mistakes(oof.classes, y, predicted, lambda own: labels(rows[own])),
        "largest": _surest(oof.classes, y, probability, fold, lambda own: labels(rows[own])),
    }


def _frequent(y: Array, n_classes: int) -> list[int]:
    counts = np.bincount(y, minlength=n_classes)
    return sorted(np.argsort(-counts, kind="stable")[:MOST_CURVES].tolist())


def calibration(chance: Array, happened: Array) -> JSON:
    """Return how often what got a probability happened, in bins of equal counts.

    Returns
    -------
    dict
        `bins`, each with `n`, the mean `predicted` probability, the `observed` share and its 95 %
        interval `low` to `high`; `error`, the mean difference of the two over all rows, with its
        interval `error_low` to `error_high`, and what a model whose probabilities are right stays
        below `by_chance` in 95 of 100 tables.

    Examples
    --------
    >>> found = calibration(np.array([0.2] * 5 + [0.8] * 5), np.array([0, 0, 0, 0, 1] + [1] * 5))
    >>> found["bins"][0]["observed"], round(found["error"], 3)
    (0.2, 0.1)
    """
    order = np.argsort(chance, kind="stable")
    cuts = np.linspace(0, len(order), min(N_BINS, max(len(order) // 5, 1)) + 1).astype(int)
    # Rows of the same probability stay together, however they are ordered.
    edges = np.unique(np.searchsorted(chance[order], chance[order][cuts[:-1]], side="left"))
    bins = []
    for part in np.split(order, edges[1:]):
        observed = float(happened[part].mean())
        low, high = wilson(observed, len(part))
        bins.append(
            {
                "n": len(part),
                "predicted": float(chance[part].mean()),
                "observed": observed,
                "low": low,
                "high": high,
            }
        )
    error = sum(one["n"] * abs(one["observed"] - one["predicted"]) for one in bins) / len(order)
    counts = np.diff([*edges, len(order)])
    sides = np.repeat([np.sign(one["observed"] - one["predicted"]) for one in bins], counts)
    apart = sides * (happened[order].astype(float) - chance[order])
    half = NORMAL * float(apart.std()) / math.sqrt(len(order))
    return {
        "bins": bins,
        "error": error,
        "error_low": max(error - half, 0.0),
        "error_high": min(error + half, 1.0),
        "by_chance": _error_by_chance(chance[order], edges),
    }


def _error_by_chance(chance: Array, edges: Array) -> float:
    """Return the calibration error that 95 % of models whose probabilities are right stay below.

    What happens is drawn by these probabilities, so often; the error is never negative, and so is
    above 0 even for them.
    """
    n_draws = int(np.clip(MOST_DRAWN // len(chance), FEWEST_DRAWS, DRAWS))
    rng = np.random.default_rng([0xECE, len(chance)])
    errors = []
    for _ in range(n_draws):
        apart: Array = (rng.random(len(chance)) < chance) - chance
        errors.append(float(np.abs(np.add.reduceat(apart, edges)).sum()) / len(chance))
    return float(np.quantile(errors, 0.95))


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n rows.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(0.5, 100)]
    [0.4038, 0.5962]
    """
    squared = NORMAL**2 / n
    middle = (share + squared / 2) / (1 + squared)
    half = NORMAL * math.sqrt(share * (1 - share) / n + squared / (4 * n)) / (1 + squared)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def curves(score: Array, is_positive: Array, fold: Array) -> JSON:
    """Return ROC and precision-recall curves, with the lowest and highest of single folds.

    Parameters
    ----------
    score : ndarray, shape (n_rows,)
        Probability of the class.
    is_positive : ndarray of bool, shape (n_rows,)
        Whether a row is of it.
    fold : ndarray of int, shape (n_rows,)
        The fold that held each row out; models of different folds are not ranked together.

    Returns
    -------
    dict
        `area` under the ROC curve; `share` of the class; `roc`, true positive rates at the false
        positive rates `places`; `precision` at the same places as recalls; each `mean`, `low`,
        `high` over folds.
    """
    places = np.linspace(0.0, 1.0, N_PLACES)
    rates, precisions, areas = [], [], []
    for own in (fold == i for i in np.unique(fold)):
        mask = is_positive[own]
        if not 0 < mask.sum() < len(mask):
            continue
        rates.append(roc_curve(score[own], mask, places))
        precisions.append(precision_curve(score[own], mask, places))
        areas.append(placements(score[own], mask, np.ones(len(mask)))[0])
    if not areas:
        return {"area": None, "share": float(is_positive.mean()), "places": places, "roc": None}
    return {
        "area": float(np.mean(areas)),
        "area_low": min(areas),
        "area_high": max(areas),
        "share": float(is_positive.mean()),
        "places": places,
        "roc": _band(rates),
        "precision": _band(precisions),
    }


def roc_curve(score: Array, is_positive: Array, places: Array) -> Array:
    """Return true positive rates at false positive rates, shape (n_places,).

    Examples
    --------
    >>> score, truth = np.array([0.1, 0.6, 0.4, 0.9]), np.array([False, False, True, True])
    >>> roc_curve(score, truth, np.array([0.0, 0.5, 1.0])).tolist()
    [0.5, 1.0, 1.0]
    """
    true, false = _counts(score, is_positive)
    x, y = false / false[-1], true / true[-1]
    # Where the curve rises straight up, its upper end is what can be had.
    last = np.append(x[1:] > x[:-1], True)
    found: Array = np.interp(places, x[last], y[last])
    return found


def precision_curve(score: Array, is_positive: Array, places: Array) -> Array:
    """Return the precision at recalls of at least each place, shape (n_places,).

    Examples
    --------
    >>> score, truth = np.array([0.1, 0.6, 0.4, 0.9]), np.array([False, False, True, True])
    >>> precision_curve(score, truth, np.array([0.5, 1.0])).round(3).tolist()
    [1.0, 0.667]
    """
    true, false = (each[1:] for each in _counts(score, is_positive))
    recall, precision = true / true[-1], true / (true + false)
    first = np.searchsorted(recall, places - 1e-12, side="left")
    found: Array = precision[np.minimum(first, len(precision) - 1)]
    return found


def _counts(score: Array, is_positive: Array) -> tuple[Array, Array]:
    """Return true and false positives from the strictest threshold down; ties come together."""
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    true = np.cumsum(is_positive[order])[ends]
    return np.concatenate([[0], true]), np.concatenate([[0], ends + 1 - true])


def _band(found: Sequence[Array]) -> JSON:
    stacked = np.stack(found)
    return {"mean": stacked.mean(axis=0), "low": stacked.min(axis=0), "high": stacked.max(axis=0)}


def _mistakes(classes: Sequence[str], y: Array, predicted: Array, labels: Labels) -> list[JSON]:
    """Return the rows behind the largest cells of the confusion matrix that are wrong."""
    wrong = np.flatnonzero(y != predicted)
    cells, counts = np.unique(y[wrong] * len(classes) + predicted[wrong], return_counts=True)
    largest = np.argsort(-counts, kind="stable")[:MOST_CELLS]
    found = []
    for place in largest:
        true, guess = divmod(int(cells[place]), len(classes))
        own = wrong[(y[wrong] == true) & (predicted[wrong] == guess)]
        found.append(
            {
                "true": classes[true],
                "predicted": classes[guess],
                "n": int(counts[place]),
                "rows": labels(own[:MOST_BEHIND]),
            }
        )
    return found


def _surest(
    classes: Sequence[str], y: Array, probability: Array, fold: Array, labels: Labels
) -> list[JSON]:
    """Return the rows whose true class got the lowest probability."""
    of_truth = probability[np.arange(len(y)), y]
    worst = np.argsort(of_truth, kind="stable")[:MOST_LARGEST]
    return [
        {
            "row": label,
            "fold": int(fold[i]),
            "true": classes[int(y[i])],
            "predicted": classes[int(probability[i].argmax())],
            "probability": float(of_truth[i]),
        }
        for i, label in zip(worst, labels(worst), strict=True)
    ]
