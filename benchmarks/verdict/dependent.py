"""Count how often intervals hold where rows depend: `python -m benchmarks.verdict.dependent`.

Features and errors are alike in groups (random effects), at near times (autoregression) or at near
places (Gaussian fields). Folds and units respect it, as `--groups`, `--time` and `--space` do; beside
them stand random folds with rows as units. The truth is the mean risk of the fold models elsewhere:
for new groups, far times, other places.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from scipy import stats

from benchmarks.verdict.cells import judge
from benchmarks.verdict.ladder import _constant, _one_feature, _polynomial, _ridge
from benchmarks.verdict.worlds import SLOPES, Array
from rung.core.block_size import (
    MOST_ROWS,
    cheap_residuals,
    count_stretches,
    find_block_size,
)
from rung.core.blocks import BlockGrid
from rung.core.compare import difference_contrast, standard_errors
from rung.core.folds import Folds, deal, default_n_folds, partition_folds
from rung.core.losses import FEWEST_GROUPS, unit_losses
from rung.core.out_of_fold import OutOfFold
from rung.core.stretches import WANTED_STRETCHES, cut_stretches, divide_time
from rung.core.verdict import decide

N_FEATURES = len(SLOPES)
STEPS = {"constant": 0, "one_feature": 10, "linear": 20, "polynomial": 30}
PAIRS = ((0, 2), (1, 2), (2, 3))
N_TEST = 2_000
ROWS_OF_A_GROUP = 30
RESULTS = Path(__file__).with_name("results_dependent.json")
HEAD = "| world | likeness | size | units | differences | scores | wrong claims | by rows: differences | scores | wrong claims |"


@dataclass(frozen=True)
class Table:
    """Rows of a world with the folds and units that respect what is alike."""

    X: Array
    y: Array
    folds: Folds
    unit: Array
    is_ordered: bool = False


def draw_groups(n_groups: int, likeness: float, rng: np.random.Generator) -> Table:
    """Draw groups that share `likeness` of the variance of every feature and of the errors."""
    group = np.repeat(np.arange(n_groups), ROWS_OF_A_GROUP)
    shared = rng.normal(size=(n_groups, N_FEATURES + 1))[group]
    own = rng.normal(size=(len(group), N_FEATURES + 1))
    X, y = _table(math.sqrt(likeness) * shared + math.sqrt(1 - likeness) * own)
    fold = rng.permutation(n_groups)[group] % min(n_groups, default_n_folds(n_groups))
    return Table(X, y, partition_folds(fold, units=group), group)


def draw_times(n_rows: int, likeness: float, rng: np.random.Generator) -> Table:
    """Draw rows in time whose features and errors are autoregressions with this correlation."""
    noise = rng.normal(size=(n_rows, N_FEATURES + 1))
    series = np.empty_like(noise)
    series[0] = noise[0]
    for i in range(1, n_rows):
        series[i] = likeness * series[i - 1] + math.sqrt(1 - likeness**2) * noise[i]
    X, y = _table(series)
    folds = divide_time(np.arange(n_rows), default_n_folds(n_rows))
    sample = (
        np.arange(n_rows) if n_rows <= MOST_ROWS else np.sort(rng.choice(n_rows, MOST_ROWS, False))
    )
    wanted = count_stretches(sample, cheap_residuals(X[sample], y[sample, None]))
    unit = cut_stretches(np.arange(n_rows), [folds.scored], min(wanted, WANTED_STRETCHES))
    return Table(X, y, folds, unit, is_ordered=True)


def draw_places(n_rows: int, reach: float, rng: np.random.Generator) -> Table:
    """Draw rows on a square whose features and errors are Gaussian fields with this range."""
    place = rng.random((n_rows, 2))
    distance = np.sqrt(((place[:, None] - place) ** 2).sum(axis=2))
    root = np.linalg.cholesky(np.exp(-3 * distance / reach) + 1e-8 * np.eye(n_rows))
    X, y = _table(root @ rng.normal(size=(n_rows, N_FEATURES + 1)))
    sample = np.arange(min(n_rows, MOST_ROWS))
    residuals = cheap_residuals(X[sample], y[sample, None])
    found = find_block_size(*place.T, residuals, is_sphere=False, sample=sample)
    keys = BlockGrid(False, found.size).keys(*place.T)
    distinct, block = np.unique(np.array(keys), return_inverse=True)
    sizes = np.bincount(block)
    n_folds = min(default_n_folds(len(sizes)), len(sizes))
    seed = int(rng.integers(2**31))
    dealt = deal(distinct.tolist(), np.zeros(len(sizes), int), sizes, n_folds=n_folds, seed=seed)
    return Table(X, y, partition_folds(dealt[block], kind="space", units=block), block)


def _table(fields: Array) -> tuple[Array, Array]:
    X = fields[:, :-1]
    return X, X @ SLOPES + fields[:, -1]


DRAWS: Mapping[str, Callable[[int, float, np.random.Generator], Table]] = {
    "random effects": draw_groups,
    "autoregression": draw_times,
    "Gaussian field": draw_places,
}
CELLS: Mapping[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "random effects": ((3, 5, 10, 20, 50, 100), (0.2, 0.6)),
    "autoregression": ((200, 600, 2_000), (0.0, 0.5, 0.9, 0.97)),
    "Gaussian field": ((400, 1_200), (0.05, 0.1, 0.2, 0.4)),
}


def out_of_fold(
    table: Table, folds: Folds, unit: Array, test: tuple[Array, Array]
) -> tuple[OutOfFold, Array]:
    """Cross-fit four cheap models; return the true risks too."""
    made: dict[str, list[Array]] = {name: [] for name in STEPS}
    risks = np.zeros((len(folds.splits), len(STEPS)))
    for fold, split in enumerate(folds.splits):
        X, y = table.X[split.train], table.y[split.train]
        models = (_constant(y), _one_feature(X, y, _ridge), _ridge(X, y), _polynomial(X, y, _ridge))
        for column, (name, model) in enumerate(zip(STEPS, models, strict=True)):
            made[name].append(model(table.X[split.test])[:, None])
            risks[fold, column] = ((test[1] - model(test[0])) ** 2).mean() + 1.0
    weights = np.array([len(split.test) for split in folds.splits], float)
    predictions = {name: tuple(parts) for name, parts in made.items()}
    oof = OutOfFold("regression", table.y, folds.splits, predictions, unit=unit)
    return oof, weights @ risks / weights.sum()


def covers(oof: OutOfFold, risks: Array, *, is_ordered: bool) -> dict[str, float]:
    """Say how many intervals hold the truth, and whether a claim is wrong."""
    losses = replace(unit_losses(oof, "squared_error"), is_ordered=is_ordered)
    quantile = float(stats.t.ppf(0.975, losses.m - 1))
    held = []
    for one, other in PAIRS:
        found = difference_contrast(losses, one, other)
        low, high = found.lower(quantile)[0], found.upper(quantile)[0]
        held.append(low <= risks[one] - risks[other] <= high)
    errors = standard_errors(losses.influence, losses.k, is_ordered=is_ordered)
    decision = decide(losses, steps=STEPS, metric="mse")
    chosen = list(STEPS).index(decision.choice.family)
    return {
        "differences": float(np.mean(held)),
        "scores": float(np.mean(np.abs(losses.means - risks) <= quantile * errors)),
        "wrong_claim": judge(chosen, risks, is_claim=decision.choice.is_claim)["wrong_claim"],
        "undecided": float(not decision.choice.is_claim),
    }


def run_cell(
    world: str, size: int, likeness: float, *, repeats: int, seed: int
) -> dict[str, object]:
    """Return coverage with folds and units that respect what is alike, and by random rows."""
    honest, by_rows, n_units = [], [], []
    for repeat in range(repeats):
        rng = np.random.default_rng(
            [seed, list(DRAWS).index(world), size, int(100 * likeness), repeat]
        )
        table = DRAWS[world](size, likeness, rng)
        X = rng.normal(size=(N_TEST, N_FEATURES))
        test = X, X @ SLOPES
        oof, risks = out_of_fold(table, table.folds, table.unit, test)
        honest.append(covers(oof, risks, is_ordered=table.is_ordered))
        n_units.append(oof.n_units)
        n_rows = len(table.y)
        fold = rng.permutation(n_rows) % default_n_folds(n_rows)
        oof, risks = out_of_fold(table, partition_folds(fold), np.arange(n_rows), test)
        by_rows.append(covers(oof, risks, is_ordered=False))
    return {
        "world": world,
        "size": size,
        "likeness": likeness,
        "units": float(np.median(n_units)),
        "respected": _means(honest),
        "by_rows": _means(by_rows),
    }


def _means(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(float(np.mean([run[key] for run in runs])), 4) for key in runs[0]}


def table_of(cells: list[dict[str, object]]) -> str:
    """Write cells as a Markdown table."""
    lines = [HEAD, "|" + "---|" * HEAD.count(" | ") + "---|"]
    for cell in cells:
        shown = [
            f"{cell['world']}",
            f"{cell['likeness']:g}",
            f"{cell['size']:,}",
            f"{cell['units']:.0f}",
        ]
        for side in (cell["respected"], cell["by_rows"]):
            shown += [f"{side[key]:.3f}" for key in ("differences", "scores", "wrong_claim")]
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run all cells, write them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", nargs="+", default=list(DRAWS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    cells: list[dict[str, object]] = []
    for world in asked.worlds:
        sizes, likenesses = CELLS[world]
        for size, likeness in product(sizes, likenesses):
            cells.append(run_cell(world, size, likeness, repeats=asked.repeats, seed=asked.seed))
            print(table_of(cells[-1:]).splitlines()[-1], flush=True)
            record = {"repeats": asked.repeats, "fewest_units": FEWEST_GROUPS, "cells": cells}
            asked.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(table_of(cells))


if __name__ == "__main__":
    main()
