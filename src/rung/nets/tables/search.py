"""Try settings on rows that are held back, then learn from all rows with those that did best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from rung.nets.tables.budget import Budget
from rung.nets.tables.engine import begin
from rung.nets.tables.health import measure_health
from rung.nets.tables.losses import Loss
from rung.nets.tables.plans import Course, TrainingPlan
from rung.nets.tables.rate_range import range_test
from rung.nets.tables.shapes import NetworkShape
from rung.nets.tables.single import NetworkRows, SingleNetwork
from rung.nets.tables.trial import Trial, wants_more
from rung.typing import Array, Settings

if TYPE_CHECKING:
    import torch

    from rung.nets.tables.population import Population, PopulationRows

LONGEST_GRADIENT = 10.0
# Share of its passes, and least number, after which a judge waits no longer for a lower loss, if the
# last one is so many times the least: while rates are high, losses of few rows jump.
PATIENCE, FEWEST_TO_WAIT, RISE = 0.25, 2, 1.25
# Share of its passes after which a judge gives up a candidate whose held loss is so many times the
# least of all candidates there.
HALF, HOPELESS = 0.5, 1.1
Generators = Callable[..., np.random.Generator]


@dataclass(frozen=True)
class Material:
    """Hold encoded rows to learn from, and those that are held back.

    Attributes
    ----------
    inputs : ndarray, shape (n_rows, n_inputs)
        Encoded rows.
    is_piece : ndarray of bool, shape (n_inputs,)
        Columns that the setting `pieces` scales.
    is_turned : ndarray of bool, shape (n_inputs,)
        Columns that the setting `turned` scales.
    target, weight : ndarray, shape (n_rows,)
        Standardised values or class numbers without gaps; weights of mean one.
    rows : ndarray of int
        Places of the rows to learn from.
    judges : tuple of ndarray of int
        Places of rows held back, a set for each judge; they change nothing that is learned.
    n_outputs : int
        Scores.
    loss, judge : Loss
        What is lowered, and what chooses.
    """

    inputs: Array
    is_piece: Array
    is_turned: Array
    target: Array
    weight: Array
    rows: Array
    judges: tuple[Array, ...]
    n_outputs: int
    loss: Loss
    judge: Loss


@dataclass(frozen=True)
class Found:
    """Say what one judge saw.

    Attributes
    ----------
    trials : tuple of Trial
        One a candidate.
    best : Trial
        That of the least held loss; of equals the first.
    parameters : dict of str to ndarray
        Of its network at its best pass, float32.
    """

    trials: tuple[Trial, ...]
    best: Trial
    parameters: dict[str, Array]


@dataclass(frozen=True)
class TrainedNetwork:
    """What training on all rows gave.

    Attributes
    ----------
    parameters : dict of str to ndarray
        Of the network, float32.
    settings : mapping
        What was chosen, JSON-ready.
    record : mapping
        Curves and health, JSON-ready.
    """

    parameters: dict[str, Array]
    settings: Settings
    record: Settings = field(default_factory=dict)


def search(
    material: Material, budget: Budget, generators: Generators, device: torch.device | None
) -> tuple[Found, ...]:
    """Train all candidates; return what each judge saw.

    Parameters
    ----------
    material : Material
        Rows to learn from, and those of the judges.
    budget : Budget
        How much to spend.
    generators : callable
        Gives a generator for each key.
    device : torch.device or None
        Where to train; None trains with numpy.
    """
    shape = replace(_shape(material, budget), n_members=budget.n_trial_members)
    lesson = _lesson(material, budget, device)
    judges = range(len(material.judges))

    def sow(number: int, candidate: Settings) -> SingleNetwork | Population:
        epochs = budget.epochs_of(candidate)
        plan = TrainingPlan(
            **_plan(material, candidate),
            watched=material.judges,
            epochs=epochs,
            patience=max(round(PATIENCE * epochs), FEWEST_TO_WAIT),
            rise=RISE,
            generator=generators(number),
        )
        # Each is a population of its own: what one judge saw, whose rows are held out from the
        # others, may end a training, but must not change the batch in which another goes on.
        return begin(shape, plan, lesson)

    sown = [sow(number, candidate) for number, candidate in enumerate(budget.candidates)]
    courses = _race(sown, len(judges))
    found = [_found(courses, budget, _judge(material, judge)) for judge in judges]
    for number, longer in enumerate(budget.longer, start=len(courses)):
        patient = [judge for judge in judges if wants_more(found[judge].trials)]
        course = Course()
        if patient:
            population = sow(number, longer)
            population.run()
            course = population.courses[0]
        for judge in patient:
            found[judge] = _with(found[judge], course, _judge(material, judge), longer, budget)
    return tuple(found)


def _race(populations: Sequence[SingleNetwork | Population], n_judges: int) -> list[Course]:
    """Train candidates, each to its half, and on where a judge has not given it up."""
    courses = [population.courses[0] for population in populations]
    for population in populations:
        (plan,) = population.plans
        population.run(until=max(round(HALF * plan.epochs), 1))
    for judge in range(n_judges):
        watched = [course.held[judge] for course in courses]
        late = [_late(held.loss) for held in watched]
        for held, loss in zip(watched, late, strict=True):
            held.is_closed = loss > HOPELESS * min(late)
    for population, course in zip(populations, courses, strict=True):
        if course.held and all(held.is_closed for held in course.held):
            population.stop(population.alive)
        population.run()
    return courses


def _late(losses: Sequence[float]) -> float:
    """Return the mean of the last two; infinite where there is none, or training broke."""
    late = float(np.mean(losses[-2:])) if losses else np.inf
    return late if np.isfinite(late) else np.inf


@dataclass(frozen=True)
class _SearchJudge:
    """The place of a judge among those of a search, and its rows."""

    number: int
    n_rows: int


def _judge(material: Material, number: int) -> _SearchJudge:
    return _SearchJudge(number, len(material.judges[number]))


def _found(courses: Sequence[Course], budget: Budget, judge: _SearchJudge) -> Found:
    trials = tuple(
        _trial(course, judge, candidate, budget)
        for course, candidate in zip(courses, budget.candidates, strict=True)
    )
    best = min(range(len(trials)), key=lambda number: (trials[number].lowest, number))
    return Found(trials, trials[best], courses[best].held[judge.number].parameters)


def _with(
    found: Found, course: Course, judge: _SearchJudge, candidate: Settings, budget: Budget
) -> Found:
    """Return what a judge saw, with one more candidate."""
    trial = _trial(course, judge, candidate, budget)
    trials = (*found.trials, trial)
    if trial.lowest < found.best.lowest:
        return Found(trials, trial, course.held[judge.number].parameters)
    return Found(trials, found.best, found.parameters)


def _trial(course: Course, judge: _SearchJudge, candidate: Settings, budget: Budget) -> Trial:
    held = tuple(course.held[judge.number].loss)
    # How long it went on for the other judge is none of this one's business.
    learned = tuple(course.train_loss[: len(held)])
    is_closed = course.held[judge.number].is_closed
    return Trial(candidate, budget.epochs_of(candidate), learned, held, judge.n_rows, is_closed)


@dataclass(frozen=True)
class SearchResult:
    """Say with which settings, and for how many passes, to learn from all rows.

    Attributes
    ----------
    trial : Trial
        That of the candidate, as the mean over judges.
    passes : int
        Of the final training; its schedule is laid out for them.
    """

    trial: Trial
    passes: int


def choose(trials: Sequence[Sequence[Trial]], budget: Budget) -> SearchResult:
    """Return the candidate of the least held loss, as a mean over judges; of equals the first.

    Parameters
    ----------
    trials : sequence of sequence of Trial
        What each judge saw, candidates in one order; one that a judge did not ask for is no
        choice. Where none saw anything, the first candidate of the budget is taken, and runs to
        its end.
    budget : Budget
        For training on all rows.
    """
    known = [own for own in trials if any(trial.held_loss for trial in own)]
    means = [_mean(same) for same in zip(*known, strict=False)]
    if not means:
        epochs = budget.epochs_of(budget.candidates[0])
        return SearchResult(Trial(budget.candidates[0], epochs, (), ()), epochs)
    best = min(means, key=lambda trial: trial.lowest)
    return SearchResult(best, best.latest_good)


def _mean(same: Sequence[Trial]) -> Trial:
    """Return one candidate's mean over judges, for the passes that all of them saw."""
    learned, held = (
        tuple(np.mean([curve[: min(map(len, curves))] for curve in curves], axis=0).tolist())
        for curves in ([each.learned_loss for each in same], [each.held_loss for each in same])
    )
    n_held = sum(each.n_held for each in same)
    return Trial(same[0].settings, same[0].of_epochs, learned, held, n_held)


def learn(
    material: Material,
    budget: Budget,
    choice: SearchResult,
    generators: Generators,
    device: torch.device | None,
    *,
    tries_rates: bool = False,
) -> TrainedNetwork:
    """Train one network on all rows.

    Parameters
    ----------
    material : Material
        All training rows of a fold, none held back.
    budget : Budget
        Size of the network.
    choice : SearchResult
        What to train with.
    generators : callable
        Gives a generator for each key.
    device : torch.device or None
        Where to train; None trains with numpy.
    tries_rates : bool
        Whether the record is to say at which learning rates training breaks, where one was chosen.
    """
    shape, lesson = _shape(material, budget), _lesson(material, budget, device)
    # Laid out for these passes alone, so that rates have fallen when it ends.
    plan = TrainingPlan(
        **_plan(material, choice.trial.settings),
        watched=(),
        epochs=choice.passes,
        generator=generators("final"),
    )
    population = begin(shape, plan, lesson)
    population.run()
    course = population.courses[0]
    record = {
        "inner_loss": _rounded(choice.trial.learned_loss),
        "inner_held_loss": _rounded(choice.trial.held_loss),
        "final_loss": _rounded(course.train_loss),
        "step_size": _rounded(course.step_size),
        **measure_health(course.parameters, material.inputs),
    }
    if tries_rates and choice.trial.held_loss:
        record["range_test"] = range_test(shape, lesson, material.rows, generators("range"))
    named = {key: value for key, value in choice.trial.settings.items() if key != "part"}
    settings = {**named, "epochs": choice.passes, "of_epochs": choice.trial.of_epochs}
    return TrainedNetwork(course.parameters, settings, record)


def _shape(material: Material, budget: Budget) -> NetworkShape:
    return NetworkShape(
        material.inputs.shape[1],
        budget.width,
        material.n_outputs,
        budget.n_blocks,
        budget.n_members,
    )


def _lesson(
    material: Material, budget: Budget, device: torch.device | None
) -> NetworkRows | PopulationRows:
    even = bool((material.weight == 1.0).all())
    is_class = material.loss.kind == "cross_entropy"
    if device is None:
        return NetworkRows(
            inputs=np.asarray(material.inputs, dtype=np.float32),
            target=np.asarray(material.target, dtype=np.int64 if is_class else np.float32),
            weight=None if even else np.asarray(material.weight, dtype=np.float32),
            loss=material.loss.kind,
            judge=material.judge.kind,
            batch_rows=budget.batch_rows,
            longest=LONGEST_GRADIENT,
        )
    import torch

    from rung.nets.tables.population import PopulationRows

    torch.set_num_threads(1)
    single, kind = torch.float32, torch.int64 if is_class else torch.float32
    return PopulationRows(
        inputs=torch.tensor(material.inputs, dtype=single, device=device),
        target=torch.tensor(material.target, dtype=kind, device=device),
        weight=None if even else torch.tensor(material.weight, dtype=single, device=device),
        loss=material.loss,
        judge=material.judge,
        batch_rows=budget.batch_rows,
        longest=LONGEST_GRADIENT,
    )


def _plan(material: Material, settings: Settings) -> Settings:
    return {
        "rows": material.rows,
        "learning_rate": settings["learning_rate"],
        "weight_decay": settings["weight_decay"],
        "dropout": settings["dropout"],
        "orthogonal": int(settings["muon"]),
        "scale": np.where(material.is_piece, settings["pieces"], 1.0)
        * np.where(material.is_turned, settings["turned"], 1.0),
    }


def _rounded(curve: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in curve]
