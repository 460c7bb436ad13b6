"""Run the whole way: read, seal, climb, decide, open the test, hand back."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from rung.clock import stopwatch
from rung.compute import default_threads, one_thread_each
from rung.core.contradiction import heed_sealed_test
from rung.core.events import Event, Listener, ignore
from rung.core.findings import Finding
from rung.core.history import History
from rung.core.independence import heed_dependence
from rung.core.result import Choice, LadderEntry, Result, TestResult, plain
from rung.explain.explanation import Explained, explain, explained
from rung.explain.pictures import Plots
from rung.explain.views import Explanations
from rung.families import select, whole_ladder
from rung.flags import in_python
from rung.kinds.command import command_of
from rung.kinds.kind import Kind, Outcome, Prepared, kind_of
from rung.kinds.machine import machine, machine_of, versions
from rung.report.headline import headline
from rung.report.notebook import run_html
from rung.report.summary import SEVERITIES
from rung.report.units import shown_difference
from rung.store.seals import SealRecord, record_run
from rung.typing import JSON, Array, Untyped
from rung.workbench.climb import Climb, climb
from rung.workbench.keeping import Keeper, NoKeeper
from rung.workbench.openings import asked_of, note_opening
from rung.workbench.partial import left_closed
from rung.workbench.savable import not_savable_finding, savable_family


@dataclass(frozen=True, repr=False)
class Run:
    """The outcome of `rung.fit`.

    Attributes
    ----------
    result : Result
        Everything that was found; the same as `results.json`.
    model : FittedModel or FittedText
        The chosen model.
    saved : FittedModel, FittedText or None
        What a run folder's `model.rung` holds: the chosen model, or, where that holds code, the
        simplest that can be saved and is not worse; None if there is none.
    tables : mapping of str to mapping of str to ndarray
        Columns by name: `out_of_fold`, what every family predicted for rows its models had not
        seen, shape (n_scored,) each; of a text `unit_losses`, nats of every family on each unit of
        the verdict's part, and its characters.
    seal : SealRecord
        Which data were sealed, and every run that opened them.
    history : History
        Earlier openings of these data, here and elsewhere; not the same for two equal runs.
    timings : mapping
        Wall seconds; not the same for two equal runs either.
    folder : Path or None
        Where the run was written.
    library : str
        Of frames that are handed back: `pandas` where the table came as one, else `polars`.
    explained : Explained or None
        What explanations of a table are made from: the models of the folds.
    """

    result: Result
    model: Any
    saved: Any
    tables: Mapping[str, Mapping[str, Array]]
    seal: SealRecord
    history: History
    timings: JSON
    folder: Path | None = None
    library: Literal["polars", "pandas"] = "polars"
    explained: Explained | None = field(default=None, repr=False, compare=False)

    @property
    def explain(self) -> Explanations:
        """Why models predict what they do: `importance()`, `effects(column)`, `formula()`, ..."""
        return Explanations(self.result, self.explained)

    @property
    def plot(self) -> Plots:
        """Pictures on axes of matplotlib: `ladder()`, `truth()`, `effects(column)`, ..."""
        return Plots(self.result, self.explain)

    @property
    def out_of_fold(self) -> Mapping[str, Array]:
        """What every family predicted, or lost, on held-out data, as columns by name."""
        return next(iter(self.tables.values()))

    @property
    def predictions(self) -> Untyped:
        """The same as a frame, with the columns of `keep`: a row for each held-out row."""
        return _frame(self.out_of_fold, self.library)

    @property
    def verdict(self) -> Choice:
        """The choice and the sentence that says why; `str()` gives the sentence."""
        return self.result.choice

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed about the data and the run, the gravest first."""
        ordered = sorted(self.result.findings, key=lambda one: SEVERITIES.index(one.severity))
        return tuple(
            replace(one, message=in_python(one.message), remedy=in_python(one.remedy))
            for one in ordered
        )

    def __repr__(self) -> str:
        """Say in a line what was found."""
        return f"Run({headline(self.result).use})"

    def _repr_html_(self) -> str:
        return run_html(self.result)

    @property
    def leaderboard(self) -> Untyped:
        """The ladder as a frame, a row a family, from the simplest up."""
        return leaderboard(self.result, self.library)

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML file that needs no network, and return its path."""
        from rung.report.html import render
        from rung.store.durable import write_bytes

        target = Path(path)
        write_bytes(target, render(self.result, self.history).encode("utf-8"))
        return target


def leaderboard(result: Result, library: str = "polars") -> Untyped:
    """Return the ladder as a frame, a row a family, from the simplest up.

    `difference` is how much worse than the leader a family is, in the metric's unit; of the leader
    itself, to its best rival.
    """
    shown = {entry.family: shown_difference(result, entry) for entry in result.ladder}
    rows = [
        {
            "family": entry.family,
            "step": entry.step,
            "status": entry.status,
            **{key: entry.scores[key].mean if entry.scores else None for key in _metrics(result)},
            "low": entry.scores[result.metric].low if entry.scores else None,
            "high": entry.scores[result.metric].high if entry.scores else None,
            "difference": found.mean if (found := shown[entry.family]) else None,
            "verdict": entry.verdict,
            "reason": entry.reason,
        }
        for entry in sorted(result.ladder, key=lambda one: one.step)
    ]
    return _frame(rows, library)


def _frame(table: Any, library: str) -> Untyped:
    """Return rows, or columns by name, as a frame of a library."""
    frame: Untyped = import_module("polars").DataFrame(table, infer_schema_length=None)
    if library == "pandas":  # not by polars, which asks for pyarrow
        return import_module("pandas").DataFrame(frame.to_dict(as_series=False))
    return frame


def _metrics(result: Result) -> tuple[str, ...]:
    scored = next(entry.scores for entry in result.ladder if entry.scores)
    others = tuple(key for key in scored if key != result.metric)
    return (result.metric, *others)


@one_thread_each()
def run_ladder(
    data: Any,
    options: Any,
    *,
    listener: Listener = ignore,
    record: SealRecord | None = None,
    replays: bool = False,
    keeper: Keeper | None = None,
) -> Run:
    """Climb the ladder on data of any kind.

    Parameters
    ----------
    data : object
        What the kind of the options reads: a path, a frame, lines, ...
    options : Options
        What is asked; its type says which kind of data is meant.
    listener : callable
        Told of every step.
    record : SealRecord, optional
        Earlier runs on the same seal.
    replays : bool, default False
        Whether to seal what `record` closes instead of choosing anew.
    keeper : Keeper, optional
        Remembers finished jobs and openings, so that the run can be resumed.
    """
    kind, keeper = kind_of(options), keeper or NoKeeper()
    select(options.families, kind.name)  # a misspelt name ends here, before anything is read
    seconds: dict[str, float] = {}
    with stopwatch(seconds, "total"):
        listener(Event("stage", text=kind.words.reading))
        with stopwatch(seconds, "prepare"):
            prepared = kind.prepare(data, options, record.seal if record and replays else None)
        question = kind.question(prepared, options)
        if question:
            listener(Event("asked", text=question))
        before = SealRecord(prepared.seal, record.runs if record is not None else ())
        earlier = keeper.begin(identify(kind, prepared, options), before)
        journal, is_partial = keeper.journal, keeper.is_partial
        found = climb(prepared, options, listener, seconds, journal=journal, is_partial=is_partial)
        sealed = kind.test(prepared, found, options)
        rows = kind.sealed_rows(prepared, options)
        this_run = record_run(prepared.seal, _asked(kind, prepared, found, options), rows)
        if is_partial:
            sealed, history = left_closed(sealed, found.ladder), History()
        else:
            replayed = record.seal if record and replays else None
            history = note_opening(
                earlier, this_run, rows, keeper, ledger=options.ledger, replayed=replayed
            )
            earlier = earlier.add(this_run)
            listener(Event("stage", text=kind.words.opening))
        with stopwatch(seconds, "test"):
            test = sealed.open()
        saved = savable_family(found)
        outcome = kind.outcome(prepared, found, options, listener, seconds)
        with stopwatch(seconds, "explain"):
            why = explained(kind, prepared, found, options, listener)
            outcome = replace(outcome, sections={**outcome.sections, **explain(why, options)})
        said = (*not_savable_finding(found, saved), *sealed.findings, *outcome.findings)
        findings = (*prepared.findings, *said)
        result = _result(prepared, found, outcome, test, options, findings)
        result = heed_sealed_test(heed_dependence(result))
    model = kind.fitted(prepared, found, found.family(result.choice.family), result)
    stand_in = None if saved is None else kind.fitted(prepared, found, saved, result)
    return Run(
        result=result,
        model=model,
        saved=model if saved is model.family else stand_in,
        tables=outcome.tables,
        seal=earlier,
        history=history,
        library="pandas" if type(data).__module__.startswith("pandas") else "polars",
        timings=_timings(seconds, options.threads),
        explained=why,
    )


def _timings(seconds: dict[str, float], threads: int | None) -> JSON:
    return {
        "seconds": seconds,
        "threads": threads or default_threads(),
        "machine": platform.machine(),
        "processors": default_threads(),
    }


def identify(kind: Kind, prepared: Prepared, options: Any) -> JSON:
    """Say what a run is: all that its results depend on."""
    return {
        "data": prepared.fingerprint,
        **kind.asks(prepared, options),
        "options": plain(options.to_record()),
        "folds": prepared.folds.fingerprint,
        "seal": plain(prepared.seal),
        "versions": versions(whole_ladder(kind.name)),
        "machine": machine(),
    }


def _asked(kind: Kind, prepared: Prepared, found: Climb, options: Any) -> JSON:
    return asked_of(
        options.to_record(),
        metric=prepared.metric.key,
        families=[family.name for family in found.trained],
        data=prepared.fingerprint,
        **kind.asks(prepared, options),
    )


def _result(
    prepared: Prepared,
    found: Climb,
    outcome: Outcome,
    test: TestResult,
    options: Any,
    findings: tuple[Finding, ...],
) -> Result:
    """Return the result of a run; nothing in it depends on time or on the machine's load."""
    return Result(
        dataset=outcome.dataset,
        task=prepared.problem.task,
        target=outcome.target,
        metric=prepared.metric.key,
        loss=prepared.metric.loss,
        classes=outcome.classes,
        positive=outcome.positive,
        findings=(*findings, *failures(found.ladder)),
        folds=outcome.folds,
        ladder=found.ladder,
        choice=found.decision.choice,
        test=test,
        options=_record(options, found),
        seed=options.seed,
        versions=versions(found.trained),
        machine=machine_of(found.trained),
        sections=outcome.sections,
        command=command_of(options, prepared.name),
    )


def _record(options: Any, found: Climb) -> JSON:
    """Record options; families in the order of the ladder, whatever order they came in."""
    record: JSON = options.to_record()
    if options.families is not None:
        record = {**record, "families": [one.family.name for one in found.families]}
    return record


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
