"""Explain a saved model on rows with known targets that are new to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.folds import Split
from rung.core.metrics import METRICS, default_metric, metrics_of
from rung.core.out_of_fold import OutOfFold
from rung.core.result import plain
from rung.data import ReadOptions, read_table
from rung.errors import DataError
from rung.explain.chances import Labels, class_truth
from rung.explain.explanation import thinned
from rung.explain.held_out import HeldOut
from rung.explain.importance import importance
from rung.explain.shap import can_explain, shap_values
from rung.explain.shap_view import UNITS, shap_data, shap_rows
from rung.explain.truth import value_truth
from rung.kinds.table.model import FittedModel, load_table_model
from rung.kinds.table.scoring import known_target
from rung.report.numbers import clean
from rung.report.panel import brief
from rung.report.words import metric_words
from rung.typing import JSON, Array

FEWEST_ROWS = 10


@one_thread_each()
def explain_file(
    model: str | Path | FittedModel, data: Any, *, options: ReadOptions | None = None
) -> JSON:
    """Return importances and truth of a model on labelled rows.

    Parameters
    ----------
    model : path or FittedModel
        A model file, or a run folder that holds one.
    data : path or frame
        Rows with the model's columns and its target. They must be new to the model: on rows that
        it learned from, importances and errors say nothing about new ones.
    options : ReadOptions, optional
        How to read a text file.

    Returns
    -------
    dict
        `importance`, `truth`, `n_rows`, and `n_left_out` of rows without a known target. `shap`,
        where the family has exact SHAP values: how far `columns` move predictions, and `rows`, of
        which `base` and the columns add up to `sum`; means are over these rows.

    Raises
    ------
    DataError
        If the target is absent, or hardly any row has one.
    """
    fitted = model if isinstance(model, FittedModel) else load_table_model(model)
    read = options or ReadOptions()
    table = read_table(data, options=read)
    y, known = known_target(fitted, table.dataset)
    design = fitted.read(data, options=read).dataset.take(known)
    if len(known) < FEWEST_ROWS:
        raise DataError(
            f"{len(known)} rows have a target that the model knows; at least {FEWEST_ROWS} are needed",
            f"give rows with {fitted.target!r}",
        )
    held = as_held_out(fitted, design, y[known])
    outputs = fitted.predict_design(design)

    def labels(own: Array) -> list[str]:
        return [str(number) for number in table.rows[known[own]] + 1]

    truth = truth_of_rows(held, outputs, labels)
    found: JSON = {
        "family": fitted.family.name,
        "title": fitted.family.title,
        "target": fitted.target,
        "n_rows": len(known),
        "n_left_out": len(y) - len(known),
        "importance": importance(held),
        "truth": truth,
        "note": "true of new rows only if the model has not learned from these",
    }
    made: JSON = thinned(plain(found))
    return {**made, **_shap(fitted, held, known + 1)}


def truth_of_rows(held: HeldOut, outputs: Array, labels: Labels) -> JSON:
    """Return predictions held against the truth of rows that are all held out by one model."""
    classes, n = held.problem.classes, len(held.problem.y)
    oof = OutOfFold(
        held.problem.task,
        held.problem.y,
        held.splits,
        {held.family: (outputs,)},
        held.unit,
        classes,
        held.positive,
    )
    rows, fold = np.arange(n), np.zeros(n, dtype=int)
    if classes:
        return class_truth(oof, rows, fold, outputs, labels)
    return value_truth(oof, rows, fold, outputs[:, 0], labels)


def _shap(fitted: FittedModel, held: HeldOut, row_numbers: Array) -> JSON:
    """Return SHAP values in full digits, so that they add up; nothing where there are none."""
    if not can_explain(fitted.family.form) or not held.features:
        return {}
    values = shap_values(held, fitted.family.form)
    return {"shap": {**shap_data(held, values), "rows": shap_rows(values, row_numbers)}}


def explained_text(found: JSON) -> str:
    """Return explanations of `explain_file` as lines for a console."""
    value = found["importance"]
    title, metric = clean(found["title"]), metric_words(value["metric"]).title
    left = f", {found['n_left_out']} without a known target left out" if found["n_left_out"] else ""
    lines = [
        f"{title} on {found['n_rows']} rows{left}: {metric} {value['whole']:.4g}",
        f"({found['note']})",
        "",
        f"{metric} when a column is shuffled:",
    ]
    for row in value["columns"]:
        names = clean(" + ".join(row["columns"]))
        ends = f"({row['low']:.4g} to {row['high']:.4g})"
        lines.append(f"  {names}: {row['metric']:.4g} {ends}, {row['verdict']}")
    lines += _shap_lines(found.get("shap"))
    lines += ["", "the largest errors:"]
    for one in found["truth"]["largest"]:
        facts = ((key, brief(v) if isinstance(v, float) else clean(v)) for key, v in one.items())
        lines.append("  " + ", ".join(f"{key} {shown}" for key, shown in facts if key != "fold"))
    return "\n".join(lines)


def _shap_lines(found: JSON | None) -> list[str]:
    if not found:
        return []
    head = f"how far a column moves predictions (mean size of SHAP values, {UNITS[found['unit']]}):"
    lines = [
        f"  {clean(one['column'])}: {one['mean']:.4g} ({one['low']:.4g} to {one['high']:.4g})"
        for one in found["columns"]
    ]
    return ["", head, *lines]


def as_held_out(fitted: FittedModel, design: Dataset, y: Array) -> HeldOut:
    """Return the model with these rows as its one held-out part."""
    chosen: Any = fitted.about.get("choice", {})
    asked = str(chosen.get("metric", "")) if isinstance(chosen, dict) else ""
    metric = asked if asked in metrics_of(fitted.task) else default_metric(fitted.task)
    everything = np.arange(design.n_rows)
    return HeldOut(
        fitted.family.name,
        fitted.family.title,
        Problem(fitted.task, design, y, fitted.classes, METRICS[metric].loss),
        (Split(everything, everything),),
        (fitted.model,),
        everything,
        metric,
        len(fitted.classes) - 1 if fitted.task == "binary" else None,
    )
