"""Estimate the area under the ROC curve, and average precision, fold by fold.

Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rung.core.estimate import Estimate, weighted_mean
from rung.core.out_of_fold import OutOfFold
from rung.typing import Array

Part = tuple[Array, Array]  # rows, and the class probabilities predicted for them
# Takes scores, which rows are positive, and weights; returns the value, what each row adds, and
# what it adds for each unit of the value.
Ranking = Callable[[Array, Array, Array], tuple[float, Array, Array]]


def placements(score: Array, is_positive: Array, weight: Array) -> tuple[float, Array]:
    """Return the area under the ROC curve and each row's placement value.

    Parameters
    ----------
    score, weight : ndarray, shape (n_rows,)
        Score of the positive class; weight of the row.
    is_positive : ndarray of bool, shape (n_rows,)
        Must hold both values.

    Returns
    -------
    area : float
        Share of (positive, negative) pairs in the right order; ties count half.
    placement : ndarray, shape (n_rows,)
        For a positive row the share of negatives below it, for a negative one the share of
        positives above it.

    Source
    ------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44.

    Examples
    --------
    >>> score, truth = np.array([0.1, 0.6, 0.4, 0.9]), np.array([False, False, True, True])
    >>> placements(score, truth, np.ones(4))[0]
    0.75
    """
    placement = np.zeros(len(score))
    placement[is_positive] = _share_below(
        score[is_positive], score[~is_positive], weight[~is_positive]
    )
    placement[~is_positive] = _share_below(
        -score[~is_positive], -score[is_positive], weight[is_positive]
    )
    return weighted_mean(placement[is_positive], weight[is_positive]), placement


def _share_below(points: Array, others: Array, weight: Array) -> Array:
    """Return the weighted share of `others` below each point, ties counting half."""
    order = np.argsort(others, kind="stable")
    summed = np.concatenate([[0.0], np.cumsum(weight[order])])
    left = summed[np.searchsorted(others[order], points, side="left")]
    right = summed[np.searchsorted(others[order], points, side="right")]
    share: Array = (left + right) / 2 / summed[-1]
    return share


def auc(oof: OutOfFold, family: str) -> Estimate:
    """Return 1 - AUC, the mean over folds, then over classes against the rest.

    Folds without a class, or with nothing else, do not define its area and are left out; if no
    fold defines any, all rows are ranked together. One class alone gives 0.5.
    """
    return _ranked(oof, family, _area)


def average_precision(oof: OutOfFold, family: str) -> Estimate:
    """Return 1 - average precision, the mean over folds, then over classes, as `auc` does."""
    return _ranked(oof, family, _average_precision)


def _area(score: Array, is_positive: Array, weight: Array) -> tuple[float, Array, Array]:
    area, placement = placements(score, is_positive, weight)
    totals = np.where(is_positive, weight[is_positive].sum(), weight[~is_positive].sum())
    return area, weight / totals * placement, weight / totals


def _average_precision(
    score: Array, is_positive: Array, weight: Array
) -> tuple[float, Array, Array]:
    """Return the mean, over positive rows, of the precision among all that score as high.

    Examples
    --------
    >>> score, truth = np.array([0.9, 0.6, 0.4, 0.1]), np.array([True, False, True, False])
    >>> round(_average_precision(score, truth, np.ones(4))[0], 3)
    0.833
    """
    values, group = np.unique(-score, return_inverse=True)
    hits = np.bincount(group, weight * is_positive, len(values))
    above, hits_above = np.cumsum(np.bincount(group, weight, len(values))), np.cumsum(hits)
    precision, total = hits_above / above, hits.sum()
    # A row adds to the precision at every positive row that scores no higher.
    gained, lost = (np.cumsum((hits / above * one)[::-1])[::-1] for one in (1.0, precision))
    others = is_positive * gained[group] - lost[group]
    added = weight / total * (is_positive * precision[group] + others)
    return float(hits @ precision / total), added, weight * is_positive / total


def _ranked(oof: OutOfFold, family: str, ranking: Ranking) -> Estimate:
    parts = [
        (split.test, array)
        for split, array in zip(oof.splits, oof.predictions[family], strict=True)
    ]
    areas, rows = _areas(oof, parts, ranking)
    if np.isnan(areas).all():
        together = (np.concatenate([r for r, _ in parts]), np.concatenate([p for _, p in parts]))
        pooled, rows = _areas(oof, [together], ranking)
        mean = float(np.nanmean(pooled)) if not np.isnan(pooled).all() else 0.5
        return Estimate(1 - mean, oof.to_units(-rows), (float("nan"),) * len(parts))
    defined = areas[:, ~np.isnan(areas).all(axis=0)]
    mean = float(np.nanmean(defined, axis=0).mean())
    folds = (1 - _mean_of_defined(row) for row in defined)
    return Estimate(1 - mean, oof.to_units(-rows), tuple(folds))


def _mean_of_defined(values: Array) -> float:
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else float("nan")


def _areas(oof: OutOfFold, parts: list[Part], ranking: Ranking) -> tuple[Array, Array]:
    """Return areas (n_parts, n_labels), NaN if undefined, and contributions (n_rows,).

    Placements are centred at the class's mean area and not at the fold's: a fold with one
    positive row would otherwise seem to be free of noise.
    """
    labels = [oof.positive] if oof.task == "binary" else list(range(len(oof.classes)))
    areas = np.full((len(parts), len(labels)), np.nan)
    pieces: list[list[tuple[Array, Array, Array]]] = [[] for _ in labels]
    for column, label in enumerate(labels):
        for index, (rows, probability) in enumerate(parts):
            kept = oof.weights[rows] > 0
            rows, score = rows[kept], probability[kept, label]
            mask, weight = oof.y[rows] == label, oof.weights[rows]
            if mask.all() or not mask.any():
                continue
            areas[index, column], added, counted = ranking(score, mask, weight)
            pieces[column].append((rows, added, counted))
    contributions = np.zeros(len(oof.y))
    n_defined = sum(bool(column) for column in pieces)
    for column, found in enumerate(pieces):
        for rows, added, counted in found:
            centre = np.nanmean(areas[:, column])
            scale = 1.0 / len(found) / n_defined
            np.add.at(contributions, rows, scale * (added - centre * counted))
    return areas, contributions
