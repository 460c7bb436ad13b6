"""Compare how families score on rows that they learned from and on rows that they did not.

A family that is far better on its own training rows has learned some of them by heart.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.core.family import Family
from rung.core.field_metrics import metric_named
from rung.core.folds import Split
from rung.core.judge_predictions import metric_estimate, to_metric
from rung.core.out_of_fold import OutOfFold
from rung.explain.explanation import Explained, Explanation
from rung.explain.held_out import HeldOut
from rung.typing import JSON

MOST_ROWS = 1_000


def training_scores(found: Explained) -> list[JSON] | None:
    """Return the score of every family on training rows beside that on held-out rows.

    Returns
    -------
    list of dict
        `family`, `title`, `training` and `held_out`, each with `mean`, and the `low` and `high`
        of single folds; families that keep no models of folds are left out.
    """
    rows = [_scores(found, family) for family in found.ladder.trained]
    kept = [row for row in rows if row]
    return kept or None


def _scores(found: Explained, family: Family) -> JSON | None:
    held = found.held_out(family)
    if held is None:
        return None
    score = found.ladder.judged.scores[family.name][held.metric]
    return {
        "family": family.name,
        "title": family.title,
        "training": _span(*training_score(held)),
        "held_out": _span(score.mean, score.per_fold),
    }


def training_score(held: HeldOut, *, most_rows: int = MOST_ROWS) -> tuple[float, tuple[float, ...]]:
    """Return the metric of fold models on rows that they learned from, and that of each fold.

    Parameters
    ----------
    held : HeldOut
        Models of folds.
    most_rows : int
        Training rows of all folds together; of more, a random part of each.
    """
    rng = np.random.default_rng([0x7A13, held.seed])
    share = most_rows // len(held.splits)
    splits = []
    for i, split in enumerate(held.splits):
        n_kept = min(len(split.train), max(share, 1))
        rows = np.sort(rng.choice(split.train, n_kept, replace=False))
        splits.append(Split(split.train, rows, i))
    own = HeldOut(**vars(held) | {"splits": tuple(splits)})
    oof = OutOfFold(
        task=held.problem.task,
        y=held.problem.y,
        splits=own.splits,
        predictions={held.family: own.predict(lambda rows, split: rows)},
        unit=held.unit,
        classes=held.problem.classes,
        positive=held.positive,
        weight=held.problem.design.weight,
        own=held.own,
    )
    metric = metric_named(held.metric)
    estimate = metric_estimate(oof, held.family, metric)
    per_fold = tuple(to_metric(metric, loss) for loss in estimate.per_fold)
    return to_metric(metric, estimate.mean), per_fold


def _span(mean: float, per_fold: Any) -> JSON:
    known = [value for value in per_fold if np.isfinite(value)] or [mean]
    return {"mean": mean, "low": min(known), "high": max(known)}


EXPLANATION = Explanation(name="training_score", make=training_scores, kinds=("table", "image"))
