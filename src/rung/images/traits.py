"""Ask whether how an image was taken, not what it shows, tells its label.

A trait is one number an image that no question is about: the size of its file, its sides, its mean
brightness. Its range is cut into bins on the training rows of a fold, the label's distribution is
counted in each, and held-out rows are predicted by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.folds import Folds
from rung.typing import Array

BINS = 12
# A gain counts from so many standard errors on.
SURE = 3.0


@dataclass(frozen=True)
class TraitGain:
    """Say what one trait alone tells.

    Attributes
    ----------
    share : float
        Part of the constant's loss that it takes away on held-out rows; at most one.
    is_sure : bool
        Whether it is more than chance would give.
    """

    share: float
    is_sure: bool


def trait_gain(trait: Array, y: Array, n_classes: int, folds: Folds) -> TraitGain:
    """Return how much better than the constant guess one number predicts the label.

    Parameters
    ----------
    trait : ndarray, shape (n_rows,)
        A finite number for each training row.
    y : ndarray, shape (n_rows,)
        Class numbers, or values.
    n_classes : int
        0 for values, whose loss is the square.
    folds : Folds
        Of the run.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> y = np.arange(100) % 2
    >>> folds = partition_folds(np.arange(100) // 2 % 5)
    >>> trait_gain(y * 10.0, y, 2, folds).is_sure, trait_gain(np.zeros(100), y, 2, folds).is_sure
    (True, False)
    """
    changes, base = [], []
    for split in folds.splits:
        edges = np.unique(np.quantile(trait[split.train], np.linspace(0, 1, BINS + 1)[1:-1]))
        place = np.searchsorted(edges, trait, side="left")
        lost = _lost(place, y, n_classes, (split.train, split.test))
        constant = _lost(np.zeros_like(place), y, n_classes, (split.train, split.test))
        changes.append(constant - lost)
        base.append(constant)
    change, constant = np.concatenate(changes), np.concatenate(base)
    mean, error = float(change.mean()), float(change.std()) / len(change) ** 0.5
    total = float(constant.mean())
    return TraitGain(mean / total if total > 0 else 0.0, mean > SURE * error and mean > 0)


def _lost(place: Array, y: Array, n_classes: int, rows: tuple[Array, Array]) -> Array:
    """Return the loss of each held-out row when its bin speaks for it."""
    train, test = rows
    n_bins = int(place.max()) + 1
    if not n_classes:
        count = np.bincount(place[train], minlength=n_bins)
        total = np.bincount(place[train], weights=y[train], minlength=n_bins)
        mean = (total + y[train].mean()) / (count + 1)
        return np.asarray((y[test] - mean[place[test]]) ** 2)
    counts = np.zeros((n_bins, n_classes))
    np.add.at(counts, (place[train], y[train]), 1.0)
    prior = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * n_classes)
    # An empty or small bin says what all rows say.
    shares = (counts + 2.0 * prior) / (counts.sum(axis=1, keepdims=True) + 2.0)
    return np.asarray(-np.log(shares[place[test], y[test]]))
