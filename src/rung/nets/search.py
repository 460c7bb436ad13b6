"""Choose settings and passes by successive halving inside one population, then learn from all.

Source
------
Jamieson & Talwalkar (2016), Non-stochastic best arm identification, AISTATS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from rung.core.folds import Split
from rung.nets.budget import Budget
from rung.nets.health import measure_health
from rung.nets.layers import Shape
from rung.nets.losses import Loss
from rung.nets.population import Course, Lesson, Plan, Population
from rung.nets.range_test import range_test
from rung.typing import Array, Settings

LONGEST_GRADIENT = 10.0
Generators = Callable[..., np.random.Generator]


@dataclass(frozen=True)
class Material:
    """Hold the training rows of one fold, encoded.

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
    inner : tuple of Split
        Places of rows to learn from and to be judged on; may be empty.
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
    inner: tuple[Split, ...]
    n_outputs: int
    loss: Loss
    judge: Loss


@dataclass(frozen=True)
class Trained:
    """What one fold's training gave.

    Attributes
    ----------
    parameters : dict of str to ndarray
        Of the final network, float32.
    settings : mapping
        What was chosen, JSON-ready.
    record : mapping
        Curves and health, JSON-ready.
    """

    parameters: dict[str, Array]
    settings: Settings
    record: Settings = field(default_factory=dict)


def train(
    material: Material, budget: Budget, generators: Generators, device: torch.device
) -> Trained:
    """Choose on inner splits, then train one network on all rows.

    Parameters
    ----------
    material : Material
        Rows of one fold.
    budget : Budget
        How much to spend.
    generators : callable
        Gives a generator for each key.
    device : torch.device
        Where to train.
    """
    torch.set_num_threads(1)
    shape = Shape(
        material.inputs.shape[1],
        budget.width,
        material.n_outputs,
        budget.n_blocks,
        budget.n_members,
    )
    lesson = _lesson(material, budget, device)
    chosen, passes, courses = _choose(material, budget, shape, (lesson, generators))
    plan = _plan(material, budget, chosen, Split(np.arange(len(material.target)), _NOTHING))
    # Laid out for these passes alone, so that rates have fallen when it ends.
    final = Plan(**{**plan, "epochs": passes}, generator=generators("final"))
    population = Population(shape, [final], lesson)
    population.run()
    course = population.courses[0]
    record = {
        "inner_loss": _mean_curve([each.train_loss for each in courses]),
        "inner_held_loss": _mean_curve([each.watched_loss for each in courses]),
        "final_loss": _mean_curve([course.train_loss]),
        "step_size": _mean_curve([course.step_size]),
        **measure_health(course.parameters, lesson.inputs),
    }
    if courses:
        rows, generator = np.arange(len(material.target)), generators("range")
        record["range_test"] = range_test(shape, lesson, rows, generator)
    settings = {
        **budget.candidates[chosen],
        "epochs": passes,
        "of_epochs": budget.epochs_of(chosen),
    }
    del settings["part"]
    return Trained(course.parameters, settings, record)


_NOTHING = np.zeros(0, dtype=np.int64)


def _lesson(material: Material, budget: Budget, device: torch.device) -> Lesson:
    kind = torch.int64 if material.loss.kind == "cross_entropy" else torch.float32
    even = bool((material.weight == 1.0).all())
    return Lesson(
        inputs=torch.tensor(material.inputs, dtype=torch.float32, device=device),
        target=torch.tensor(material.target, dtype=kind, device=device),
        weight=None if even else torch.tensor(material.weight, dtype=torch.float32, device=device),
        loss=material.loss,
        judge=material.judge,
        batch_rows=budget.batch_rows,
        longest=LONGEST_GRADIENT,
    )


def _plan(material: Material, budget: Budget, candidate: int, split: Split) -> Settings:
    found = budget.candidates[candidate]
    return {
        "rows": split.train,
        "watched": split.test,
        "learning_rate": found["learning_rate"],
        "weight_decay": found["weight_decay"],
        "dropout": found["dropout"],
        "orthogonal": bool(found["muon"]),
        "scale": np.where(material.is_piece, found["pieces"], 1.0)
        * np.where(material.is_turned, found["turned"], 1.0),
        "epochs": budget.epochs_of(candidate),
    }


def _choose(
    material: Material, budget: Budget, shape: Shape, means: tuple[Lesson, Generators]
) -> tuple[int, int, list[Course]]:
    """Return the best candidate, its best number of passes, and its courses."""
    lesson, generators = means
    inner = [
        split
        for split in material.inner[: budget.n_inner]
        if len(split.train) >= budget.batch_rows and len(split.test)
    ]
    if not inner:
        return 0, budget.epochs_of(0), []
    plans = [
        Plan(**_plan(material, budget, number, split), generator=generators(number, place))
        for number in range(len(budget.candidates))
        for place, split in enumerate(inner)
    ]
    population = Population(shape, plans, lesson)
    courses = [
        population.courses[number * len(inner) : (number + 1) * len(inner)]
        for number in range(len(budget.candidates))
    ]
    standing = set(range(len(courses)))
    for until, rivals in heats([budget.epochs_of(number) for number in standing]):
        population.run(until)
        ranked = sorted(rivals, key=lambda number: (_lowest(courses[number], until), number))
        gone = ranked[(len(ranked) + 1) // 2 :]
        population.stop([n * len(inner) + i for n in gone for i in range(len(inner))])
        standing -= set(gone)
    population.run()
    best = min(standing, key=lambda number: (_lowest(courses[number], budget.epochs), number))
    curve = _curve(courses[best])
    passes = int(curve.argmin()) + 1 if len(curve) else budget.epochs_of(best)
    return best, passes, list(courses[best])


def heats(epochs: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Return after which passes which candidates meet, of whom the better half goes on.

    Those meet whose schedules are the same, when half of it is done: rates of another schedule
    stand elsewhere by then, and earlier, while rates are high, the order says little.

    Parameters
    ----------
    epochs : sequence of int
        Passes that each candidate takes.

    Examples
    --------
    >>> heats([8, 8, 8, 2, 32]), heats([8, 8, 3, 3])
    ([(4, [0, 1, 2])], [(1, [2, 3]), (4, [0, 1])])
    """
    same: dict[int, list[int]] = {}
    for number, passes in enumerate(epochs):
        same.setdefault(passes, []).append(number)
    return sorted(
        (passes // 2, rivals) for passes, rivals in same.items() if passes > 1 and len(rivals) > 1
    )


def _curve(courses: Sequence[Course], until: int | None = None) -> Array:
    """Return the mean watched loss after each pass that all courses did.

    Each is the mean with its neighbours, as the lowest of many single ones is low by luck.
    """
    done = min(len(course.watched_loss[:until]) for course in courses)
    if not done:
        return np.zeros(0)
    mean = np.mean([course.watched_loss[:done] for course in courses], axis=0)
    padded = np.concatenate([mean[:1], mean, mean[-1:]])
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3.0)


def _lowest(courses: Sequence[Course], until: int) -> float:
    curve = _curve(courses, until)
    return float(curve.min()) if len(curve) and np.isfinite(curve).all() else float("inf")


def _mean_curve(curves: Sequence[Sequence[float]]) -> list[float]:
    done = min((len(curve) for curve in curves), default=0)
    mean = np.mean([curve[:done] for curve in curves], axis=0) if done else []
    return [float(f"{value:.6g}") for value in mean]
