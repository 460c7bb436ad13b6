"""Say what a run on a table found beside the ladder: its columns, its folds, its predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.clock import stopwatch
from rung.core.dataset import Column, Dataset
from rung.core.effective import effective_rows
from rung.core.events import Listener
from rung.core.family import Family
from rung.core.judge_predictions import OutOfFold
from rung.core.result import ColumnSummary, DatasetSummary, FoldsSummary, Result, whole_text
from rung.core.sentinels import with_spans
from rung.kinds.kind import Ladder, Outcome
from rung.kinds.model_file import provenance
from rung.kinds.table.applies import applicability_section, saved_applicability
from rung.kinds.table.half_labelled import unlabelled_helped
from rung.kinds.table.model import FittedModel
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.kinds.table.too_good import too_good
from rung.typing import JSON, Untyped


def outcome(
    prepared: PreparedTable,
    found: Ladder,
    options: FitOptions,
    listener: Listener,
    seconds: dict[str, float],
) -> Outcome:
    """Sum up the table, and lay out what was predicted for its rows."""
    classes = prepared.problem.classes
    applies = None
    if options.applicability:
        with stopwatch(seconds, "applicability"):
            applies = applicability_section(prepared, found, options.seed)
    counted = {} if prepared.sampled is None else prepared.sampled.to_section()
    return Outcome(
        dataset=_dataset(prepared),
        folds=_folds(prepared, found),
        target=options.target,
        classes=classes,
        positive=None if prepared.positive is None else classes[prepared.positive],
        sections=counted | ({} if applies is None else {"applicability": applies}),
        findings=(
            *too_good(found.ladder, prepared.problem, options.target),
            *unlabelled_helped(
                found.judged.losses,
                prepared.metric,
                is_used=prepared.problem.unlabelled is not None,
            ),
        ),
        tables={"out_of_fold": out_of_fold_columns(prepared, found.judged.evidence)},
    )


def _dataset(prepared: PreparedTable) -> DatasetSummary:
    dataset = prepared.dataset
    return DatasetSummary(
        source=whole_text(prepared.source),
        rows=dataset.n_rows,
        rows_without_target=prepared.n_without_target,
        columns=tuple(summarise_column(dataset, column) for column in dataset.columns),
        fingerprint=prepared.fingerprint,
    )


def summarise_column(dataset: Dataset, column: Column) -> ColumnSummary:
    """Count what is missing and what is distinct in a column."""
    values = dataset.values[column.name]
    is_missing = values < 0 if column.is_coded else ~np.isfinite(values)
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        role=column.role,
        missing=int(is_missing.sum()),
        distinct=len(np.unique(values[~is_missing])),
        unit=column.unit,
    )


def _folds(prepared: PreparedTable, found: Ladder) -> FoldsSummary:
    folds, dependence = prepared.folds, prepared.dependence
    if dependence is not None:
        oof, loss = found.judged.evidence, prepared.metric.loss
        n_effective = effective_rows(oof, found.leader, loss)
        dependence = replace(dependence, n_effective=n_effective)
    return FoldsSummary(
        kind=folds.kind,
        n_folds=folds.n_folds,
        n_repeats=folds.n_repeats,
        n_rows=folds.n_rows,
        n_scored=len(folds.scored),
        n_units=len(np.unique(prepared.units.train[folds.scored])),
        unit=prepared.units.name,
        fingerprint=folds.fingerprint,
        dependence=dependence,
    )


def fitted(prepared: PreparedTable, found: Ladder, family: Family, result: Result) -> FittedModel:
    """Return the model of a family with its columns, and with where it comes from."""
    columns = tuple(
        replace(column, levels=()) if column.kind == "text" else column
        for column in prepared.dataset.inputs
    )
    if not result.options.get("keep_sentinels"):
        columns = with_spans(columns, prepared.dataset, prepared.train)
    return FittedModel(
        family=family,
        model=found.model(family.name),
        columns=columns,
        task=result.task,
        target=result.target,
        classes=result.classes,
        about=provenance(family, result) | _asked(prepared, result),
        expressions=prepared.expressions.of([column.name for column in columns]),
        applicability=saved_applicability(prepared, result.seed, opened=result.test.opened)
        if result.options.get("applicability", True)
        else None,
    )


def _asked(prepared: PreparedTable, result: Result) -> JSON:
    """Return what was asked of rows, so that a later score is of the same kind; nothing of defaults."""
    weights = [one.name for one in prepared.dataset.columns if one.role == "weight"]
    asked = {"weight": weights[0]} if weights else {}
    if result.positive is not None and result.positive != result.classes[-1]:
        asked["positive"] = result.positive
    return {"asked": asked} if asked else {}


def out_of_fold_columns(prepared: PreparedTable, oof: OutOfFold) -> dict[str, Untyped]:
    """Lay out the matrix rows x families, in the order of the file.

    With repeated folds the predictions of the first repeat are given.
    """
    folds = prepared.folds
    fold = np.full(folds.n_rows, -1, dtype=np.int64)
    first = [i for i, split in enumerate(folds.splits) if split.repeat == 0]
    for i in first:
        fold[folds.splits[i].test] = i
    rows = np.flatnonzero(fold >= 0)
    rows = rows[np.argsort(prepared.file_row[prepared.train[rows]], kind="stable")]
    classes = prepared.problem.classes
    y = prepared.problem.y[rows]
    file_row = prepared.file_row[prepared.train[rows]]
    columns: dict[str, Untyped] = {
        "row": file_row,
        **prepared.kept_of(file_row),
        "fold": fold[rows],
        "target": np.array(classes)[y] if classes else y,
    }
    for name, predictions in oof.predictions.items():
        outputs = np.full((folds.n_rows, max(len(classes), 1)), np.nan)
        for i in first:
            outputs[folds.splits[i].test] = predictions[i].reshape(-1, outputs.shape[1])
        for j in range(outputs.shape[1]):
            columns[f"{name}:{classes[j]}" if classes else name] = outputs[rows, j]
    return columns
