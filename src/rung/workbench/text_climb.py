"""Climb the ladder of text: every family on the same parts, one verdict, the sealed part once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import numpy as np

from rung.clock import stopwatch
from rung.compute import JobJournal, RunContext, default_threads, one_thread_each, run_jobs
from rung.core.events import Event, Listener
from rung.core.family import CrossFit, Family
from rung.core.judge_likelihoods import BASELINE, UnitLosses, score_units, sealed_unit_scores
from rung.core.result import LadderEntry, Surprise, TestResult, TextSample
from rung.core.verdict import Decision, decide
from rung.errors import ResourceError
from rung.families import select
from rung.kinds.attempt import Climbed, attempt, lacking
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import PreparedText
from rung.text.membership import Membership, remember
from rung.text.problem import TextModel, unit_losses
from rung.text.sampling import SampleOptions
from rung.typing import Array

LINE_SAMPLES = SampleOptions(n=12, length=64)
STREAM_SAMPLES = SampleOptions(n=1, length=400)
N_LINES_READ, N_STRETCHES_READ = 12, 2
LONGEST_SURPRISE = 160


@dataclass(frozen=True)
class TextClimb:
    """All families of a run, the losses of their units, and the decision."""

    families: tuple[Climbed, ...]
    losses: Mapping[str, Array]
    decision: Decision
    ladder: tuple[LadderEntry, ...]
    membership: Membership

    def fitted(self, name: str) -> CrossFit:
        """Return what a family that was scored handed back."""
        found = next(one.fitted for one in self.families if one.family.name == name)
        assert found is not None
        return found

    def model(self, name: str) -> TextModel:
        """Return the model of a family that was scored."""
        return cast(TextModel, self.fitted(name).model)


def climb_text(
    prepared: PreparedText,
    options: TextOptions,
    listener: Listener,
    seconds: dict[str, float],
    *,
    journal: JobJournal | None = None,
) -> TextClimb:
    """Train every family, score, compare and choose; see `rung.workbench.climb.climb`."""
    context = RunContext(
        options.seed, prepared.problem, listener=_in_turn(listener), journal=journal
    )
    families = _try_all(
        select(options.families, "text"),
        prepared,
        context,
        seconds,
        threads=options.threads or default_threads(),
    )
    losses = {one.family.name: one.fitted.unit_losses[0] for one in families if one.fitted}
    if BASELINE not in losses:
        raise ResourceError("the unigram could not be counted", "run again with --debug")
    units = units_of(prepared, losses)
    with stopwatch(seconds, "verdict"):
        decision = decide(
            units.to_losses(),
            steps={one.family.name: one.family.step for one in families},
            metric=prepared.metric.key,
            margin=options.margin,
            choose=options.choose,
            seed=options.seed,
        )
        ladder = _ladder(families, units, decision)
        membership = remember(
            prepared.problem.train, prepared.problem.vocabulary, prepared.problem.kind
        )
    return TextClimb(families, losses, decision, ladder, membership)


def units_of(prepared: PreparedText, losses: Mapping[str, Array]) -> UnitLosses:
    """Return losses of units with what the comparison must know about them."""
    return UnitLosses(
        losses,
        n_pieces=prepared.division.n_distinct,
        counted=prepared.counted,
        is_ordered=prepared.kind == "stream",
        is_bounded=prepared.division.is_bounded,
    )


def _try_all(
    families: Sequence[Family],
    prepared: PreparedText,
    context: RunContext,
    seconds: dict[str, float],
    *,
    threads: int,
) -> tuple[Climbed, ...]:
    """Train all families, networks side by side; return them in the order of the ladder.

    A family of text is one job. What counts is done at once and goes first, one at a time, as its
    tables may be large; of the networks those that take longest begin.
    """
    counted = [family for family in families if not family.needs]
    networks = [family for family in reversed(families) if family.needs]
    for library in sorted({each for family in networks for each in family.needs}):
        with suppress(ImportError):  # its families are skipped
            import_module(library)  # once, before threads ask for it at the same time

    def one(family: Family) -> Climbed:
        return _try_family(family, prepared, context, seconds)

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


def _try_family(
    family: Family, prepared: PreparedText, context: RunContext, seconds: dict[str, float]
) -> Climbed:
    return attempt(
        family,
        lambda own: family.cross_fit(prepared.problem, own),
        context,
        seconds,
        reason=lacking(family),
    )


def _ladder(
    families: tuple[Climbed, ...], units: UnitLosses, decision: Decision
) -> tuple[LadderEntry, ...]:
    scores = score_units(units)
    entries = []
    for one in families:
        name, family = one.family.name, one.family
        if one.fitted is None:
            entry = LadderEntry(name, family.title, family.step, "skipped", one.reason)
        else:
            judged = decision.families[name]
            entry = LadderEntry(
                family=name,
                title=family.title,
                step=family.step,
                status="scored",
                scores=scores[name],
                difference=judged.difference,
                verdict=judged.verdict,
                settle_units=judged.settle_units,
                settings=one.fitted.settings,
                notes=(*one.fitted.notes, *_seeds(one.fitted)),
                training=one.fitted.training,
            )
        entries.append(entry)
    return tuple(entries)


def _seeds(fitted: CrossFit) -> tuple[str, ...]:
    """Say how far models of other seeds spread; the verdict is about the one that was trained."""
    found = fitted.seed_scores
    if not found:
        return ()
    spread = f"{min(found):.4f} to {max(found):.4f} nats a character on the same part"
    return (f"{len(found)} models trained from other seeds: {spread}",)


def open_sealed_text(prepared: PreparedText, found: TextClimb, options: TextOptions) -> TestResult:
    """Score the unigram, the choice and the leader on the sealed part."""
    if not prepared.sealed.n_scored:
        return TestResult(False, 0, prepared.seal.reason)
    choice = found.decision.choice
    roles = {"constant": BASELINE, "choice": choice.family, "leader": choice.leader}
    with one_thread_each():
        by_family = {
            name: unit_losses(found.model(name), prepared.sealed)
            for name in sorted(set(roles.values()))
        }
    units = units_of(prepared, {role: by_family[name] for role, name in roles.items()})
    return TestResult(
        opened=True,
        n=prepared.sealed.n_units,
        families=roles,
        scores=sealed_unit_scores(units, seed=options.seed),
    )


def write_samples(
    prepared: PreparedText, found: TextClimb, seed: int
) -> dict[str, tuple[TextSample, ...]]:
    """Let every family write."""
    options = LINE_SAMPLES if prepared.kind == "lines" else STREAM_SAMPLES
    return {
        one.family.name: as_fitted(prepared, found, one.family).sample(options, seed=seed)
        for one in found.families
        if one.fitted
    }


def as_fitted(prepared: PreparedText, found: TextClimb, family: Family) -> FittedText:
    """Return the model of a family with what it needs to read and write; nothing about the run."""
    return FittedText(
        family,
        found.model(family.name),
        prepared.problem.vocabulary,
        found.membership,
        prepared.kind,
        {},
    )


def read_pieces(prepared: PreparedText, model: FittedText) -> tuple[Surprise, ...]:
    """Let the chosen model read a few pieces of the verdict's part, each after what it followed."""
    found: dict[str, Surprise] = {}
    n_wanted = N_LINES_READ if prepared.kind == "lines" else N_STRETCHES_READ
    passages = prepared.problem.verdict
    for number in range(passages.n_passages):
        begin, end = passages.starts[number : number + 2]
        block = int(np.searchsorted(passages.block_starts, begin))
        lead = int(passages.block_starts[block + 1] - begin) if passages.unit[block] < 0 else 0
        reach = min(int(end), int(begin) + lead + LONGEST_SURPRISE)
        text = prepared.problem.vocabulary.decode(passages.tokens[begin:reach])
        bits = model.nats(text)[lead:] / np.log(2)
        found.setdefault(text, Surprise(text[lead:], tuple(round(float(one), 4) for one in bits)))
        if len(found) == n_wanted:
            break
    return tuple(found.values())
