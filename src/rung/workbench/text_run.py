"""Run the whole way on a text: read, deal, climb, decide, open the sealed part, hand back."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rung.clock import stopwatch
from rung.compute import default_threads, one_thread_each
from rung.core.contradiction import heed_sealed_test
from rung.core.events import Event, Listener, ignore
from rung.core.history import History
from rung.core.result import (
    Choice,
    DatasetSummary,
    FoldsSummary,
    Result,
    TestResult,
    TextSummary,
    plain,
    whole_text,
)
from rung.families import whole_ladder
from rung.kinds.limits import refuse_margin
from rung.kinds.machine import machine, machine_of, versions
from rung.kinds.table.model import provenance
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import PreparedText, prepare_text
from rung.store.seals import SealRecord, record_run
from rung.text.marks import TextRows
from rung.typing import JSON, Array, Untyped
from rung.workbench.keeping import Keeper, NoKeeper
from rung.workbench.openings import asked_of, note_opening
from rung.workbench.results import failures
from rung.workbench.run import leaderboard
from rung.workbench.text_climb import (
    TextClimb,
    as_fitted,
    climb_text,
    open_sealed_text,
    read_pieces,
    write_samples,
)

TARGET = "next character"


@dataclass(frozen=True)
class TextRun:
    """The outcome of `rung.fit_text`.

    Attributes
    ----------
    result : Result
        Everything that was found; the same as `results.json`.
    model : FittedText
        The chosen model.
    unit_losses : mapping of str to ndarray, each (n_units,)
        Nats of every family on each unit of the verdict's part, and its characters.
    seal : SealRecord
        How to find the sealed part, and every run that opened it.
    history : History
        Earlier openings of that part, here and elsewhere; not the same for two equal runs.
    timings : mapping
        Wall seconds; not the same for two equal runs either.
    folder : Path or None
        Where the run was written.
    """

    result: Result
    model: FittedText
    unit_losses: Mapping[str, Array]
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


@one_thread_each()
def run_text_ladder(
    data: Any,
    options: TextOptions,
    *,
    listener: Listener = ignore,
    record: SealRecord | None = None,
    keeper: Keeper | None = None,
) -> TextRun:
    """Climb the ladder on a text; see `rung.workbench.run.run_ladder`."""
    keeper = keeper or NoKeeper()
    seconds: dict[str, float] = {}
    with stopwatch(seconds, "total"):
        listener(Event("stage", text="reading and dividing the text"))
        with stopwatch(seconds, "prepare"):
            prepared = prepare_text(data, options)
            _check_margin(prepared, options.margin)
        earlier = keeper.begin(_identify(prepared, options), _earlier(record, prepared))
        found = climb_text(prepared, options, listener, seconds, journal=keeper.journal)
        rows = TextRows(prepared.kind, prepared.sealed, prepared.problem.vocabulary)
        this_run = record_run(prepared.seal, _asked(prepared, found, options), rows)
        history = note_opening(earlier, this_run, rows, keeper, ledger=options.ledger)
        listener(Event("stage", text="opening the sealed part"))
        with stopwatch(seconds, "test"):
            test = open_sealed_text(prepared, found, options)
        listener(Event("stage", text="writing samples"))
        with stopwatch(seconds, "samples"):
            text = _text(prepared, found, options)
        result = replace(
            _assemble(prepared, found, test=test, text=text, options=options),
            findings=(*prepared.findings, *failures(found.ladder)),
        )
        result = heed_sealed_test(result)
    return TextRun(
        result=result,
        model=_model(prepared, found, result),
        unit_losses=_columns(found),
        seal=earlier.add(this_run),
        history=history,
        timings={
            "seconds": seconds,
            "threads": options.threads or default_threads(),
            "machine": platform.machine(),
            "processors": default_threads(),
        },
    )


def _check_margin(prepared: PreparedText, margin: float | None) -> None:
    """Refuse a margin as large as what a uniform guess loses."""
    uniform = prepared.metric.value(math.log(max(prepared.problem.vocabulary.n_predicted, 2)))
    if margin is not None and not margin <= uniform:
        refuse_margin(margin, prepared.metric, uniform)


def _earlier(record: SealRecord | None, prepared: PreparedText) -> SealRecord:
    return SealRecord(prepared.seal, record.runs if record is not None else ())


def _identify(prepared: PreparedText, options: TextOptions) -> JSON:
    return {
        "data": prepared.source.fingerprint,
        "options": plain(options.to_record()),
        "seal": plain(prepared.seal),
        "versions": versions(whole_ladder("text")),
        "machine": machine(),
    }


def _asked(prepared: PreparedText, found: TextClimb, options: TextOptions) -> JSON:
    return asked_of(
        options.to_record(),
        metric=prepared.metric.key,
        families=[one.family.name for one in found.families if one.fitted],
        data=prepared.source.fingerprint,
    )


def _text(prepared: PreparedText, found: TextClimb, options: TextOptions) -> TextSummary:
    choice = found.decision.choice.family
    family = next(one.family for one in found.families if one.family.name == choice)
    parts = prepared.parts
    return TextSummary(
        kind=prepared.kind,
        counted=prepared.counted,
        n_characters=sum(one.characters for one in parts.values()),
        n_pieces=prepared.division.n_pieces,
        n_distinct=prepared.division.n_distinct,
        n_tokens=prepared.problem.vocabulary.n_predicted,
        context=prepared.problem.context,
        parts=parts,
        samples=write_samples(prepared, found, options.seed),
        surprise=read_pieces(prepared, as_fitted(prepared, found, family)),
    )


def _assemble(
    prepared: PreparedText,
    found: TextClimb,
    *,
    test: TestResult,
    text: TextSummary,
    options: TextOptions,
) -> Result:
    """Return the result of a run; nothing in it depends on time or on the machine's load."""
    trained = [one.family for one in found.families if one.fitted]
    fingerprint = prepared.source.fingerprint
    record = options.to_record()
    if options.families is not None:
        record["families"] = [one.family.name for one in found.families]
    verdict = prepared.problem.verdict
    return Result(
        dataset=DatasetSummary(whole_text(prepared.source.name), text.n_pieces, 0, (), fingerprint),
        task=prepared.problem.task,
        target=TARGET,
        metric=prepared.metric.key,
        loss=prepared.metric.loss,
        classes=(),
        positive=None,
        findings=(),
        folds=FoldsSummary(
            kind="one split",
            n_folds=1,
            n_repeats=1,
            n_rows=text.n_pieces,
            n_scored=text.n_distinct,
            n_units=verdict.n_units,
            unit=prepared.counted.removesuffix("s"),
            fingerprint=fingerprint,
        ),
        ladder=found.ladder,
        choice=found.decision.choice,
        test=test,
        options=record,
        seed=options.seed,
        versions=versions(trained),
        machine=machine_of(trained),
        text=text,
    )


def _model(prepared: PreparedText, found: TextClimb, result: Result) -> FittedText:
    name = result.choice.family
    family = next(one.family for one in found.families if one.family.name == name)
    return replace(as_fitted(prepared, found, family), about=provenance(family, result))


def _columns(found: TextClimb) -> dict[str, Array]:
    """Lay out nats of every family and the characters they share, a row a unit."""
    first = next(iter(found.losses.values()))
    columns: dict[str, Array] = {
        "unit": np.arange(len(first)),
        "characters": first[:, 1].astype(np.int64),
    }
    return columns | {name: losses[:, 0] for name, losses in found.losses.items()}
