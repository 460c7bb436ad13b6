"""Count wrong claims where rows come in groups: `python -m benchmarks.verdict.grouped`.

Each group has slopes and a level of its own, so that rows of one group say the same about what
holds for others. The truth is the mean risk of the fold models on rows of new groups.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.verdict.cells import judge
from benchmarks.verdict.ladder import STEPS, fit_all
from benchmarks.verdict.worlds import N_FEATURES, SLOPES, Array, student
from rung.core import losses as losses_module
from rung.core.folds import partition_folds
from rung.core.losses import unit_losses
from rung.core.out_of_fold import OutOfFold
from rung.core.verdict import decide

N_TEST = 1_500
ROWS_OF_A_GROUP = 30
N_GROUPS = (2, 3, 4, 5, 6, 8, 10, 15, 20, 40)
RESULTS = Path(__file__).with_name("results_groups.json")


@dataclass(frozen=True)
class GroupedWorld:
    """Say how groups differ.

    Attributes
    ----------
    title : str
        What is hard about it.
    shared : float
        Share of the common slopes (`SLOPES`) that every group has.
    slope, level : float
        Standard deviation of a group's own slopes and of its own level.
    freedom : float
        Degrees of freedom of Student's t from which they come; infinite for normal ones.
    uneven : bool
        Whether sizes of groups differ (log-normal), else all are equal.
    """

    title: str
    shared: float
    slope: float
    level: float = 0.0
    freedom: float = np.inf
    uneven: bool = False


WORLDS: Mapping[str, GroupedWorld] = {
    "own slopes": GroupedWorld("nothing in common, slopes of groups", 0.0, 0.5),
    "heavy slopes": GroupedWorld("the same with heavy tails", 0.0, 0.5, freedom=3),
    "heavy, one column": GroupedWorld("slopes of one column, heavier tails", 0.0, 0.5, freedom=2.5),
    "heavy, some shared": GroupedWorld(
        "a weak common slope beside heavy ones", 0.4, 0.4, freedom=3
    ),
    "levels": GroupedWorld("common slopes, heavy levels", 1.0, 0.1, 1.0, freedom=3),
    "strong, heavy": GroupedWorld("a strong common slope beside heavy ones", 3.0, 1.0, freedom=2.2),
    "uneven": GroupedWorld("heavy slopes, uneven sizes", 0.0, 0.5, 0.3, freedom=3, uneven=True),
}


def draw_groups(world: GroupedWorld, n_groups: int, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return features, targets and groups of a table."""
    sizes = np.full(n_groups, ROWS_OF_A_GROUP)
    if world.uneven:
        sizes = np.maximum(ROWS_OF_A_GROUP * rng.lognormal(0.0, 0.8, n_groups), 5).astype(int)
    group = np.repeat(np.arange(n_groups), sizes)
    X = rng.normal(size=(len(group), N_FEATURES))
    slopes = world.slope * student((n_groups, N_FEATURES), world.freedom, rng)
    if world.title.startswith("slopes of one column"):
        slopes[:, 1:] = 0.0
    level = world.level * student((n_groups,), world.freedom, rng)
    mean = world.shared * SLOPES
    y = (X * (mean + slopes[group])).sum(axis=1) + level[group] + rng.normal(size=len(group))
    return X, y, group


def out_of_fold(
    world: GroupedWorld, n_groups: int, rng: np.random.Generator
) -> tuple[OutOfFold, Array]:
    """Cross-fit the ladder with whole groups held out; return the true risks too."""
    X, y, group = draw_groups(world, n_groups, rng)
    n_folds = min(n_groups, 10)
    splits = partition_folds(rng.permutation(n_groups)[group] % n_folds).splits
    X_test = rng.normal(size=(N_TEST, N_FEATURES))
    truth = X_test @ (world.shared * SLOPES)
    spread = 1.0 + world.level**2 + N_FEATURES * world.slope**2
    predictions: dict[str, list[Array]] = {name: [] for name in STEPS}
    risks = np.zeros((n_folds, len(STEPS)))
    for fold, split in enumerate(splits):
        models = fit_all(X[split.train], y[split.train], is_binary=False)
        for column, name in enumerate(STEPS):
            predictions[name].append(models[name](X[split.test])[:, None])
            risks[fold, column] = ((truth - models[name](X_test)) ** 2).mean() + spread
    made = {name: tuple(parts) for name, parts in predictions.items()}
    return OutOfFold("regression", y, splits, made, unit=group), risks.mean(axis=0)


def run_cell(world: str, n_groups: int, repeats: int, seed: int) -> dict[str, float]:
    """Return the shares of wrong claims, of undecided tables and of gain lost."""
    found = []
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, list(WORLDS).index(world), n_groups, repeat])
        oof, risks = out_of_fold(WORLDS[world], n_groups, rng)
        decision = decide(unit_losses(oof, "squared_error"), steps=STEPS, metric="mse")
        chosen = list(STEPS).index(decision.choice.family)
        found.append(judge(chosen, risks, is_claim=decision.choice.is_claim))
    return {key: round(float(np.mean([one[key] for one in found])), 4) for key in found[0]}


def main() -> None:
    """Run all cells and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--groups", type=int, nargs="+", default=N_GROUPS)
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS))
    parser.add_argument("--fewest", type=int, default=losses_module.FEWEST_GROUPS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    losses_module.FEWEST_GROUPS = asked.fewest
    cells = []
    for n_groups in asked.groups:
        for world in asked.worlds:
            figures = run_cell(world, n_groups, asked.repeats, asked.seed)
            cells.append({"world": world, "n_groups": n_groups, **figures})
            print(cells[-1], flush=True)
    record = {"repeats": asked.repeats, "fewest": asked.fewest, "cells": cells}
    asked.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
