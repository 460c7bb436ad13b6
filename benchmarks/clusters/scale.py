"""Print what counting groups costs in large tables, beside scikit-learn's k-means on the same rows.

python -m benchmarks.clusters.scale --rows 10000 --worlds "none;5 clear" --out benchmarks/clusters/scale.json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from benchmarks.clusters.__main__ import table
from benchmarks.clusters.worlds import GROUPS, NONE, World
from rung.compute import one_thread_each
from rung.groups.count import find_groups
from rung.groups.nearest import likeliest_components
from rung.typing import Array, Untyped


def seconds(work: Callable[[], Untyped]) -> tuple[Untyped, float]:
    """Return what a function returns and its processor seconds."""
    began = time.process_time()
    found = work()
    return found, round(time.process_time() - began, 2)


def command(X: Array) -> dict[str, float]:
    """Return what `rung cluster` costs on a file of these rows, reading and writing included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        names = ",".join(f"column_{j}" for j in range(X.shape[1]))
        np.savetxt(path, X, delimiter=",", fmt="%.6f", header=names, comments="")
        run = [sys.executable, "-m", "rung", "cluster", str(path), "--out", f"{folder}/groups.csv"]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            run,
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"RUNG_STATE": folder},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {
            "command_seconds": round(used, 2),
            "command_clock_seconds": round(time.perf_counter() - began, 1),
            "command_mebibytes": round(after.ru_maxrss / 1024),
        }


@one_thread_each()
def measure(world: World, n_rows: int, n_columns: int, seed: int) -> dict[str, object]:
    """Return costs in one table; the command's memory is the most of all so far."""
    X = table(world, (seed, 0, n_columns), n_rows, n_columns)
    found, counting = seconds(lambda: find_groups(X))
    means, fitting = seconds(lambda: KMeans(5, n_init=1, random_state=0).fit(X))
    _, assigning = seconds(lambda: likeliest_components(found.mixture, X))
    return {
        "world": world.name,
        "rows": n_rows,
        "columns": n_columns,
        "verdict": found.verdict,
        "k": found.k,
        "count_seconds": counting,
        "assign_seconds": assigning,
        "components": found.mixture.n_components,
        "k_means_seconds": fitting,
        "k_means_steps": int(means.n_iter_),
        **command(X),
    }


def main() -> None:
    """Measure the worlds named and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="10000")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--worlds", default="none")
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    names = [name.strip() for name in args.worlds.split(";")]
    worlds = [one for one in GROUPS if one.name in names]
    worlds = [*(NONE if "none" in names else ()), *worlds]
    found = []
    for n_rows in map(int, args.rows.split(",")):
        for world in worlds:
            found.append(measure(world, n_rows, args.columns, args.seed))
            print(json.dumps(found[-1]), flush=True)
            if args.out:
                args.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
