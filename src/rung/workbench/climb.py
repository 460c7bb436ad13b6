"""Climb the ladder: every family on the same folds, one verdict, the sealed rows once."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.clock import stopwatch
from rung.compute import JobJournal, RunContext, default_threads, one_thread_each
from rung.core.bounds import SealedRows, sealed_scores
from rung.core.events import Event, Listener
from rung.core.family import CrossFit, Family, Problem
from rung.core.judge_predictions import OutOfFold, confusion, score_families
from rung.core.losses import unit_losses
from rung.core.memory import say_bytes
from rung.core.result import LadderEntry, TestResult
from rung.core.verdict import SAME, Decision, decide
from rung.errors import ResourceError
from rung.families import select, wants_blend
from rung.kinds.attempt import Climbed, attempt, lacking
from rung.kinds.limits import LARGEST
from rung.kinds.table.blending import climb_blend
from rung.kinds.table.memory import MemoryLimit, free_memory, make_room
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.typing import Array

MOST_CLASSES_SHOWN = 30


@dataclass(frozen=True)
class Climb:
    """All families of a run, the matrix of their out-of-fold predictions, and the decision."""

    families: tuple[Climbed, ...]
    oof: OutOfFold
    decision: Decision
    ladder: tuple[LadderEntry, ...]

    def fitted(self, name: str) -> CrossFit:
        """Return the cross-fit of a family that was scored."""
        found = next(one.fitted for one in self.families if one.family.name == name)
        assert found is not None
        return found


def climb(
    prepared: PreparedTable,
    options: FitOptions,
    listener: Listener,
    seconds: dict[str, float],
    *,
    journal: JobJournal | None = None,
) -> Climb:
    """Cross-fit every family, score, compare and choose.

    Parameters
    ----------
    prepared : PreparedTable
        Table, folds and problem.
    options : FitOptions
        What is asked.
    listener : callable
        Told of every step.
    seconds : dict
        Filled with the wall time of each family.
    journal : JobJournal, optional
        Remembers finished jobs.
    """
    threads = options.threads or default_threads()
    _check_device(options.device)
    context = RunContext(
        options.seed,
        prepared.problem,
        threads,
        listener=listener,
        journal=journal,
        device=options.device,
    )
    chosen = select(options.families)
    room = _room(prepared, options, len(chosen), listener)
    families = tuple(
        _try_family(family, prepared, context, seconds, room=room) for family in chosen
    )
    if wants_blend(options.families):
        blend = climb_blend(families, prepared, context, seconds, room=room)
        families = (*families, _keep_if_better(blend, families, prepared))
    oof = _out_of_fold(prepared, families)
    with stopwatch(seconds, "verdict"):
        decision = decide(
            unit_losses(oof, prepared.metric.loss),
            steps={one.family.name: one.family.step for one in families},
            metric=prepared.metric.key,
            margin=options.margin,
            choose=options.choose,
            seed=options.seed,
        )
        ladder = _ladder(families, oof, decision)
    return Climb(families, oof, decision, ladder)


def _room(
    prepared: PreparedTable, options: FitOptions, n_families: int, listener: Listener
) -> MemoryLimit:
    """Say what the run may hold; warn where the machine has less, which changes no result."""
    limit, free = int(options.memory), free_memory()
    if free is not None and free < limit:
        listener(
            Event(
                "stage",
                text=f"{say_bytes(free)} of memory are free and {say_bytes(limit)} allowed; "
                f"a smaller --memory skips what does not fit",
            )
        )
    return make_room(
        limit, prepared.dataset, prepared.problem, prepared.folds, n_families=n_families
    )


def _check_device(device: str) -> None:
    """Refuse an accelerator that is not there before anything is trained."""
    if device != "cuda":
        return
    if importlib.util.find_spec("torch") is None:
        raise ResourceError(
            "device 'cuda' is for networks, and torch is not installed", "pip install 'rung[deep]'"
        )
    from rung.nets.training.devices import choose_device

    choose_device(device)


def _try_family(
    family: Family,
    prepared: PreparedTable,
    context: RunContext,
    seconds: dict[str, float],
    *,
    room: MemoryLimit,
) -> Climbed:
    """Cross-fit one family on the folds of the run."""
    reason = _reason_to_skip(family, prepared.problem) or room.reason_to_skip(family)

    def work(own: RunContext) -> CrossFit:
        fitted = family.cross_fit(prepared.problem, room.folds(family, prepared.folds), own)
        return replace(fitted, notes=(*fitted.notes, *room.notes(family, prepared.folds)))

    threads = None if reason else room.threads(family, context.threads)
    return attempt(family, work, context, seconds, reason=reason, threads=threads)


def _keep_if_better(
    blend: Climbed, families: Sequence[Climbed], prepared: PreparedTable
) -> Climbed:
    """Leave the blend out where it loses as much as the best of its members, or is one of them."""
    if blend.fitted is None:
        return blend
    names = {share for one in blend.fitted.settings for share in one["shares"]}
    losses = unit_losses(_out_of_fold(prepared, (*families, blend)), prepared.metric.loss)
    means = dict(zip(losses.names, losses.means.tolist(), strict=True))
    best = min((name for name in means if name != blend.family.name), key=means.__getitem__)
    if len(names) > 1 and means[blend.family.name] < (1 - SAME) * means[best]:
        return blend
    return Climbed(blend.family, None, f"is not better than its best member, {best}")


def _reason_to_skip(family: Family, problem: Problem) -> str:
    if problem.task not in family.tasks:
        return f"{family.title} does not do {problem.task}"
    missing = lacking(family)
    if missing:
        return missing
    if problem.design.weight is not None and not family.weights:
        return "does not honour weights of rows"
    return ""


def _out_of_fold(prepared: PreparedTable, families: Sequence[Climbed]) -> OutOfFold:
    scored = {one.family.name: one.fitted.predictions for one in families if one.fitted}
    if "constant" not in scored:
        raise ResourceError("the constant guess could not be made", "run again with --debug")
    return OutOfFold(
        task=prepared.problem.task,
        y=prepared.problem.y,
        splits=prepared.folds.splits,
        predictions=scored,
        unit=prepared.units.train,
        classes=prepared.problem.classes,
        positive=prepared.positive,
        weight=prepared.problem.design.weight,
        counted=prepared.units.counted,
        is_ordered=prepared.units.is_ordered,
    )


def _ladder(
    families: Sequence[Climbed], oof: OutOfFold, decision: Decision
) -> tuple[LadderEntry, ...]:
    scores = score_families(oof)
    show_confusion = 0 < len(oof.classes) <= MOST_CLASSES_SHOWN
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
                notes=one.fitted.notes,
                confusion=confusion(oof, name) if show_confusion else None,
                training=one.fitted.training,
            )
        entries.append(entry)
    return tuple(entries)


@dataclass(frozen=True)
class SealedPredictions:
    """What the constant, the choice and the leader predict for the sealed rows.

    Attributes
    ----------
    families : mapping of str to str
        Role to family.
    of_role : mapping of str to ndarray, each (n_test, n_outputs)
        Predictions, within limits that a loss can be computed with.
    n_wild : mapping of str to int
        How many values of a family were not within them, if any.
    """

    families: Mapping[str, str]
    of_role: Mapping[str, Array]
    n_wild: Mapping[str, int]


def predict_sealed(prepared: PreparedTable, found: Climb) -> SealedPredictions:
    """Predict the sealed rows from their features, with the final model of each distinct family.

    Nothing is opened by it: what goes wrong here goes wrong before. A value that is not finite or
    too large counts as the largest, as any loss of it says enough.
    """
    choice = found.decision.choice
    roles = {"constant": "constant", "choice": choice.family, "leader": choice.leader}
    design = prepared.dataset.take(prepared.test)
    with one_thread_each(), np.errstate(all="ignore"):
        said = {
            name: found.fitted(name).model.predict(design) for name in sorted(set(roles.values()))
        }
    wild = {name: int((~(np.abs(p) <= LARGEST)).sum()) for name, p in said.items()}
    bounded = {
        name: np.clip(np.nan_to_num(p, nan=LARGEST), -LARGEST, LARGEST) if wild[name] else p
        for name, p in said.items()
    }
    return SealedPredictions(
        families=roles,
        of_role={role: bounded[name] for role, name in roles.items()},
        n_wild={name: n for name, n in wild.items() if n},
    )


def open_test(prepared: PreparedTable, said: SealedPredictions, options: FitOptions) -> TestResult:
    """Score the constant, the choice and the leader on the sealed rows.

    Parameters
    ----------
    prepared : PreparedTable
        Table with its sealed rows.
    said : SealedPredictions
        What they predict for them.
    options : FitOptions
        For the seed.
    """
    if not len(prepared.test):
        return TestResult(False, 0, prepared.sealing.seal.reason)
    y = prepared.target.y[prepared.test]
    rows = SealedRows(
        task=prepared.problem.task,
        y=y,
        unit=prepared.units.test,
        n_train=len(prepared.train),
        classes=prepared.problem.classes,
        positive=prepared.positive,
        weight=prepared.dataset.take(prepared.test).weight,
    )
    return TestResult(
        opened=True,
        n=len(prepared.test),
        families=said.families,
        scores=sealed_scores(rows, said.of_role, seed=options.seed),
        confusion=_confusion(prepared, y, said.of_role["choice"]),
    )


def _confusion(
    prepared: PreparedTable, y: Array, probability: Array
) -> tuple[tuple[float, ...], ...] | None:
    n_classes = len(prepared.problem.classes)
    if not 0 < n_classes <= MOST_CLASSES_SHOWN:
        return None
    weight = prepared.dataset.weight
    counts = np.zeros((n_classes, n_classes))
    share = np.ones(len(y)) if weight is None else weight[prepared.test]
    np.add.at(counts, (y, probability.argmax(axis=1)), share)
    return tuple(tuple(float(value) for value in row) for row in counts)
