"""State each law of a family as a function that raises `AssertionError` with one sentence."""

from __future__ import annotations

import json
import random
import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from rung.compute import RunContext, call_held
from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds
from rung.errors import NotApplicable, RungError
from rung.testing.problems import replace_rows, strange_rows
from rung.typing import Array

PROBES = 3
SUM_TOLERANCE = 1e-9


def require(claim: object, family: Family, sentence: str) -> None:
    """Raise with the family's name and a sentence if a claim is false."""
    if not claim:
        raise AssertionError(f"family {family.name!r} {sentence}")


def run(family: Family, problem: Problem, folds: Folds, *, threads: int = 1) -> CrossFit:
    """Cross-fit as a run of `rung` does; every warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        context = RunContext(seed=0, problem=problem, threads=threads)
        return call_held(lambda: family.cross_fit(problem, folds, context))


def check_declaration(family: Family) -> None:
    """Check that a family says who it is and where its method comes from."""
    name = family.name
    require(name.isidentifier() and name == name.lower(), family, "needs a plain lower-case name")
    require(family.title and family.step >= 0, family, "needs a title and a step of at least 0")
    require(family.tasks, family, "declares no task")
    require(all(family.sources) and family.sources, family, "names no source of its method")
    require(family.final in ("refit", "average"), family, f"has final={family.final!r}")
    require(family.state_version >= 1, family, "needs a state_version of at least 1")


def check_shapes(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check that predictions are finite, one row for each held-out row; probabilities sum to one."""
    n_splits = len(folds.splits)
    require(
        len(fitted.predictions) == n_splits == len(fitted.settings),
        family,
        f"hands back {len(fitted.predictions)} predictions and {len(fitted.settings)} settings "
        f"for {n_splits} splits",
    )
    for index, (split, outputs) in enumerate(zip(folds.splits, fitted.predictions, strict=True)):
        where = f"in split {index}"
        check_outputs(family, problem, outputs, n_rows=len(split.test), where=where)
    for settings in fitted.settings:
        canonical(family, settings)
    if fitted.paired:
        _check_pairs(family, problem, folds, fitted)


def _check_pairs(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check what is said of choosing splits, where anything is: one sound row for each of theirs."""
    choosing = choosing_splits(folds)
    require(len(fitted.paired) == len(choosing), family, "has not one array of pairs a split")
    for index, (own, outputs) in enumerate(zip(choosing, fitted.paired, strict=True)):
        wanted = len(own[0].test) if own and len(outputs) else 0
        where = f"of the choosing split of split {index}"
        check_outputs(family, problem, outputs, n_rows=wanted, where=where)


def check_outputs(
    family: Family, problem: Problem, outputs: Array, *, n_rows: int, where: str
) -> None:
    """Check that one matrix of predictions is as the task asks."""
    wanted = (n_rows, problem.n_outputs)
    shape = np.shape(outputs)
    require(shape == wanted, family, f"predicts shape {shape} {where}; {wanted} is wanted")
    require(outputs.dtype == np.float64, family, f"predicts {outputs.dtype} {where}, not float64")
    require(np.isfinite(outputs).all(), family, f"predicts a value that is not finite {where}")
    if problem.task != "regression":
        low, high = outputs.min(initial=0.0), outputs.max(initial=1.0)
        require(low >= 0 and high <= 1, family, f"predicts {low:g} to {high:g} {where}, not in 0-1")
        worst = np.abs(outputs.sum(axis=1) - 1).max(initial=0.0)
        require(
            worst <= SUM_TOLERANCE, family, f"has probabilities that miss 1 by {worst:.2g} {where}"
        )


def check_held_out_rows(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check that a fold's model and settings do not know its held-out rows, to the bit.

    A few held-out rows keep their features, so the model can be watched through them; all
    other cells of the fold, and its whole target, are replaced.
    """
    for index, split in enumerate(folds.splits):
        generator = np.random.default_rng((7, index))
        probes = np.sort(generator.choice(split.test, min(PROBES, len(split.test)), replace=False))
        changed = replace_rows(problem, split.test, keep=probes, generator=generator)
        again = run(family, changed, folds)
        watched = np.searchsorted(split.test, probes)
        require(
            canonical(family, again.settings[index]) == canonical(family, fitted.settings[index]),
            family,
            f"chooses other settings for split {index} of {folds.kind} folds when its held-out "
            f"rows change: {fitted.settings[index]} became {again.settings[index]}",
        )
        require(
            same_bits(again.predictions[index][watched], fitted.predictions[index][watched]),
            family,
            f"learns from held-out rows: the model of split {index} of {folds.kind} folds "
            "predicts otherwise when only its held-out rows change",
        )
        require(
            not fitted.paired or same_bits(again.paired[index], fitted.paired[index]),
            family,
            f"learns from held-out rows: what is said of the choosing split of split {index} of "
            f"{folds.kind} folds changes with its held-out rows",
        )


def check_workers(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check that one, two and four workers give the same bits."""
    for threads in (2, 4):
        again = run(family, problem, folds, threads=threads)
        difference = first_difference(family, fitted, again)
        require(
            not difference, family, f"gives other {difference} with {threads} workers than with 1"
        )


def check_randomness(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check that random numbers come from the context, and the global state stays untouched."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002 it is watched
    try:
        np.random.seed(12_345)  # noqa: NPY002 the same
        random.seed(12_345)
        before = _global_state()
        again = run(family, problem, folds)
        moved = _global_state() != before
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002 the same
        random.setstate(python_state)
    difference = first_difference(family, fitted, again)
    require(
        not difference, family, f"gives other {difference} when the global seed or the run changes"
    )
    require(not moved, family, "draws from the global random state; use context.rng")


def check_weights(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> None:
    """Check that other weights change predictions exactly where the family says so."""
    design = problem.design
    if not isinstance(design, Dataset) or design.weight is None:
        return
    name = next(column.name for column in design.columns if column.role == "weight")
    turned = Dataset(
        design.columns, {**design.values, name: design.weight[::-1] ** 3}, design.n_rows
    )
    changed = replace(problem, design=turned)
    again = run(family, changed, folds)
    same = all(map(same_bits, fitted.predictions, again.predictions))
    if family.weights:
        require(not same, family, "says that it honours weights, and predicts the same with others")
    else:
        require(same, family, "says that it ignores weights, and predicts otherwise with others")


def check_prediction(family: Family, problem: Problem, fitted: CrossFit) -> None:
    """Check that the final model predicts strange rows, no rows, and rows in any order."""
    model, design = fitted.model, problem.design
    assert isinstance(design, Dataset)
    if family.form is not None:
        said = f"declares {family.form.__name__}, and its model has not that form"
        require(isinstance(model, family.form), family, said)
    strange = strange_rows(design)
    outputs = _quietly(family, model.predict, strange)
    where = "for unseen and missing cells"
    check_outputs(family, problem, outputs, n_rows=strange.n_rows, where=where)
    none = _quietly(family, model.predict, design, np.arange(0))
    check_outputs(family, problem, none, n_rows=0, where="for no rows")
    rows = np.random.default_rng(3).permutation(design.n_rows)[: design.n_rows // 2]
    whole, part = model.predict(design), model.predict(design, rows)
    # Matrix products may round differently for another number of rows: not to the bit.
    require(
        np.allclose(whole[rows], part, rtol=1e-9, atol=1e-9),
        family,
        "predicts a row otherwise when other rows stand beside it",
    )


def check_edge(family: Family, problem: Problem, folds: Folds, title: str) -> CrossFit | None:
    """Check that a hard problem ends in finite predictions or in a named refusal."""
    try:
        fitted = run(family, problem, folds)
        check_shapes(family, problem, folds, fitted)
        check_prediction(family, problem, fitted)
    except RungError as refusal:
        require(refusal.message, family, f"refuses {title} without a reason")
        return None
    except AssertionError as error:
        raise AssertionError(f"{error} (problem: {title})") from error
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(
            f"family {family.name!r} raises {kind} on {title}: {error}; a result or NotApplicable "
            "is wanted"
        ) from error
    return fitted


def fit_standard(family: Family, problem: Problem, folds: Folds) -> CrossFit:
    """Cross-fit the standard problem of a declared task: a refusal is a broken promise."""
    try:
        return run(family, problem, folds)
    except NotApplicable as refusal:
        raise AssertionError(
            f"family {family.name!r} declares the task {problem.task!r} and refuses an ordinary "
            f"problem: {refusal}"
        ) from refusal
    except Exception as error:
        raise AssertionError(
            f"family {family.name!r} raises {type(error).__name__} on an ordinary {problem.task} "
            f"problem: {error}"
        ) from error


def first_difference(family: Family, one: CrossFit, other: CrossFit) -> str:
    """Name what differs between two results in any bit; an empty string for nothing."""
    if not all(map(same_bits, one.predictions, other.predictions)):
        return "predictions"
    if len(one.paired) != len(other.paired) or not all(map(same_bits, one.paired, other.paired)):
        return "predictions of choosing splits"
    if canonical(family, one.settings) != canonical(family, other.settings):
        return "settings"
    first, second = one.model.to_state(), other.model.to_state()
    if canonical(family, first.spec) != canonical(family, second.spec):
        return "model settings"
    if {k: list(v) for k, v in first.strings.items()} != {
        k: list(v) for k, v in second.strings.items()
    }:
        return "model strings"
    if first.arrays.keys() != second.arrays.keys() or not all(
        same_bits(first.arrays[name], second.arrays[name]) for name in first.arrays
    ):
        return "model arrays"
    return "" if one.notes == other.notes else "notes"


def same_bits(one: Array, other: Array) -> bool:
    """Tell whether two arrays agree in shape, type and every bit."""
    first, second = np.asarray(one), np.asarray(other)
    if first.shape != second.shape or first.dtype != second.dtype:
        return False
    return first.tobytes() == second.tobytes()


def canonical(family: Family, settings: Any) -> str:
    """Write settings as JSON with shortest round-trip floats: equal text is equal bits."""

    def plain(value: Any) -> Any:
        return dict(value) if hasattr(value, "keys") else value.item()

    try:
        return json.dumps(settings, sort_keys=True, allow_nan=False, default=plain)
    except (TypeError, ValueError, AttributeError) as error:
        raise AssertionError(
            f"family {family.name!r} has settings that JSON cannot hold: {settings!r} ({error})"
        ) from error


def _global_state() -> tuple[Any, ...]:
    _, words, position, *rest = np.random.get_state()  # noqa: NPY002 it is watched
    return (np.asarray(words).tobytes(), position, *rest, random.getstate())


def _quietly(family: Family, predict: Any, *arguments: Any) -> Array:
    """Predict; a warning or a crash is a broken promise, whatever the rows hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.asarray(predict(*arguments))
        except Exception as error:
            raise AssertionError(
                f"family {family.name!r} raises {type(error).__name__} when it predicts rows that "
                f"training did not hold: {error}"
            ) from error
