"""Climb the ladder: every family on the same folds, one verdict, whatever the kind of data."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from rung.clock import stopwatch
from rung.compute import JobJournal, RunContext, default_threads, run_jobs
from rung.core.events import Event, Listener
from rung.core.family import CrossFit, Family, Model
from rung.core.result import LadderEntry
from rung.core.verdict import Decision, decide
from rung.errors import MissingExtra
from rung.families import blend, select, wants_blend
from rung.families.pace import early_first
from rung.families.texts import on_texts, reads_texts
from rung.kinds.attempt import Climbed, attempt, lacking
from rung.kinds.kind import Judged, Kind, Limit, Prepared, kind_of
from rung.workbench.interim import Interim
from rung.workbench.partial import UNFINISHED, refuse_if_nothing_is_scored


@dataclass(frozen=True)
class Climb:
    """All families of a run, what they lost on data they had not seen, and the decision."""

    families: tuple[Climbed, ...]
    judged: Judged
    decision: Decision
    ladder: tuple[LadderEntry, ...]

    @property
    def choice(self) -> str:
        """Name of the family that was chosen."""
        return self.decision.choice.family

    @property
    def leader(self) -> str:
        """Name of the family that lost least."""
        return self.decision.choice.leader

    @property
    def trained(self) -> tuple[Family, ...]:
        """Families that were scored, in the order of the ladder."""
        return tuple(one.family for one in self.families if one.fitted)

    def family(self, name: str) -> Family:
        """Return a family of the run by its name."""
        return next(one.family for one in self.families if one.family.name == name)

    def fitted(self, name: str) -> CrossFit:
        """Return the cross-fit of a family that was scored."""
        found = next(one.fitted for one in self.families if one.family.name == name)
        assert found is not None
        return found

    def model(self, name: str) -> Model:
        """Return the final model of a family that was scored."""
        return self.fitted(name).model


def climb(
    prepared: Any,
    options: Any,
    listener: Listener,
    seconds: dict[str, float],
    *,
    journal: JobJournal | None = None,
    is_partial: bool = False,
) -> Climb:
    """Cross-fit every family, score, compare and choose.

    Families that are strong and fast are trained first, and each is scored as soon as it ends; no
    result depends on the order.

    Parameters
    ----------
    prepared : Prepared
        Problem and folds, as the kind of data has them.
    options : Options
        What is asked; its type says which kind of data is meant.
    listener : callable
        Told of every step.
    seconds : dict
        Filled with the wall time of each family.
    journal : JobJournal, optional
        Remembers finished jobs.
    is_partial : bool, default False
        Train nothing: take the families that the journal holds.
    """
    kind = kind_of(options)
    _check_device(options.device)
    chosen = select(options.families, kind.name)
    if options.families is None:
        chosen = tuple(one for one in chosen if one.suits is None or one.suits(prepared.problem))
    if reads_texts(prepared.problem):
        chosen = tuple(map(on_texts, chosen))
    limit = kind.limit(prepared, options, len(chosen), listener)
    context = _context(kind, prepared, options, listener, journal)

    if is_partial:
        refuse_if_nothing_is_scored(journal, kind.name)
    is_blended = kind.blend is not None and wants_blend(options.families)
    interim = Interim(kind, prepared, options, context.listener, seconds)
    interim.expect([*chosen, *([blend.FAMILY] if is_blended else [])])

    def one(family: Family) -> Climbed:
        if is_partial and (journal is None or journal.finished(family.name) is None):
            reason = _other_task(family, prepared.problem.task) or UNFINISHED
            return interim.tell(Climbed(family, None, reason))
        return interim.tell(_try_family(family, prepared, context, seconds, limit=limit))

    families = _all_of(chosen, one, options.threads or default_threads(), kind)
    if kind.blend is not None and is_blended:
        made = (
            Climbed(blend.FAMILY, None, UNFINISHED)
            if is_partial
            else kind.blend(families, prepared, context, seconds, room=limit)
        )
        families = (*families, interim.tell(made))
    judged = kind.judge(prepared, {one.family.name: one.fitted for one in families if one.fitted})
    with stopwatch(seconds, "verdict"):
        decision = decide(
            judged.losses,
            steps={one.family.name: one.family.step for one in families},
            metric=prepared.metric.key,
            margin=options.margin,
            choose=options.choose,
            seed=options.seed,
        )
    return Climb(families, judged, decision, _ladder(families, judged, decision))


def _context(
    kind: Kind,
    prepared: Prepared,
    options: Any,
    listener: Listener,
    journal: JobJournal | None,
) -> RunContext:
    """Return what families work in: one thread each where they are trained side by side."""
    return RunContext(
        options.seed,
        prepared.problem,
        1 if kind.is_parallel else options.threads or default_threads(),
        listener=_in_turn(listener) if kind.is_parallel else listener,
        journal=journal,
        device=options.device,
    )


def _check_device(device: str) -> None:
    """Refuse an accelerator that is not there before anything is trained."""
    if device != "cuda":
        return
    if importlib.util.find_spec("torch") is None:
        raise MissingExtra(
            "device 'cuda' is for networks, and torch is not installed", "pip install 'rung[deep]'"
        )
    from rung.nets.training.devices import choose_device

    choose_device(device)


def _try_family(
    family: Family,
    prepared: Prepared,
    context: RunContext,
    seconds: dict[str, float],
    *,
    limit: Limit,
) -> Climbed:
    """Cross-fit one family on the folds of the run, or say why it is skipped."""
    reason = (
        _other_task(family, prepared.problem.task)
        or lacking(family)
        or limit.reason_to_skip(family)
    )

    def work(own: RunContext) -> CrossFit:
        fitted = family.cross_fit(prepared.problem, limit.folds(family, prepared.folds), own)
        return replace(fitted, notes=(*fitted.notes, *limit.notes(family, prepared.folds)))

    threads = None if reason else limit.threads(family, context.threads)
    return attempt(family, work, context, seconds, reason=reason, threads=threads)


def _other_task(family: Family, task: str) -> str:
    return "" if task in family.tasks else f"does not do {task}"


def _all_of(families: Sequence[Family], one: Any, threads: int, kind: Kind) -> tuple[Climbed, ...]:
    """Try every family, a strong answer early; return them in the order of the ladder."""
    if kind.is_parallel:
        return _side_by_side(families, one, threads)
    done = {family.name: one(family) for family in early_first(families)}
    return tuple(done[family.name] for family in families)


def _side_by_side(families: Sequence[Family], one: Any, threads: int) -> tuple[Climbed, ...]:
    """Train families that are one job each, networks side by side; return them in their order.

    What only counts is done at once and goes first, one at a time, as its tables may be large; of
    the networks those that take longest begin.
    """
    counted = [family for family in families if not family.needs]
    networks = [family for family in reversed(families) if family.needs]
    for library in sorted({each for family in networks for each in family.needs}):
        with suppress(ImportError):  # its families are skipped
            import_module(library)  # once, before threads ask for it at the same time
    done = [*map(one, counted), *run_jobs(one, networks, threads=threads)]
    by_name = {each.family.name: each for each in done}
    return tuple(by_name[family.name] for family in families)


def _in_turn(listener: Listener) -> Listener:
    """Return a listener that is told one event at a time, whichever thread speaks."""
    lock = threading.Lock()

    def tell(event: Event) -> None:
        with lock:
            listener(event)

    return tell


def _ladder(
    families: Sequence[Climbed], judged: Judged, decision: Decision
) -> tuple[LadderEntry, ...]:
    return tuple(_entry(one, judged, decision) for one in families)


def _entry(one: Climbed, judged: Judged, decision: Decision) -> LadderEntry:
    name, family = one.family.name, one.family
    if one.fitted is None:
        return LadderEntry(name, family.title, family.step, "skipped", one.reason)
    compared = decision.families[name]
    return LadderEntry(
        family=name,
        title=family.title,
        step=family.step,
        status="scored",
        scores=judged.scores[name],
        difference=compared.difference,
        verdict=compared.verdict,
        settle_units=compared.settle_units,
        settings=one.fitted.settings,
        notes=(*one.fitted.notes, *judged.notes.get(name, ())),
        confusion=judged.confusion.get(name),
        training=one.fitted.training,
    )
