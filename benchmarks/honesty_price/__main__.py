"""Run the benchmark: `python -m benchmarks.honesty_price`.

Every family is cross-fitted on five folds with its settings chosen inside, then its counterpart
is fitted once with the settings that were chosen. One thread; processor seconds, which other work
on the machine disturbs less than it does wall seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.honesty_price import loop, plain
from benchmarks.honesty_price.showing import SHOWN, all_tables
from benchmarks.peers.tables import Source, read
from benchmarks.tables.sources import SDSS
from rung.compute import RunContext, one_thread_each
from rung.core.family import Family
from rung.errors import NotApplicable
from rung.families import discover
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable, prepare

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
SEED, FOLDS = 22, 5
MOST_ROWS = 10_000
TABLES = (
    Source("california_housing", "california_housing/housing.csv", "median_house_value"),
    Source("sdss redshift", SDSS, "redshift", keep=("u", "g", "r", "i", "z")),
    Source("adult", "adult/adult-train.csv", "column_15", "binary", has_header=False),
)
LOOPED = Source("concrete", "concrete/concrete.csv", "strength")


def main() -> None:
    """Measure each table, and the loop on one small table, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.honesty_price")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", nargs="+", default=[source.name for source in (*TABLES, LOOPED)])
    parser.add_argument("--rows", type=int, default=MOST_ROWS, help="at most so many, at random")
    options = parser.parse_args()
    before = json.loads(RESULTS.read_text(encoding="utf-8"))
    found: dict[str, Any] = {"folds": FOLDS, "tables": {}}
    plain.import_all()
    for source in (LOOPED, *TABLES):
        if source.name in options.only:
            prepared = _prepare(source, options.rows)
            with one_thread_each(), warnings.catch_warnings():
                # Settings that do not converge, and names of columns: the libraries' own worries.
                warnings.simplefilter("ignore")
                found["tables"][source.name] = measure(prepared, loops=source is LOOPED)
            text = json.dumps(found, indent=1, ensure_ascii=False)
            options.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(all_tables(found) + "\n")
    if options.out == RESULTS:
        _refresh_readme(before, found)


def _refresh_readme(before: dict[str, Any], found: dict[str, Any]) -> None:
    """Put the new tables where the README has the old ones."""
    text = README.read_text(encoding="utf-8")
    for shown in SHOWN:
        text = text.replace(shown(before), shown(found))
    README.write_text(text, encoding="utf-8")


def _prepare(source: Source, most_rows: int) -> PreparedTable:
    frame = read(source)
    if frame.height > most_rows:
        order = np.random.default_rng(SEED).permutation(frame.height)
        frame = frame[np.sort(order[:most_rows])]
    options = FitOptions(source.target, task=source.task, folds=FOLDS, test_fraction=0.0)
    return prepare(frame, options)


def measure(prepared: PreparedTable, *, loops: bool = False) -> dict[str, Any]:
    """Return processor seconds of every family: cross-fitted, plain, and in a loop where asked.

    Parameters
    ----------
    prepared : PreparedTable
        A table without sealed rows.
    loops : bool
        Whether to run the loop over scikit-learn as well; for regression.
    """
    problem = prepared.problem
    shared = RunContext(0, problem)
    families: dict[str, Any] = {}
    for family in discover():
        if problem.task in family.tasks and family.name in plain.KNOWN:
            try:
                one = _measure_family(family, prepared, shared, loops=loops)
            except NotApplicable:
                continue
            families[family.name] = one
            sys.stderr.write(f"{prepared.folds.n_rows} rows {family.name} {one}\n")
    return {"rows": problem.design.n_rows, "task": problem.task, "families": families}


def _measure_family(
    family: Family, prepared: PreparedTable, shared: RunContext, *, loops: bool
) -> dict[str, Any]:
    """Cross-fit one family, then fit its counterpart once; encodings of folds are shared."""
    problem, own = prepared.problem, shared.for_family(family.name)
    fitted, cross_fitted = _timed(lambda: family.cross_fit(problem, prepared.folds, own))
    settings = fitted.settings[0]
    alone = RunContext(0, problem)
    predict, plainly = _timed(lambda: plain.fit(family.name, problem, alone, settings))
    _, predicting = _timed(predict)
    one: dict[str, Any] = {
        "cross_fitted": cross_fitted,
        "plain": plainly,
        "predicting": predicting,
        "settings": dict(settings),
    }
    if loops:
        one["grid"], one["loop"] = _timed(
            lambda: loop.cross_fit(family.name, problem, alone, settings)
        )
    return one


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns, and the processor seconds it took."""
    start = time.process_time()
    value = work()
    return value, time.process_time() - start


if __name__ == "__main__":
    main()
