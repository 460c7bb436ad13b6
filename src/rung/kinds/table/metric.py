"""Find the metric that a run is judged by, where the target allows it."""

from __future__ import annotations

import numpy as np

from rung.core.field_metrics import asked_metric, own_losses
from rung.core.findings import Finding
from rung.core.judge_predictions import zeros
from rung.core.metrics import Metric
from rung.core.task import TargetColumn
from rung.errors import UsageError
from rung.kinds.table.options import FitOptions


def metric_for(options: FitOptions, target: TargetColumn) -> Metric:
    """Return the metric asked for, or the default of the task.

    Raises
    ------
    UsageError
        If no metric of the task has this name, a function of the user gives no loss for each row,
        or errors relative to the target are asked for and
        some of its values are zero.
    """
    metric = asked_metric(options.metric, target.task)
    if metric.function is not None:
        _try_out(metric, target)
    if metric.group == "photoz" and target.y.min() <= -1:
        n_below = int((target.y <= -1).sum())
        raise UsageError(
            f"metric {metric.key!r} divides by 1 + z, and {n_below} of {len(target.y):,} values of the "
            f"target are -1 or less, the least {target.y.min():.6g}; a redshift is more than -1",
            "name the column of redshifts with --target, or read -99 as missing with --missing=-99",
        )
    n_zeros = zeros(target.y) if metric.loss == "relative_error" else 0
    if n_zeros:
        raise UsageError(
            f"metric {metric.key!r} divides by the target, and {_are_zero(n_zeros, target)}; it "
            "takes a target without zeros",
            "use --metric mae",
        )
    return metric


def _try_out(metric: Metric, target: TargetColumn) -> None:
    """Call a function of the user on the constant guess, so that it fails before anything is trained."""
    y, classes = target.y, target.classes
    if not classes:
        own_losses(metric, y, np.full(len(y), y.mean()))
        return
    guess = np.full((len(y), len(classes)), 1.0 / len(classes))
    own_losses(metric, np.array(classes)[y], guess)


def left_out(target: TargetColumn) -> tuple[Finding, ...]:
    """Say that relative errors are not shown where they are not defined."""
    n_zeros = 0 if target.classes else zeros(target.y)
    if not n_zeros:
        return ()
    message = (
        "MAPE is not shown for rows that hold a target of 0, as it divides by it; "
        f"{_are_zero(n_zeros, target)}"
    )
    return (Finding("metric_undefined", "info", (), message, "read the mean absolute error"),)


def _are_zero(n_zeros: int, target: TargetColumn) -> str:
    return f"{n_zeros} of its {len(target.y):,} values {'is' if n_zeros == 1 else 'are'} 0"
