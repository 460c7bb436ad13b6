"""Show differences of losses in the unit of the metric that people read."""

from __future__ import annotations

from rung.core.field_metrics import metric_named
from rung.core.result import Difference, LadderEntry, Result


def shown_difference(result: Result, entry: LadderEntry) -> Difference | None:
    """Return how much worse than the leader a family is, in the metric's unit.

    Positive is worse, whichever way of the metric is better. A difference of squared errors
    becomes one of RMSE at the leader, where the margin is converted too; for R² the ratio of the
    two margins is the scale. For the leader it is the (negative) difference to its best rival.
    """
    if entry.difference is None:
        return None
    found = entry.difference
    if entry.family == result.choice.leader:
        return Difference(*(-_convert(result, -x) for x in (found.mean, found.low, found.high)))
    return Difference(*(_convert(result, x) for x in (found.mean, found.low, found.high)))


def _convert(result: Result, loss: float) -> float:
    if metric_named(result.metric).scale:
        choice = result.choice
        return loss * choice.margin / choice.margin_loss if choice.margin_loss > 0 else loss
    metric = metric_named(result.metric)
    leader = result.entry(result.choice.leader).scores
    if leader is None:
        return loss
    own = metric.loss_difference(leader[metric.key].mean - metric.value(0.0), 0.0)
    return metric.difference(loss, own)
