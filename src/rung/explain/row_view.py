"""Explain one row of a run, or rows that are new to it, by the models of the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Model, Problem
from rung.data import ReadOptions, conform
from rung.errors import UsageError
from rung.explain.explanation import Explained
from rung.explain.row_shap import ExactModel
from rung.explain.this_row import Asked, explain_row, thin_known
from rung.kinds.table.outcome import fitted
from rung.typing import JSON, Array


def row_of(
    found: Explained, family: Family, row: int, *, data: Any, change: float | None, result: Any
) -> JSON:
    """Explain a row of the table of a run, or of other data.

    A row that a fold held out is explained by the model of that fold, and held against the rows that it
    learned from; any other by the final model, and all training rows.

    Parameters
    ----------
    found : Explained
        The run.
    family : Family
        Whose prediction.
    row : int
        Counted from 1, in the order of the file.
    data : path, frame or None
        Where the row is; the table of the run if None.
    change : float, optional
        Change of the prediction that counts; the RMSE of the family if None.
    result : Result
        Of the run.

    Raises
    ------
    UsageError
        If there is no such row, or the change is not a positive number.
    """
    problem, columns = (
        found.prepared.problem,
        fitted(found.prepared, found.ladder, family, result).columns,
    )
    model, train = found.ladder.model(family.name), np.arange(problem.design.n_rows)
    fold, true = None, None
    if data is not None:
        design = conform(data, columns, options=ReadOptions())
        one = design.take(np.array([checked_row(row, design.n_rows) - 1]))
    else:
        own = _own_place(found, row)
        one, true = found.prepared.dataset.take(np.array([own])), _truth(found, own)
        held = _held_out(found, family, own)
        if held is not None:
            fold, model, train = held
    train = train[thin_known(len(train))]
    rows = only(one, columns), only(problem.design.take(train), columns)
    exact = ExactModel(model, family.form, rows[1], problem.weights(train), problem.classes)
    asked = Asked(model.predict, *rows, problem.classes, _amount(found, family, change), exact)

    def describe(near: Array) -> list[JSON]:
        of = train[near]
        return [
            {"row": label, "number": int(number), "true": true}
            for label, number, true in zip(
                found.labels(of), found.row_numbers[of], _true(problem, of), strict=True
            )
        ]

    about = {"row": row, "fold": fold, "true": true, "target": found.target, "known": "training"}
    return {
        "family": family.name,
        "title": family.title,
        **about,
        **explain_row(asked, describe),
    }


def _true(problem: Problem, rows: Array) -> list[Any]:
    y = problem.y[rows].tolist()
    return [problem.classes[k] for k in y] if problem.classes else y


def only(rows: Dataset, columns: tuple[Column, ...]) -> Dataset:
    """Return rows with these columns alone; texts are numbered as these rows number them."""
    columns = tuple(rows.column(one.name) if one.kind == "text" else one for one in columns)
    return Dataset(columns, {one.name: rows.values[one.name] for one in columns}, rows.n_rows)


def checked_row(row: int, n_rows: int) -> int:
    """Return a row counted from 1, if the table has it.

    Raises
    ------
    UsageError
        If it has not.
    """
    if not 1 <= row <= n_rows:
        raise UsageError(
            f"row {row} is not in the table; it has {n_rows:,} rows, the first is 1",
            f"ask for row 1 to {n_rows}",
        )
    return row


def _own_place(found: Explained, row: int) -> int:
    """Return where a row of the file stands among the rows of the run."""
    numbers = found.prepared.file_row + 1
    place = np.flatnonzero(numbers == row)
    if not len(place):
        raise UsageError(
            f"row {row} is none of the run, which holds {len(numbers):,} rows with a known target, "
            f"{numbers.min()} to {numbers.max()}",
            "ask for one of these, or give the row as data=",
        )
    return int(place[0])


def _truth(found: Explained, own: int) -> Any:
    target = found.prepared.target
    return target.classes[target.y[own]] if target.classes else float(target.y[own])


def _held_out(found: Explained, family: Family, own: int) -> tuple[int, Model, Array] | None:
    """Return the fold that held a row out, with its model and the rows that it learned from."""
    place = np.flatnonzero(found.prepared.train == own)
    models = found.fitted(family).models
    if not len(place) or not models:
        return None
    splits = found.folds_of(family).splits
    for i, split in enumerate(splits):
        if split.repeat == 0 and place[0] in split.test:
            return i, models[i], np.asarray(split.train)
    return None


def _amount(found: Explained, family: Family, change: float | None) -> float:
    if change is None:
        scores = found.ladder.judged.scores[family.name]
        return float(scores["rmse"].mean) if "rmse" in scores else 0.0
    return checked_change(change)


def checked_change(change: float) -> float:
    """Return a change of the prediction, if it is a positive number.

    Raises
    ------
    UsageError
        If it is not.
    """
    if not change > 0:
        raise UsageError(
            f"a change of {change!r} is not usable; it must be a positive number, in the target's unit",
            "give the smallest change that matters to you",
        )
    return float(change)
