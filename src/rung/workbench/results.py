"""Put the outcome of a climb together: one frozen result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rung.core.contradiction import heed_sealed_test
from rung.core.dataset import Column, Dataset
from rung.core.effective import effective_rows
from rung.core.findings import Finding
from rung.core.result import (
    ColumnSummary,
    DatasetSummary,
    FoldsSummary,
    LadderEntry,
    Result,
    TestResult,
    whole_text,
)
from rung.kinds.limits import LARGEST
from rung.kinds.machine import machine_of, versions
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.workbench.climb import Climb


def assemble(
    prepared: PreparedTable,
    found: Climb,
    test: TestResult,
    options: FitOptions,
    findings: tuple[Finding, ...],
) -> Result:
    """Return the result of a run; nothing in it depends on time or on the machine's load."""
    trained = [one.family for one in found.families if one.fitted]
    result = Result(
        dataset=_dataset(prepared),
        task=prepared.problem.task,
        target=options.target,
        metric=prepared.metric.key,
        loss=prepared.metric.loss,
        classes=prepared.problem.classes,
        positive=None if prepared.positive is None else prepared.problem.classes[prepared.positive],
        findings=(*findings, *failures(found.ladder)),
        folds=_folds(prepared, found),
        ladder=found.ladder,
        choice=found.decision.choice,
        test=test,
        options=_options(options, found),
        seed=options.seed,
        versions=versions(trained),
        machine=machine_of(trained),
    )
    return heed_sealed_test(result)


def _options(options: FitOptions, found: Climb) -> dict[str, object]:
    """Record options; families in the order of the ladder, whatever order they came in."""
    record = options.to_record()
    if options.families is not None:
        record["families"] = [one.family.name for one in found.families]
    return record


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


def _folds(prepared: PreparedTable, found: Climb) -> FoldsSummary:
    folds, dependence = prepared.folds, prepared.dependence
    if dependence is not None:
        n_effective = effective_rows(found.oof, found.decision.leader, prepared.metric.loss)
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


def failures(ladder: tuple[LadderEntry, ...]) -> tuple[Finding, ...]:
    """Shout about families that should have worked."""
    return tuple(
        Finding(
            "family_failed",
            "alarm",
            (),
            f"{entry.title} {entry.reason}; the verdict is without it",
            f"leave it out with --families, or report the trace of `--families {entry.family}`",
        )
        for entry in ladder
        if entry.reason.startswith("failed: ")
    )


def wild_findings(n_wild: Mapping[str, int]) -> tuple[Finding, ...]:
    """Shout about families that predict sealed rows beyond what a loss can be computed with."""
    return tuple(
        Finding(
            "wild_predictions",
            "alarm",
            (),
            f"{name} predicts {n} values of sealed rows that are not finite numbers, or beyond "
            f"{LARGEST:g}; they count as {LARGEST:g}",
            "look for numbers as large in the features",
        )
        for name, n in n_wild.items()
    )
