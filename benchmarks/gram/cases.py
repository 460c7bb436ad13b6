"""Fit the same grid of ridge regressions here and with scikit-learn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.folds import Folds, partition_folds
from rung.families.table.polynomial import polynomial_family
from rung.gram.grid import Grid
from rung.gram.polynomial import solve_sets
from rung.gram.ridge import PENALTIES

N_FOLDS = 5
N_NUMBERS = 10


def draw(n_rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw ten numbers of very different scale, and a target with a product and a square in it."""
    generator = np.random.default_rng((seed, n_rows))
    Z = generator.normal(size=(n_rows, N_NUMBERS))
    y = Z[:, 0] * Z[:, 1] + Z[:, 2] ** 2 + generator.normal(size=n_rows)
    return Z * np.logspace(-1, 2, N_NUMBERS) + 50.0, y


def as_problem(X: np.ndarray, y: np.ndarray) -> tuple[Problem, Folds]:
    """Lay the arrays out as a problem with five folds that follow each other."""
    columns = tuple(Column(f"x{j}", "number") for j in range(X.shape[1]))
    values = {column.name: X[:, j].copy() for j, column in enumerate(columns)}
    folds = partition_folds(np.arange(len(y)) * N_FOLDS // len(y), kind="given")
    return Problem("regression", Dataset(columns, values, len(y)), y), folds


def by_sums(problem: Problem, folds: Folds, grid: Grid) -> np.ndarray:
    """Return the mean squared error of every penalty, averaged over folds; refits on all rows."""
    found = solve_sets(problem, folds, RunContext(0, problem), grid, splits=(None,))
    losses = found.losses(folds, None)
    return np.asarray((losses[:, :-1] / losses[:, -1:]).mean(axis=0))


def by_search(X: np.ndarray, y: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the same from scikit-learn's search, which fits each fold and penalty anew."""
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV, KFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    steps: list[Any] = [StandardScaler(), PolynomialFeatures(grid.degrees[0], include_bias=False)]
    if grid.unit_variance:
        steps.append(StandardScaler())
    n_train = len(y) - len(y) // N_FOLDS
    search = GridSearchCV(
        make_pipeline(*steps, Ridge()),
        {"ridge__alpha": np.array(grid.penalties) * n_train},
        cv=KFold(N_FOLDS),
        scoring="neg_mean_squared_error",
    )
    return np.asarray(-search.fit(X, y).cv_results_["mean_test_score"])


def compare(degree: int, *, n_rows: int, unit_variance: bool) -> dict[str, Any]:
    """Time both in this process, one thread each, and compare their scores."""
    X, y = draw(n_rows)
    problem, folds = as_problem(X, y)
    grid = Grid((degree,), PENALTIES, unit_variance)
    by_sums(*as_problem(*draw(500)), grid)  # both sides import and warm up outside the clock
    by_search(*draw(500), grid)
    seconds, scores = [], []
    for work in (lambda: by_sums(problem, folds, grid), lambda: by_search(X, y, grid)):
        start = time.perf_counter()
        scores.append(work())
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    polynomial_family(degree=degree).cross_fit(problem, folds, RunContext(0, problem))
    nested = time.perf_counter() - start
    return {
        "degree": degree,
        "n_rows": n_rows,
        "scaled_again": unit_variance,
        "sums_seconds": seconds[0],
        "search_seconds": seconds[1],
        "times_faster": seconds[1] / seconds[0],
        "nested_seconds": nested,
        "largest_relative_difference": float(np.abs(scores[0] / scores[1] - 1).max()),
    }


def grow(n_rows: int, degree: int) -> dict[str, Any]:
    """Time one grid in this process, and say how much memory the table and the work took."""
    problem, folds = as_problem(*draw(n_rows))
    before = _peak_megabytes()
    start = time.perf_counter()
    by_sums(problem, folds, Grid((degree,)))
    seconds = time.perf_counter() - start
    return {
        "n_rows": n_rows,
        "degree": degree,
        "seconds": seconds,
        "table_megabytes": n_rows * (N_NUMBERS + 1) * 8 / 1e6,
        "peak_before_megabytes": before,
        "peak_megabytes": _peak_megabytes(),
    }


def repeat(n_rows: int, degree: int, repeats: Sequence[int]) -> list[dict[str, Any]]:
    """Time the nested family on folds that are dealt once, and several times."""
    X, y = draw(n_rows)
    problem, _ = as_problem(X, y)
    family, found = polynomial_family(degree=degree), list[dict[str, Any]]()
    small = as_problem(*draw(500))
    family.cross_fit(*small, RunContext(0, small[0]))  # imports and warms up outside the clock
    for n_repeats in repeats:
        deals = [np.random.default_rng(i).permutation(n_rows) % N_FOLDS for i in range(n_repeats)]
        folds = partition_folds(np.stack(deals, axis=1))
        start = time.perf_counter()
        family.cross_fit(problem, folds, RunContext(0, problem))
        seconds = time.perf_counter() - start
        first = found[0]["seconds"] if found else seconds
        found.append(
            {
                "n_rows": n_rows,
                "degree": degree,
                "repeats": n_repeats,
                "models": n_repeats * N_FOLDS + 1,
                "seconds": seconds,
                "times_one": seconds / first,
            }
        )
    return found


def _peak_megabytes() -> float:
    """Return the largest memory that this process held; Linux only, as a child starts afresh."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3


def ratio_table(runs: list[dict[str, Any]]) -> str:
    """Lay the comparison out as a table."""
    lines = [
        "| run | degree | scaled again | search, s | sums, s | times faster | difference | nested, s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {each['run']} | {each['degree']} | {'yes' if each['scaled_again'] else 'no'} "
        f"| {each['search_seconds']:.2f} | {each['sums_seconds']:.3f} "
        f"| {each['times_faster']:.0f} | {each['largest_relative_difference']:.1e} "
        f"| {each['nested_seconds']:.2f} |"
        for each in runs
    )
    return "\n".join(lines)


def repeat_table(cells: list[dict[str, Any]]) -> str:
    """Lay the cost of repeats out as a table."""
    lines = [
        "| rows | degree | repeats of 5 folds | models | nested, s | times one repeat |",
        "|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {each['n_rows']:,} | {each['degree']} | {each['repeats']} | {each['models']} "
        f"| {each['seconds']:.2f} | {each['times_one']:.1f} |"
        for each in cells
    )
    return "\n".join(lines)


def growth_table(cells: list[dict[str, Any]]) -> str:
    """Lay the growth with rows out as a table."""
    lines = [
        "| rows | degree | seconds | table, MB | peak before, MB | peak, MB |",
        "|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {each['n_rows']:,} | {each['degree']} | {each['seconds']:.2f} "
        f"| {each['table_megabytes']:.0f} | {each['peak_before_megabytes']:.0f} "
        f"| {each['peak_megabytes']:.0f} |"
        for each in cells
    )
    return "\n".join(lines)
