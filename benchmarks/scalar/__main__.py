"""Run the benchmark: `python -m benchmarks.scalar --peer-python FOLDER/bin/python`.

Every engine trains in a process of its own, in turns, from the same seed and so from the same
weights. Ratios are of processor time, which other work on the machine does not stretch; wall time
stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import rung
from benchmarks.scalar.agreement import compare_with_torch

RESULTS = Path(__file__).with_name("results.json")
WORKER = Path(__file__).with_name("worker.py")
SOURCE = Path(rung.__file__).parents[1]
ENGINES = ("micrograd", "eager", "compiled")
SIZES = [16, 16, 1]
SEED = 1337
# Rounding may differ in the last digits, as sums are added up in another order; a hundred steps
# of descent carry such differences on.
TOLERANCE = 1e-9


def moons(n_points: int) -> tuple[list[list[float]], list[float]]:
    """Return the demo's points and their classes, -1 and 1."""
    from sklearn.datasets import make_moons

    X, y = make_moons(n_samples=n_points, noise=0.1, random_state=SEED)
    return X.tolist(), (2.0 * y - 1.0).tolist()


def train(engine: str, python: str, job: dict[str, Any]) -> dict[str, Any]:
    """Train with one engine in a process of its own."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    path = {} if engine == "micrograd" else {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [python, str(WORKER)],
        input=json.dumps({"engine": engine, **job}),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **threads, **path},
    )
    return dict(json.loads(done.stdout))


def one_run(peer_python: str, n_points: int, steps: int) -> list[dict[str, Any]]:
    """Train with all engines, with the garbage collector as it comes and with it paused."""
    X, y = moons(n_points)
    rows = []
    for pause in (False, True):
        job = {"X": X, "y": y, "sizes": SIZES, "seed": SEED, "steps": steps, "pause": pause}
        found = {
            engine: train(engine, peer_python if engine == "micrograd" else sys.executable, job)
            for engine in ENGINES
        }
        peer = found["micrograd"]
        for engine in ENGINES:
            mine = found[engine]
            pairs = zip(mine["curve"], peer["curve"], strict=True)
            rows.append(
                {
                    "engine": engine,
                    "collector": "paused in steps" if pause else "as it comes",
                    "python": mine["python"],
                    "cpu_seconds": round(mine["cpu"], 4),
                    "wall_seconds": round(mine["wall"], 4),
                    "cpu_ratio": round(peer["cpu"] / mine["cpu"], 1),
                    "wall_ratio": round(peer["wall"] / mine["wall"], 1),
                    "curve_difference": max(abs(a - b) / max(1.0, abs(b)) for a, b in pairs),
                    "first_loss": mine["curve"][0],
                    "last_loss": mine["curve"][-1],
                }
            )
    return rows


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for the README."""
    lines = [
        "| run | collector | engine | processor, s | wall, s | times micrograd | by wall | difference |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {run} | {row['collector']} | {row['engine']} | {row['cpu_seconds']:.3f} | "
        f"{row['wall_seconds']:.3f} | {row['cpu_ratio']:.1f} | {row['wall_ratio']:.1f} | "
        f"{row['curve_difference']:.1e} |"
        for run, rows in enumerate(found["runs"], 1)
        for row in rows
    ]
    agreement = found["agreement"]
    lines += [
        "",
        "| random graphs | numbers compared | equal to the bit | largest relative difference |",
        "|---|---|---|---|",
        "| {graphs:,} | {numbers:,} | {equal:,} | {worst:.1e} |".format(**agreement),
    ]
    return "\n".join(lines)


def main() -> None:
    """Train twice, compare with torch, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scalar")
    parser.add_argument("--peer-python", required=True, help="a Python that has micrograd")
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--graphs", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    runs = [
        one_run(options.peer_python, options.points, options.steps) for _ in range(options.runs)
    ]
    worst = max(row["curve_difference"] for rows in runs for row in rows)
    found = {
        "points": options.points,
        "steps": options.steps,
        "runs": runs,
        "same_curve": worst <= TOLERANCE,
        "agreement": compare_with_torch(options.graphs),
    }
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(found) + "\n")
    if not found["same_curve"]:
        sys.exit(f"curves differ by {worst:.1e}, more than {TOLERANCE:.0e}")


if __name__ == "__main__":
    main()
