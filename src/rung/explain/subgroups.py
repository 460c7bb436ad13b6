"""Hold the scores of groups of rows against those of the rest: where a model does better or worse.

Groups are the levels of a column, or the quarters of a number. Every difference stands beside as many
others as there are groups, so that its interval is widened for their number (Bonferroni), and nothing
is said of groups with few units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from rung.core.compare import standard_errors
from rung.core.dataset import Column
from rung.core.estimate import Estimate
from rung.core.family import Family
from rung.core.judge_predictions import (
    fewest_units,
    metric_estimate,
    metric_limits,
    score_interval,
    to_metric,
    unvaried_interval,
    varies,
)
from rung.core.metrics import METRICS, Metric
from rung.core.out_of_fold import OutOfFold
from rung.explain.explanation import Explained, Explanation
from rung.typing import JSON, Array

FEWEST_UNITS, MOST_GROUPS, FEW_VALUES = 30, 12, 6
LEVEL = 0.95
TOO_FEW = "too few to say"


@dataclass(frozen=True)
class ScoredPart:
    """Some rows with the score that a family has on them.

    Attributes
    ----------
    oof : OutOfFold
        Of these rows alone.
    estimate : Estimate
        Of the loss behind the metric.
    """

    oof: OutOfFold
    estimate: Estimate
    metric: Metric

    @property
    def value(self) -> float:
        """The metric."""
        return to_metric(self.metric, self.estimate.mean)

    def interval(self, error: float, level: float) -> tuple[float, float]:
        """Return an interval of the metric, from the standard error of the loss."""
        limits = metric_limits(self.oof, self.metric)
        if not varies(self.estimate):
            n = fewest_units(self.oof, self.metric)
            return unvaried_interval(self.value, limits, n, level)
        half = _quantile(self.oof.n_units, level) * error
        mean = self.estimate.mean
        low, high = score_interval(self.metric, limits, mean - half, mean + half)
        return float(low), float(high)

    def slope(self) -> float:
        """Return what the metric changes by for a small change of the loss."""
        if self.metric.key == "rmse":
            return 0.5 / math.sqrt(self.estimate.mean) if self.estimate.mean > 0 else 0.0
        return -1.0 if self.metric.greater_is_better else 1.0


def _quantile(n_units: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(n_units - 1, 1), (1 + level) / 2))


def part_of(oof: OutOfFold, family: str, metric: Metric, chosen: Array) -> ScoredPart | None:
    """Return the rows of a mask with their score; None where no fold holds any out."""
    splits, predictions, n_train = [], [], []
    for i, split in enumerate(oof.splits):
        own = chosen[split.test]
        if own.any():
            splits.append(replace(split, test=split.test[own]))
            predictions.append(oof.predictions[family][i][own])
            n_train.append(oof.n_train[i])
    if not splits:
        return None
    part = replace(
        oof,
        splits=tuple(splits),
        predictions={family: tuple(predictions)},
        n_train=tuple(n_train),
    )
    if not len(part.scored):
        return None
    found = metric_estimate(part, family, metric)
    return ScoredPart(part, found, metric) if np.isfinite(found.mean) else None


def group_metric(metric: Metric) -> Metric:
    """Return what groups are scored by: of R² and skill the RMSE, as their scale differs by group.

    Examples
    --------
    >>> group_metric(METRICS["r2"]).key, group_metric(METRICS["mae"]).key
    ('rmse', 'mae')
    """
    return METRICS["rmse"] if metric.scale else metric


def subgroup_rows(
    oof: OutOfFold,
    family: str,
    metric: Metric,
    groups: Sequence[tuple[str, Array]],
    *,
    n_compared: int,
) -> list[JSON]:
    """Return the score of each group and its difference from the rest.

    Parameters
    ----------
    oof : OutOfFold
        Of the run.
    family : str
        Whose predictions.
    metric : Metric
        What groups are scored by.
    groups : sequence of (str, ndarray of bool)
        Name and rows of each.
    n_compared : int
        How many differences are looked at in all.
    """
    return [
        {
            "group": name,
            **_row(oof, family, metric, own, level=1 - (1 - LEVEL) / max(n_compared, 1)),
        }
        for name, own in groups
    ]


def _row(oof: OutOfFold, family: str, metric: Metric, chosen: Array, *, level: float) -> JSON:
    scored = np.zeros(len(oof.y), dtype=bool)
    scored[oof.scored] = True
    own, rest = (part_of(oof, family, metric, mask & scored) for mask in (chosen, ~chosen))
    n_rows = int((chosen & scored).sum())
    n_units = own.oof.n_units if own else 0
    row: JSON = {"n": n_rows, "n_units": n_units, "verdict": TOO_FEW}
    is_known = own is not None and rest is not None
    if own is None or not is_known or min(n_units, rest.oof.n_units if rest else 0) < FEWEST_UNITS:
        empty = dict.fromkeys(("low", "high", "difference", "difference_low", "difference_high"))
        return row | {"value": own.value if own else None} | empty
    assert rest is not None
    low, high = own.interval(_error(oof, _on_all(oof, own)), LEVEL)
    gap, gap_low, gap_high = _difference(oof, own, rest, level)
    sign = -1 if metric.greater_is_better else 1
    ends = sorted((sign * gap_low, sign * gap_high))
    verdict = "worse" if ends[0] > 0 else "better" if ends[1] < 0 else "no difference is shown"
    return row | {
        "verdict": verdict,
        "value": own.value,
        "low": low,
        "high": high,
        "difference": gap,
        "difference_low": gap_low,
        "difference_high": gap_high,
    }


def _difference(
    oof: OutOfFold, own: ScoredPart, rest: ScoredPart, level: float
) -> tuple[float, float, float]:
    """Return the metric of a group less that of the rest, with an interval."""
    gap = own.value - rest.value
    if not (varies(own.estimate) and varies(rest.estimate)):
        (low, high), (below, above) = (
            part.interval(_error(oof, _on_all(oof, part)), level) for part in (own, rest)
        )
        return gap, low - above, high - below
    influence = own.slope() * _on_all(oof, own) - rest.slope() * _on_all(oof, rest)
    half = _quantile(min(own.oof.n_units, rest.oof.n_units), level) * _error(oof, influence)
    return gap, gap - half, gap + half


def _on_all(oof: OutOfFold, part: ScoredPart) -> Array:
    """Return influence values of a part's mean as those of all units, 0 for units without rows in it."""
    units, own = (np.unique(one.unit[one.scored]) for one in (oof, part.oof))
    found = np.zeros(len(units))
    found[np.searchsorted(units, own)] = part.estimate.influence * len(units) / len(own)
    return found


def _error(oof: OutOfFold, influence: Array) -> float:
    found = standard_errors(influence[:, None], oof.n_folds, is_ordered=oof.is_ordered)
    return float(found[0])


def groups_of(column: Column, values: Array) -> tuple[str, list[tuple[str, Array]]]:
    """Divide rows by a column.

    Returns
    -------
    how : str
        How they were divided, in words.
    groups : list of (str, ndarray of bool)
        Name and rows of each; missing cells are a group of their own.

    Examples
    --------
    >>> how, groups = groups_of(Column("x", "number"), np.arange(100.0))
    >>> how, [(name, int(rows.sum())) for name, rows in groups][:2]
    ('cut at its quartiles', [('0 to 24', 25), ('25 to 49', 25)])
    """
    is_missing = values < 0 if column.is_coded else ~np.isfinite(values)
    how, found = _levels(column, values) if column.is_coded else _numbers(column, values)
    gone = [("missing", is_missing)] if is_missing.any() else []
    return how, [*found, *gone]


def _levels(column: Column, codes: Array) -> tuple[str, list[tuple[str, Array]]]:
    present, counts = np.unique(codes[codes >= 0], return_counts=True)
    shown = np.sort(present[np.argsort(-counts, kind="stable")[:MOST_GROUPS]])
    found = [(column.levels[code], codes == code) for code in shown.tolist()]
    rest = np.setdiff1d(present, shown)
    if not len(rest):
        return "one group a level", found
    how = f"the {MOST_GROUPS} most frequent of {len(present)} levels, and all others together"
    return how, [*found, ("all other levels", np.isin(codes, rest))]


def _numbers(column: Column, values: Array) -> tuple[str, list[tuple[str, Array]]]:
    known = values[np.isfinite(values)]
    distinct = np.unique(known)
    if len(distinct) <= FEW_VALUES:
        return "one group a value", [(_written(column, v), values == v) for v in distinct.tolist()]
    cuts = np.unique(np.quantile(known, (0.25, 0.5, 0.75)))
    place = np.searchsorted(cuts, values, side="left")
    found = []
    for quarter in range(len(cuts) + 1):
        rows = (place == quarter) & np.isfinite(values)
        if rows.any():
            ends = values[rows].min(), values[rows].max()
            found.append((" to ".join(_written(column, float(end)) for end in ends), rows))
    return "cut at its quartiles", found


def _written(column: Column, value: float) -> str:
    if column.kind == "datetime":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d")
    if column.kind == "boolean":
        return "true" if value else "false"
    return f"{value:.6g}"


def subgroups_of(found: Explained, family: Family, names: Sequence[str]) -> list[JSON]:
    """Return a table for each column: its groups with their scores and differences.

    Returns
    -------
    list of dict
        `column`, `how` it was divided, `metric`, `n_compared` differences over all columns, `fewest`
        units that something is said of, and `rows`.
    """
    design = found.prepared.dataset.take(found.prepared.train)
    oof, metric = found.out_of_fold, group_metric(found.prepared.metric)
    divided = [(name, *groups_of(design.column(name), design.values[name])) for name in names]
    n_compared = sum(len(groups) for _, _, groups in divided)
    return [
        {
            "family": family.name,
            "title": family.title,
            "column": name,
            "how": how,
            "metric": metric.key,
            "n_compared": n_compared,
            "fewest": FEWEST_UNITS,
            "counted": oof.counted or "rows",
            "rows": subgroup_rows(oof, family.name, metric, groups, n_compared=n_compared),
        }
        for name, how, groups in divided
    ]


def subgroups(found: Explained) -> list[JSON] | None:
    """Return the groups of the columns that were asked for, of the choice."""
    return subgroups_of(found, found.shown[0], found.subgroups) or None


EXPLANATION = Explanation(name="subgroups", make=subgroups, asked_by="subgroups")
