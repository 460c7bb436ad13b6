"""Compare densities on held-out rows: `python -m benchmarks.density [--pgmpy PYTHON] [TABLE ...]`.

Every tool gets the same rows: numbers alone, complete, with what repeats spread out once. Results of
tables that are not asked for stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KernelDensity
from sklearn.preprocessing import StandardScaler

import rung
from rung.compute import RunContext, one_thread_each
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.folds import partition_folds
from rung.families import discover
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import prepare

HERE = Path(__file__).parent
RESULTS, TABLE = HERE / "results.json", HERE / "README.md"
DATA = Path(os.environ.get("RUNG_DATA", "../shared/data"))
MOST_ROWS, N_FOLDS = 4_000, 5
XGASS = ("NUVr", "lgGF", "model_r", "expAB_r", "petrR50_r", "CINDX", "INCL")
SOURCES: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "wine_quality": ("wine_quality/winequality-white.csv", None),
    "adult": ("adult/adult-train.csv", None),
    "magic_gamma": ("magic_gamma/telescope.csv", None),
    "sdss_dr14": (
        "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv",
        ("class", "u", "g", "r", "i", "z", "redshift", "ra", "dec"),
    ),
    "xgass": ("xgass/xGASS_representative_sample.csv", XGASS),
}


def rows_of(name: str) -> tuple[Path, tuple[str, ...] | None, np.ndarray]:
    """Write a sample of a table; return it with the numbers that every tool gets."""
    source, features = SOURCES[name]
    table = pl.read_csv(DATA / source, infer_schema_length=None, separator=_mark(DATA / source))
    if len(table) > MOST_ROWS:
        table = table.sample(MOST_ROWS, seed=0, shuffle=True)
    folder = Path(tempfile.mkdtemp())
    path = folder / f"{name}.csv"
    table.write_csv(path)
    found = prepare(str(path), DensityOptions(features=features, test_fraction=0.0))
    X = found.seen.numbers()
    return path, features, X[np.isfinite(X).all(axis=1)]


def _mark(path: Path) -> str:
    head = path.open(encoding="utf-8").readline()
    return max(",;", key=head.count)


def with_rung(X: np.ndarray, fold: np.ndarray) -> dict[str, Any]:
    """Return mean held-out log density and processor seconds of every family."""
    names = [f"c{j}" for j in range(X.shape[1])]
    columns = tuple(Column(name, "number") for name in names)
    table = Dataset(columns, dict(zip(names, X.T, strict=True)), len(X))
    problem, folds = Problem("density", table, np.zeros(len(X))), partition_folds(fold)
    found = {}
    for family in discover("density"):
        start = time.process_time()
        with one_thread_each():
            fitted = family.cross_fit(problem, folds, RunContext(0, problem, 1))
        logs = np.concatenate(fitted.predictions)
        found[f"rung {family.name}"] = _entry(float(logs.mean()), start)
    return found


def with_sklearn(X: np.ndarray, fold: np.ndarray) -> dict[str, Any]:
    """Return the same of GaussianMixture (by BIC) and KernelDensity (width by three folds)."""
    return {
        f"sklearn {name}": _scored(X, fold, fit)
        for name, fit in {"GaussianMixture": _mixture, "KernelDensity": _kernel}.items()
    }


def _scored(X: np.ndarray, fold: np.ndarray, fit: Any) -> dict[str, float]:
    start, logs = time.process_time(), np.empty(len(X))
    with one_thread_each():
        for k in np.unique(fold):
            scaler = StandardScaler().fit(X[fold != k])
            model = fit(scaler.transform(X[fold != k]))
            own = model.score_samples(scaler.transform(X[fold == k]))
            logs[fold == k] = own - np.log(scaler.scale_).sum()
    return _entry(float(logs.mean()), start)


def _mixture(X: np.ndarray) -> Any:
    tried = [
        GaussianMixture(k, covariance_type=shape, n_init=2, random_state=0).fit(X)
        for k in range(1, 13)
        for shape in ("full", "tied", "diag")
    ]
    return min(tried, key=lambda one: one.bic(X))


def _kernel(X: np.ndarray) -> Any:
    widths = {"bandwidth": np.geomspace(0.05, 1.0, 12)}
    return GridSearchCV(KernelDensity(), widths, cv=3).fit(X).best_estimator_


def with_pgmpy(X: np.ndarray, fold: np.ndarray, python: str) -> dict[str, Any]:
    """Return the same of pgmpy's tree, from an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "rows.npy", X)
        np.save(Path(folder) / "fold.npy", fold)
        subprocess.run([python, str(HERE / "with_pgmpy.py"), folder], check=True)
        return {"pgmpy tree": json.loads((Path(folder) / "pgmpy.json").read_text("utf-8"))}


def _entry(nats: float, start: float) -> dict[str, float]:
    return {"nats": round(nats, 3), "seconds": round(time.process_time() - start, 2)}


def measured(name: str, python: str | None) -> dict[str, Any]:
    """Return all of one table."""
    path, features, X = rows_of(name)
    fold = np.arange(len(X)) % N_FOLDS
    tools = {**with_rung(X, fold), **with_sklearn(X, fold)}
    if python:
        tools |= with_pgmpy(X, fold, python)
    start = time.process_time()
    run = rung.fit(path, features=features, ledger=False, threads=1)
    return {
        "rows": len(X),
        "columns": X.shape[1],
        "tools": tools,
        "verdict": run.verdict.sentence,
        "verdict_seconds": round(time.process_time() - start, 1),
    }


def written(results: dict[str, Any]) -> str:
    """Return the page with the tables."""
    tools = list(dict.fromkeys(tool for one in results.values() for tool in one["tools"]))
    head = "| tool | " + " | ".join(results) + " |"
    lines = [head, "|---|" + "---:|" * len(results)]
    for tool in tools:
        cells = [_cell(one["tools"].get(tool)) for one in results.values()]
        lines.append(f"| {tool} | " + " | ".join(cells) + " |")
    sizes = ", ".join(f"{name} {one['rows']:,} × {one['columns']}" for name, one in results.items())
    verdicts = "\n".join(
        f"- {name}: {one['verdict']} ({one['verdict_seconds']} processor seconds, all of the run)"
        for name, one in results.items()
    )
    intro = (HERE / "intro.md").read_text("utf-8")
    return f"{intro}\nRows × numbers: {sizes}.\n\n" + "\n".join(lines) + f"\n\n{verdicts}\n"


def _cell(found: dict[str, float] | None) -> str:
    return "" if found is None else f"{found['nats']:.2f} ({found['seconds']:.0f} s)"


def main() -> None:
    """Measure, and write results and page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="*", default=list(SOURCES))
    parser.add_argument("--pgmpy", default=None, help="Python that has pgmpy.")
    asked = parser.parse_args()
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for name in asked.tables:
        known[name] = measured(name, asked.pgmpy)
        print(name, json.dumps(known[name]["tools"]), flush=True)
        kept = {each: known[each] for each in SOURCES if each in known}
        RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        TABLE.write_text(written(kept), encoding="utf-8")


if __name__ == "__main__":
    main()
