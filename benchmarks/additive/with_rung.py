"""Cross-fit the additive and the linear rung: the same rows and folds as EBM has."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from rung.compute.context import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Problem
from rung.core.folds import Folds, partition_folds
from rung.families.table.additive import additive_family
from rung.families.table.linear import FAMILY as LINEAR


def read_problem(folder: Path) -> tuple[Problem, Folds]:
    """Return what is asked, and the folds."""
    table = np.load(folder / "table.npz")
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    columns = [Column(name, "number") for name in about["numbers"]]
    values = {name: table["numbers"][:, j].copy() for j, name in enumerate(about["numbers"])}
    for j, (name, levels) in enumerate(about["categories"].items()):
        columns.append(Column(name, "category", levels=tuple(levels)))
        values[name] = table["codes"][:, j].copy()
    classes = tuple(about["classes"])
    y = table["y"].astype(np.int64 if classes else np.float64)
    loss = "log_loss" if classes else "squared_error"
    design = Dataset(tuple(columns), values, len(y))
    return Problem(about["task"], design, y, classes, loss), partition_folds(table["fold"])


def cross_fit(family: Family, problem: Problem, folds: Folds) -> tuple[np.ndarray, float]:
    """Return predictions of held-out rows, and processor seconds; one model more than folds."""
    start = time.process_time()
    with np.errstate(all="ignore"):
        fitted = family.cross_fit(problem, folds, RunContext(0, problem))
    seconds = time.process_time() - start
    outputs = np.zeros((len(problem.y), problem.n_outputs))
    for split, own in zip(folds.splits, fitted.predictions, strict=True):
        outputs[split.test] = own
    return outputs, seconds


def main(folder: Path, pairs: int) -> None:
    """Write predictions and processor seconds of both rungs."""
    problem, folds = read_problem(folder)
    for name, family in (("linear", LINEAR), ("additive", additive_family(pairs=pairs))):
        outputs, seconds = cross_fit(family, problem, folds)
        np.savez(folder / f"{name}.npz", outputs=outputs, seconds=seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
