"""Estimate what is read from the table of true and predicted classes: F1, precision, recall, MCC.

None is a mean over rows; each is a smooth function of the table's shares, so what a row contributes
is the derivative by that row's weight.

Sources: Cochran (1977), Sampling Techniques, ch. 6 (ratios); Gorodkin (2004), Computational
Biology and Chemistry 28 (the correlation for several classes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from rung.core.estimate import Estimate
from rung.core.out_of_fold import OutOfFold
from rung.typing import Array

# Takes indicators (n_rows, n_labels) of the true and the predicted class, and shares (n_rows,) that
# add up to one; returns the metric and its derivative by each share, centred.
Measure = Callable[[Array, Array, Array], tuple[float, Array]]


def table_loss(oof: OutOfFold, family: str, loss: str) -> Estimate:
    """Return 1 - F1, precision, recall or Matthews' correlation.

    F1, precision and recall are those of the positive class of two, else the mean over classes that
    a row has or is given (*macro*). A class that is never predicted, or never there, counts zero.
    """
    measure, labels = MEASURES[loss], _labels(oof, loss)
    # A row that was held out several times counts once, shared among its predictions.
    rows = np.concatenate([split.test for split in oof.splits])
    said = np.concatenate([each.argmax(axis=1) for each in oof.predictions[family]])
    share = oof.weights[rows] / oof.times_held_out[rows]
    value, slope = _measured(measure, labels, oof.y[rows], said, share)
    contributions = np.zeros(len(oof.y))
    np.add.at(contributions, rows, share / share.sum() * slope)
    folds = (
        1.0
        - _measured(
            measure,
            labels,
            oof.y[split.test],
            each.argmax(axis=1),
            oof.weights[split.test],
        )[0]
        for split, each in zip(oof.splits, oof.predictions[family], strict=True)
    )
    return Estimate(1.0 - value, oof.to_units(-contributions), tuple(folds))


def _labels(oof: OutOfFold, loss: str) -> Array:
    is_one = oof.task == "binary" and loss != "mcc"
    return np.array([oof.positive]) if is_one else np.arange(len(oof.classes))


def _measured(
    measure: Measure, labels: Array, truth: Array, said: Array, weight: Array
) -> tuple[float, Array]:
    if not weight.sum() > 0:
        weight = np.ones(len(truth))
    if len(labels) > 1:
        labels = labels[np.isin(labels, truth) | np.isin(labels, said)]
    return measure(truth[:, None] == labels, said[:, None] == labels, weight / weight.sum())


def _ratio(is_hit: Array, counted: Array, share: Array) -> tuple[float, Array]:
    """Return the mean over labels of hits by what is counted, with its derivative."""
    total = share @ counted
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(total > 0, share @ is_hit / total, 0.0)
        slopes = np.where(total > 0, (is_hit - values * counted) / total, 0.0)
    return float(values.mean()), np.asarray(slopes.mean(axis=1))


def _precision(true: Array, said: Array, share: Array) -> tuple[float, Array]:
    return _ratio(true & said, said.astype(np.float64), share)


def _recall(true: Array, said: Array, share: Array) -> tuple[float, Array]:
    return _ratio(true & said, true.astype(np.float64), share)


def _f1(true: Array, said: Array, share: Array) -> tuple[float, Array]:
    return _ratio(2.0 * (true & said), true.astype(np.float64) + said, share)


def _correlation(true: Array, said: Array, share: Array) -> tuple[float, Array]:
    """Return the correlation of true and predicted class, and its derivative."""
    hit = (true & said).any(axis=1).astype(np.float64)
    of_true, of_said = share @ true, share @ said
    # Of the class that each row has, and of the one that it is given.
    has, given = true @ of_true, said @ of_said
    mixed = true @ of_said + said @ of_true
    together = share @ hit - of_true @ of_said
    spreads = 1.0 - of_true @ of_true, 1.0 - of_said @ of_said
    if min(spreads) <= 1e-12:  # one class alone
        return 0.0, np.zeros(len(share))
    root = float(np.sqrt(spreads[0] * spreads[1]))
    value = together / root
    moved = hit - share @ hit - mixed + 2.0 * (of_true @ of_said)
    spread = [
        -2.0 * (each - of @ of) / width
        for each, of, width in zip((has, given), (of_true, of_said), spreads, strict=True)
    ]
    return float(value), np.asarray(moved / root - value / 2.0 * (spread[0] + spread[1]))


MEASURES: Mapping[str, Measure] = {
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
    "mcc": _correlation,
}
