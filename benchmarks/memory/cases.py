"""Make problems of any size, and measure the peak of one family's cross-fit."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import RunContext, one_thread_each
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.folds import Folds, partition_folds
from rung.errors import NotApplicable
from rung.families import find
from rung.kinds.table.memory import measure
from rung.typing import Task

N_FOLDS = 5


@dataclass(frozen=True)
class Case:
    """Say how large a problem is; `n_classes` is 0 for values."""

    n_rows: int
    n_numbers: int
    n_categories: int
    n_classes: int
    n_levels: int = 12

    def problem(self) -> tuple[Problem, Folds]:
        """Draw numbers, categories, some missing cells, and a target that follows both."""
        rng = np.random.default_rng(self.n_rows)
        values: dict[str, Any] = {
            f"x{j}": rng.normal(size=self.n_rows) for j in range(self.n_numbers)
        }
        score = sum(values[f"x{j}"] for j in range(min(self.n_numbers, 3))) + rng.normal(
            size=self.n_rows
        )
        values["x0"] = np.where(rng.random(self.n_rows) < 0.05, np.nan, values["x0"])
        columns = [Column(name, "number") for name in values]
        levels = tuple(f"l{k:03d}" for k in range(self.n_levels))
        for j in range(self.n_categories):
            codes = rng.integers(0, self.n_levels, self.n_rows).astype(np.int32)
            score = score + 0.2 * (codes % 3)
            values[f"c{j}"] = codes
            columns.append(Column(f"c{j}", "category", levels=levels))
        design = Dataset(tuple(columns), values, self.n_rows)
        folds = partition_folds(rng.permutation(self.n_rows) % N_FOLDS)
        if not self.n_classes:
            return Problem(_task(self), design, score), folds
        edges = np.quantile(score, np.linspace(0, 1, self.n_classes + 1)[1:-1])
        y = np.searchsorted(edges, score).astype(np.int64)
        names = tuple(f"k{k:02d}" for k in range(self.n_classes))
        return Problem(_task(self), design, y, names, "log_loss"), folds


def _task(case: Case) -> Task:
    if not case.n_classes:
        return "regression"
    return "binary" if case.n_classes == 2 else "multiclass"


def megabytes(key: str) -> float:
    """Return what the system says of this process's memory; Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1e3


def forget_peak() -> None:
    """Let the peak start again from what is held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def fit_here(case: Case, name: str) -> dict[str, Any]:
    """Cross-fit one family in this process, on one thread; its libraries are loaded before."""
    family = find(name)
    assert family is not None
    assert family.memory is not None
    if _task(case) not in family.tasks:
        return {"family": name, **asdict(case), "reason": f"does no {_task(case)}"}
    with one_thread_each():
        small, own = Case(60, 3, 1, min(case.n_classes, 3)).problem()
        family.cross_fit(small, own, RunContext(0, small))
        problem, folds = case.problem()
        estimate = family.memory(measure(problem, folds))
        ctypes.CDLL(None).malloc_trim(0)
        forget_peak()
        before, start = megabytes("VmRSS"), time.perf_counter()
        try:
            fitted = family.cross_fit(problem, folds, RunContext(0, problem))
        except NotApplicable as error:
            return {"family": name, **asdict(case), "reason": str(error)}
    outputs = sum(prediction.nbytes for prediction in fitted.predictions) / 1e6
    return {
        "family": name,
        **asdict(case),
        "seconds": time.perf_counter() - start,
        "estimate": (estimate.held + estimate.job) / 1e6,
        "peak": megabytes("VmHWM") - before - outputs,
    }


def fit_apart(case: Case, name: str) -> dict[str, Any]:
    """Do the same in a process of its own, whose peak is its own."""
    text = json.dumps(asdict(case))
    command = [sys.executable, "-m", "benchmarks.memory", "--one", name, text]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))
