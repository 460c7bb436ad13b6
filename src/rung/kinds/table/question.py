"""Say before training how a question was understood: rows, columns, task and metric."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.table_losses import MEASURES
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.report.numbers import shorten
from rung.report.words import metric_words

MOST_CLASSES, NAME_WIDTH = 5, 24


def say_question(prepared: PreparedTable, options: FitOptions) -> str:
    """Return one line with rows, columns, target, task and metric.

    It ends in the option that decides otherwise where the task was read from numbers that might
    be classes or a quantity.
    """
    dataset, target = prepared.dataset, prepared.target
    n_columns = len(dataset.number_names) + len(dataset.category_columns)
    what, task = _classes(target.classes), "classification"
    if not target.classes:
        what = f"numbers from {target.y.min():.4g} to {target.y.max():.4g}"
        task = "regression"
    metric = metric_words(prepared.metric.key).title
    return (
        f"{_counted(dataset.n_rows, 'row')}{'' if prepared.sampled is None else prepared.sampled.said}{_without_target(prepared)}"
        f"{_unmet(prepared)}, "
        f"{_counted(n_columns, 'column')}; "
        f"target {shorten(options.target, NAME_WIDTH)!r}: {what} → {task}, compared by {metric}"
        f"{_averaged(prepared)}{_otherwise(prepared)}"
    )


def _averaged(prepared: PreparedTable) -> str:
    """Say of which class a metric of one class is, or that it is a mean over classes."""
    classes, metric = prepared.target.classes, prepared.metric
    if metric.loss not in {*MEASURES, "average_precision", "auc"} or metric.key == "mcc":
        return ""
    if len(classes) > 2:
        return " (macro, the mean over classes)"
    positive = -1 if prepared.positive is None else prepared.positive
    return f" of class {shorten(classes[positive], NAME_WIDTH)!r}"


def _without_target(prepared: PreparedTable) -> str:
    n_rows = prepared.n_without_target
    use = "are left out" if prepared.problem.unlabelled is None else "lend their features"
    return f" ({n_rows:,} more without a target {use})" if n_rows else ""


def _unmet(prepared: PreparedTable) -> str:
    """Say how many rows a condition left out."""
    found = (one.message for one in prepared.findings if one.code in ("where", "where_missing"))
    return "".join(f" ({message}, left out)" for message in found)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _classes(classes: Sequence[str]) -> str:
    shown = ", ".join(shorten(name, NAME_WIDTH) for name in classes[:MOST_CLASSES])
    rest = len(classes) - MOST_CLASSES
    return f"{len(classes)} classes ({shown}{f' and {rest} more' if rest > 0 else ''})"


def _otherwise(prepared: PreparedTable) -> str:
    guess = next((one for one in prepared.target.findings if one.code == "task_guess"), None)
    if guess is None:
        return ""
    other = "regression" if prepared.target.classes else "multiclass"
    return f"; --task {other} decides otherwise"
