"""Run the whole way: read, seal, climb, decide, open the test, hand back."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.clock import stopwatch
from rung.compute import default_threads, one_thread_each
from rung.core.events import Event, Listener, ignore
from rung.core.family import Family
from rung.core.history import History
from rung.core.marks import TableRows
from rung.core.result import Choice, Result
from rung.core.sentinels import with_spans
from rung.families import select
from rung.kinds.table.model import FittedModel, from_run
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable, prepare
from rung.kinds.table.question import say_question
from rung.store.seals import SealRecord, record_run
from rung.typing import JSON, Array, Untyped
from rung.workbench.climb import Climb, climb, open_test, predict_sealed
from rung.workbench.keeping import Keeper, NoKeeper, identify
from rung.workbench.openings import asked_of, note_opening
from rung.workbench.results import assemble, wild_findings
from rung.workbench.saved import not_savable_finding, savable_family


@dataclass(frozen=True)
class Run:
    """The outcome of `rung.fit`.

    Attributes
    ----------
    result : Result
        Everything that was found; the same as `results.json`.
    model : FittedModel
        The chosen model.
    saved : FittedModel or None
        What a run folder's `model.rung` holds: the chosen model, or, where that holds code, the
        simplest that can be saved and is not worse; None if there is none.
    out_of_fold : mapping of str to ndarray, each (n_scored,)
        What every family predicted for rows its models had not seen.
    seal : SealRecord
        Which rows were sealed, and every run that opened them.
    history : History
        Earlier openings of these rows, here and elsewhere; not the same for two equal runs.
    timings : mapping
        Wall seconds; not the same for two equal runs either.
    folder : Path or None
        Where the run was written.
    """

    result: Result
    model: FittedModel
    saved: FittedModel | None
    out_of_fold: Mapping[str, Array]
    seal: SealRecord
    history: History
    timings: JSON
    folder: Path | None = None

    @property
    def verdict(self) -> Choice:
        """The choice and the sentence that says why; `str()` gives the sentence."""
        return self.result.choice

    @property
    def leaderboard(self) -> Untyped:
        """The ladder as a polars frame, a row a family, from the simplest up."""
        return leaderboard(self.result)

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML file that needs no network, and return its path."""
        from rung.report.html import render
        from rung.store.durable import write_bytes

        target = Path(path)
        write_bytes(target, render(self.result, self.history).encode("utf-8"))
        return target


def leaderboard(result: Result) -> Untyped:
    """Return the ladder as a polars frame, a row a family, from the simplest up."""
    import polars as pl

    rows = [
        {
            "family": entry.family,
            "step": entry.step,
            "status": entry.status,
            **{key: entry.scores[key].mean if entry.scores else None for key in _metrics(result)},
            "low": entry.scores[result.metric].low if entry.scores else None,
            "high": entry.scores[result.metric].high if entry.scores else None,
            "difference": entry.difference.mean if entry.difference else None,
            "verdict": entry.verdict,
            "reason": entry.reason,
        }
        for entry in result.ladder
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _metrics(result: Result) -> tuple[str, ...]:
    scored = next(entry.scores for entry in result.ladder if entry.scores)
    others = tuple(key for key in scored if key != result.metric)
    return (result.metric, *others)


@one_thread_each()
def run_ladder(
    data: Any,
    options: FitOptions,
    *,
    listener: Listener = ignore,
    record: SealRecord | None = None,
    replays: bool = False,
    keeper: Keeper | None = None,
) -> Run:
    """Climb the ladder on a table.

    Parameters
    ----------
    data : path or frame
        What `rung.data.read_table` takes.
    options : FitOptions
        What is asked.
    listener : callable
        Told of every step.
    record : SealRecord, optional
        Earlier runs on the same seal.
    replays : bool, default False
        Whether to seal the rows that `record` closes instead of choosing anew.
    keeper : Keeper, optional
        Remembers finished jobs and openings, so that the run can be resumed.
    """
    keeper = keeper or NoKeeper()
    select(options.families)  # a misspelt name ends here, before anything is read or written
    seconds: dict[str, float] = {}
    with stopwatch(seconds, "total"):
        listener(Event("stage", text="reading and dividing rows"))
        with stopwatch(seconds, "prepare"):
            prepared = prepare(data, options, record.seal if record and replays else None)
        listener(Event("asked", text=say_question(prepared, options)))
        earlier = keeper.begin(identify(prepared, options), _earlier(record, prepared))
        found = climb(prepared, options, listener, seconds, journal=keeper.journal)
        said = predict_sealed(prepared, found)
        rows = TableRows(prepared.sealed_rows, options.target)
        this_run = record_run(prepared.sealing.seal, _asked(prepared, found, options), rows)
        history = note_opening(
            earlier,
            this_run,
            rows,
            keeper,
            ledger=options.ledger,
            replayed=record.seal if record and replays else None,
        )
        listener(Event("stage", text="opening the sealed rows"))
        with stopwatch(seconds, "test"):
            test = open_test(prepared, said, options)
        saved = savable_family(found)
        findings = (
            *prepared.findings,
            *not_savable_finding(found, saved),
            *wild_findings(said.n_wild),
        )
        result = assemble(prepared, found, test, options, findings)
    model = _model(prepared, found, result, result.choice.family)
    return Run(
        result=result,
        model=model,
        saved=model if saved is model.family else _stand_in(prepared, found, result, saved),
        out_of_fold=_out_of_fold(prepared, found),
        seal=earlier.add(this_run),
        history=history,
        timings={
            "seconds": seconds,
            "threads": options.threads or default_threads(),
            "machine": platform.machine(),
            "processors": default_threads(),
        },
    )


def _earlier(record: SealRecord | None, prepared: PreparedTable) -> SealRecord:
    """Keep all that is on record, whichever seal it was."""
    return SealRecord(prepared.sealing.seal, record.runs if record is not None else ())


def _asked(prepared: PreparedTable, found: Climb, options: FitOptions) -> JSON:
    return asked_of(
        options.to_record(),
        target=options.target,
        metric=prepared.metric.key,
        task=prepared.problem.task,
        families=[one.family.name for one in found.families if one.fitted],
        data=prepared.fingerprint,
    )


def _stand_in(
    prepared: PreparedTable, found: Climb, result: Result, saved: Family | None
) -> FittedModel | None:
    return None if saved is None else _model(prepared, found, result, saved.name)


def _model(prepared: PreparedTable, found: Climb, result: Result, name: str) -> FittedModel:
    family = next(one.family for one in found.families if one.family.name == name)
    columns = tuple(
        column
        for column in prepared.dataset.features
        if column.is_coded is False or column.kind == "category"
    )
    if not result.options.get("keep_sentinels"):
        columns = with_spans(columns, prepared.dataset, prepared.train)
    return from_run(family, found.fitted(name).model, columns, result)


def _out_of_fold(prepared: PreparedTable, found: Climb) -> dict[str, Array]:
    """Lay out the matrix rows x families, in the order of the file.

    With repeated folds the predictions of the first repeat are given.
    """
    folds, oof = prepared.folds, found.oof
    fold = np.full(folds.n_rows, -1, dtype=np.int64)
    first = [i for i, split in enumerate(folds.splits) if split.repeat == 0]
    for i in first:
        fold[folds.splits[i].test] = i
    rows = np.flatnonzero(fold >= 0)
    rows = rows[np.argsort(prepared.file_row[prepared.train[rows]], kind="stable")]
    classes = prepared.problem.classes
    y = prepared.problem.y[rows]
    columns: dict[str, Array] = {
        "row": prepared.file_row[prepared.train[rows]],
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
