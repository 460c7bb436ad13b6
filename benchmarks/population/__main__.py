"""Run the benchmark: `python -m benchmarks.population`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.population.showing import readme
from benchmarks.population.training import (
    Case,
    as_population,
    matrix_rate,
    one_by_one,
    plans,
    timed,
    with_sklearn,
)
from rung.compute import default_threads

FOLDER = Path(__file__).parent
SIZES, WIDTHS = (1, 5, 10, 20, 40, 80, 160), (64, 128)


def main() -> None:
    """Time every size and width, peers beside them in the same run; write JSON and the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--widths", type=int, nargs="+", default=list(WIDTHS))
    parser.add_argument("--rows", type=int, default=8_000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--peers", type=int, default=3, help="models that each peer trains")
    parser.add_argument("--threads", type=int, default=default_threads())
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--out", type=Path, default=FOLDER / "results.json")
    options = parser.parse_args()
    cells = []
    for run in range(1, options.runs + 1):
        for width in options.widths:
            case = Case(options.rows, options.epochs, width, options.threads, options.device)
            cells.append({"run": run, "width": width, **measure(case, options)})
            sys.stdout.write(json.dumps(cells[-1]) + "\n")
            sys.stdout.flush()
    found = {
        "rows": options.rows,
        "epochs": options.epochs,
        "threads": options.threads,
        "device": options.device,
        "cells": cells,
    }
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    options.out.with_name("README.md").write_text(readme(found), encoding="utf-8")


def measure(case: Case, options: argparse.Namespace) -> dict[str, object]:
    """Time one width: the matrix rate, both peers, and populations of every size."""
    small = Case(1_280, 1, case.width, case.threads, case.device)
    for work in (as_population, one_by_one, with_sklearn):
        work(small, plans(small, 2))  # imports and first calls outside the clock
    rate = matrix_rate(case)
    n_peers = options.peers
    alone, losses = _fastest(one_by_one, case, n_peers)
    sklearn, their_losses = _fastest(with_sklearn, case, n_peers)
    together = as_population(case, plans(case, n_peers))
    populations = []
    for size in options.sizes:
        seconds, _ = timed(lambda size=size: as_population(case, plans(case, size)), case.device)
        populations.append(
            {
                "size": size,
                "seconds_per_model": seconds / size,
                "share_of_rate": case.operations * size / seconds / rate,
            }
        )
    return {
        "matrix_rate": rate,
        "torch_seconds_per_model": min(alone.values()),
        "torch_seconds_by_threads": alone,
        "sklearn_seconds_per_model": min(sklearn.values()),
        "sklearn_seconds_by_threads": sklearn,
        "torch_losses": losses,
        "sklearn_losses": their_losses,
        "population_losses": together,
        "populations": populations,
    }


def _fastest(
    work: Callable[..., list[float]], case: Case, n_models: int
) -> tuple[dict[str, float], list[float]]:
    """Return seconds a model of a peer by number of threads, one and all; and its losses."""
    seconds, losses = {}, []
    for threads in sorted({1, case.threads}):
        took, losses = timed(
            lambda threads=threads: work(case, plans(case, n_models), threads), case.device
        )
        seconds[str(threads)] = took / n_models
    return seconds, losses


if __name__ == "__main__":
    main()
