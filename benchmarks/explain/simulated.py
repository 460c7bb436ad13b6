"""Explain simulated tables of which the truth is known: what is useless, paired or copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from rung.compute.context import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Problem
from rung.core.folds import Folds, partition_folds
from rung.explain.held_out import HeldOut, difference
from rung.explain.importance import columns_alike, importance
from rung.families.table.additive import additive_family
from rung.families.table.linear import FAMILY as LINEAR
from rung.families.table.tree import FAMILY as TREE

N_ROWS, N_FOLDS, PAIR_ROWS = 80, 5, 400


def problem_of(frame: pl.DataFrame, seed: int) -> tuple[Problem, Folds]:
    """Return a table of numbers with target `y` as a problem, and its folds."""
    names = [name for name in frame.columns if name != "y"]
    columns = tuple(Column(name, "number") for name in names)
    design = Dataset(columns, {name: frame[name].to_numpy() for name in names}, len(frame))
    folds = partition_folds(np.random.default_rng(seed).permutation(len(frame)) % N_FOLDS)
    return Problem("regression", design, frame["y"].to_numpy()), folds


def held_of(family: Family, problem: Problem, folds: Folds, seed: int) -> HeldOut:
    """Return the models of the folds with the rows that they have not seen."""
    with np.errstate(all="ignore"):
        fitted = family.cross_fit(problem, folds, RunContext(seed, problem))
    unit = np.arange(len(problem.y))
    return HeldOut(
        family.name, family.title, problem, folds.splits, fitted.models, unit, "rmse", seed=seed
    )


def tables(n: int, n_rows: int) -> Iterator[tuple[int, np.random.Generator, np.ndarray]]:
    """Yield a seed, its generator and three columns."""
    for seed in range(n):
        rng = np.random.default_rng((seed, n_rows))
        yield seed, rng, rng.normal(size=(3, n_rows))


def useless_column(n: int, family: Family) -> dict[str, Any]:
    """Count how often the interval of a column of noise covers 0, and what it is judged."""
    covered, said = 0, []
    for seed, _, (x, noise, error) in tables(n, N_ROWS):
        problem, folds = problem_of(pl.DataFrame({"x": x, "noise": noise, "y": x + error}), seed)
        found = importance(held_of(family, problem, folds, seed))
        (own,) = (one for one in found.columns if one.columns == ("noise",))
        covered += own.loss.low <= 0 <= own.loss.high
        said.append(own.verdict)
    return _counts(f"noise shuffled, {family.name}", n, covered=covered, said=said)


def useless_left_out(n: int, family: Family) -> dict[str, Any]:
    """Count how often the interval of what is lost without a column of noise covers 0, or less."""
    covered, said = 0, []
    for seed, _, (x, noise, error) in tables(n, N_ROWS):
        frame = pl.DataFrame({"x": x, "noise": noise, "y": x + error})
        problem, folds = problem_of(frame, seed)
        less, _ = problem_of(frame.drop("noise"), seed)
        held = held_of(family, problem, folds, seed)
        fits = [
            family.cross_fit(one, folds, RunContext(seed, one)).predictions
            for one in (problem, less)
        ]
        losses = held.losses({"whole": [fits[0]], "without": [fits[1]]})
        rise = difference(losses, 1, 0)
        covered += rise.low <= 0
        said.append("matters" if rise.low > 0 else "undecided")
    return _counts(f"noise left out, {family.name}", n, covered=covered, said=said)


def planted_pair(n: int) -> dict[str, Any]:
    """Count how often the one pair of four columns that is in the target is the one looked at."""
    found = 0
    for seed, rng, (x, z, error) in tables(n, PAIR_ROWS):
        others = rng.normal(size=(2, PAIR_ROWS))
        frame = pl.DataFrame(
            {"a": others[0], "x": x, "b": others[1], "z": z, "y": x + x * z + error}
        )
        problem, folds = problem_of(frame, seed)
        with np.errstate(all="ignore"):
            fitted = additive_family(pairs=1).cross_fit(problem, folds, RunContext(seed, problem))
        found += all(one["pairs"] == [["x", "z"]] for one in fitted.settings)
    return {"what": "a planted pair is found in every fold", "tables": n, "found": found}


def copied_column(n: int) -> dict[str, Any]:
    """Count how often a column and its copy, in another unit and a little off, are named together."""
    found = 0
    for seed, rng, (x, z, error) in tables(n, N_ROWS):
        copy = 273.15 - 1.8 * x + 0.05 * rng.normal(size=N_ROWS)
        frame = pl.DataFrame({"x": x, "z": z, "copy": copy, "y": x + z + error})
        problem, _ = problem_of(frame, seed)
        design: Any = problem.design
        groups = columns_alike(design, design.features)
        found += groups == (("x", "copy"), ("z",))
    return {"what": "a copied column is named, and it alone", "tables": n, "found": found}


def _counts(what: str, n: int, *, covered: int, said: list[str]) -> dict[str, Any]:
    verdicts = {word: said.count(word) for word in sorted(set(said))}
    return {"what": what, "tables": n, "covered": covered, "verdicts": verdicts}


def simulate(n: int) -> list[dict[str, Any]]:
    """Return what was found in so many tables, a fifth of them where more is trained."""
    return [
        useless_column(n, LINEAR),
        useless_column(n, TREE),
        useless_left_out(n, LINEAR),
        planted_pair(n // 5),
        copied_column(n),
    ]
