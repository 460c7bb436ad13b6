"""State as a law that units and origins of numbers leave no trace in predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem
from rung.testing.laws import require, run, same_bits
from rung.testing.problems import example_folds, example_problem, with_values
from rung.typing import Array, Task

# Each number of a table gets another of these; a target of values the power of two, by which no
# digit is lost.
FACTORS, TARGET_FACTOR = (1e-30, 1e30, 7e-19, 1 / 3), 2.0**-100
# An origin is so many spreads away; nine of sixteen digits are then lost.
FAR = 1e9
# How far a prediction may move, in spreads of the target (classes: as a probability), where the
# digits of other units are rounded otherwise, and where most digits are lost to an origin.
ROUNDING, ROUNDING_FAR = 1e-9, 1e-4
N_ROWS, N_FOLDS = 60, 3


def check_units(family: Family, task: Task) -> None:
    """Check that predictions know neither unit nor origin of numbers, nor of a target of values.

    Each number is multiplied by a factor of its own, from 1e-30 to 1e30, and the target by a tiny
    one; then numbers, and the target, are shifted by 1e9 times their spreads, and compared with
    what is left of them after shifting back. Predictions are the same in the target's unit, up to
    rounding; to the bit in a family that says it compares numbers and nothing else. (A mirrored
    column is no unit: what lies half-way between two values goes with the lower.)
    """
    problem, folds = example_problem(task, n_rows=N_ROWS), example_folds(N_ROWS, n_folds=N_FOLDS)
    unit = 1.0 if problem.classes else TARGET_FACTOR
    scaled = _each_number(problem, lambda values, place: values * FACTORS[place % len(FACTORS)])
    scaled = scaled if problem.classes else replace(scaled, y=problem.y * unit)
    _require_same(
        family,
        (run(family, problem, folds), run(family, scaled, folds)),
        "the unit of numbers or target",
        unit=unit,
    )
    pair = [run(family, _each_number(problem, move), folds) for move in (_and_back, _away)]
    _require_same(family, pair, "the origin of numbers", bound=ROUNDING_FAR)
    if not problem.classes:
        targets = _and_back(problem.y), _away(problem.y)
        pair = [run(family, replace(problem, y=y), folds) for y in targets]
        offset = FAR * _spread(problem.y)
        _require_same(family, pair, "the origin of the target", offset=offset, bound=ROUNDING_FAR)


def _require_same(
    family: Family,
    pair: Sequence[CrossFit],
    what: str,
    *,
    unit: float = 1.0,
    offset: float = 0.0,
    bound: float = ROUNDING,
) -> None:
    """Compare predictions before a change with those after it, brought back to the old unit."""
    before, after = (np.concatenate(fitted.predictions) for fitted in pair)
    after = (after - offset) / unit
    if family.order_only and not offset:
        require(
            same_bits(before, after),
            family,
            f"says that it compares numbers and nothing else, and predicts otherwise with {what}",
        )
    spread = 1.0 if before.shape[1] > 1 else max(float(before.std()), np.finfo(float).tiny)
    apart = float(np.abs(after - before).max()) / spread
    require(
        apart <= bound,
        family,
        f"predicts otherwise with {what}: by {apart:.1e} of the spread, {bound} is accepted",
    )


def _each_number(problem: Problem, change: Callable[[Array, int], Array]) -> Problem:
    """Return the problem with each feature that is a number changed; the second is its place."""
    design = problem.design
    assert isinstance(design, Dataset)
    names = [column.name for column in design.features if column.kind == "number"]
    changed = {name: change(design.values[name], place) for place, name in enumerate(names)}
    return with_values(problem, **changed)


def _away(values: Array, _: int = 0) -> Array:
    return np.asarray(values + FAR * _spread(values))


def _and_back(values: Array, _: int = 0) -> Array:
    return np.asarray(_away(values) - FAR * _spread(values))


def _spread(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(known)) if len(known) else 0.0
