"""Explain what a saved model predicts for one row of a table, held against the other rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.result import plain
from rung.data import ReadOptions, conform, read_table
from rung.errors import DataError, UsageError
from rung.explain.explanation import cell_text, thinned
from rung.explain.row_shap import ExactModel
from rung.explain.row_view import checked_change, checked_row
from rung.explain.this_row import Asked, explain_row, thin_known
from rung.kinds.table.applies import row_likeness
from rung.kinds.table.model import FittedModel, load_table_model
from rung.report.sections.row import row_lines
from rung.typing import JSON, Array


@one_thread_each()
def explain_file_row(
    model: str | Path | FittedModel,
    data: Any,
    row: int,
    *,
    change: float | None = None,
    options: ReadOptions | None = None,
) -> JSON:
    """Return why a model predicts what it does for a row, which rows are like it, what changes it.

    Parameters
    ----------
    model : path or FittedModel
        A model file, or a run folder that holds one. It holds no training rows.
    data : path or frame
        Table with the row, and the rows that it is held against: those that the model was trained
        on, where nearness to training rows is asked for.
    row : int
        Counted from 1, in the order of the table.
    change : float, optional
        Change of the prediction that counts as another answer; the RMSE of the model if None.
    options : ReadOptions, optional
        How to read a text file.

    Raises
    ------
    DataError
        If the table has no other row.
    UsageError
        If it has no such row, or no change is known that counts.
    """
    fitted = model if isinstance(model, FittedModel) else load_table_model(model)
    read = options or ReadOptions()
    design = conform(data, fitted.columns, options=read)
    own = checked_row(row, design.n_rows) - 1
    others = np.delete(np.arange(design.n_rows), own)
    if not len(others):
        raise DataError(
            "the table holds this row alone, and a model file holds no rows to compare it with",
            "give the table that the model was trained on, with the row in it",
        )
    others = others[thin_known(len(others))]
    true = _truths(fitted, data, read)

    def describe(near: Array) -> list[JSON]:
        return [
            {"row": f"row {i + 1}", "number": int(i + 1), "true": true[i]}
            for i in others[near].tolist()
        ]

    known, classes = design.take(others), fitted.classes
    asked = Asked(
        fitted.predict_design,
        design.take(np.array([own])),
        known,
        classes,
        _amount(fitted, change),
        ExactModel(fitted.model, fitted.family.form, known, np.ones(len(others)), classes),
    )
    found = {
        "family": fitted.family.name,
        "title": fitted.family.title,
        "target": fitted.target,
        "row": row,
        "fold": None,
        "true": true[own],
        "known": "other",
        **explain_row(asked, describe),
        "applicability": row_likeness(fitted.applicability, design, own),
        "note": "rows are compared with the other rows of this table, as a model file holds none: "
        "these are its training rows only if the table is the one that it was trained on",
    }
    made: JSON = thinned(plain(found))
    return made


def row_text(found: JSON) -> str:
    """Return the explanation of a row as lines for a console."""
    return "\n".join([*row_lines(found), "", f"({found['note']})"])


def _truths(fitted: FittedModel, data: Any, read: ReadOptions) -> list[Any]:
    """Return the target of every row, where the table has it."""
    table = read_table(data, options=read).dataset
    if fitted.target not in [column.name for column in table.columns]:
        return [None] * table.n_rows
    column, values = table.column(fitted.target), table.values[fitted.target]
    if fitted.classes or column.is_coded:
        return [cell_text(table, column, i) for i in range(table.n_rows)]
    return [float(value) if np.isfinite(value) else None for value in values]


def _amount(fitted: FittedModel, change: float | None) -> float:
    if change is not None:
        return checked_change(change)
    if fitted.classes:
        return 0.0
    try:
        return float(fitted.about["scores"]["rmse"]["mean"])
    except (KeyError, TypeError, ValueError):
        raise UsageError(
            "the model file says of no typical error, by which a change would count",
            "add --change with the smallest change of the prediction that matters",
        ) from None
