"""Kill `rung fit` with SIGKILL at random moments; a resumed run must write the same bytes.

    python -m benchmarks.resume [--kills 200] [--seed 0]

Only kills that land while the ladder is being climbed count: a journal is there and results.json is
not. The table is made here, seeded: 600 rows of numbers, categories and missing cells.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
FILES = ("results.json", "model.rung", "seal.json", "out_of_fold.parquet", "report.html")
N_ROWS = 600
FAMILIES = "linear,naive_bayes,tree,boosting,blend"


@dataclass(frozen=True)
class Outcome:
    """What came of one kill."""

    is_mid_run: bool
    is_same: bool
    openings: int


def write_table(path: Path) -> None:
    """Write the table that every run climbs."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(N_ROWS, 6))
    colour = rng.choice(["blue", "green", "red"], N_ROWS)
    score = numbers[:, 0] * numbers[:, 1] + (colour == "red") + rng.normal(size=N_ROWS)
    frame = pl.DataFrame(numbers, schema=[f"x{i}" for i in range(6)])
    frame = frame.with_columns(x5=pl.when(pl.col("x5") > 1.5).then(None).otherwise(pl.col("x5")))
    frame.with_columns(colour=colour, kind=np.where(score > 0.5, "star", "galaxy")).write_csv(path)


def command(folder: Path, out: Path, *extra: str) -> list[str]:
    """Return the words of one run."""
    words = ["fit", str(folder / "table.csv"), "--target", "kind", "--families", FAMILIES]
    return [sys.executable, "-m", "rung", *words, "--out", str(out), "--quiet", *extra]


def run(words: list[str]) -> float:
    """Run to the end and return its wall seconds."""
    start = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - start


def kill_once(folder: Path, out: Path, seconds: float) -> bool:
    """Kill a run after some seconds; tell whether it was climbing."""
    process = subprocess.Popen(command(folder, out), stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return (out / "journal.rung").exists() and not (out / "results.json").exists()


def try_once(folder: Path, reference: Path, seconds: float) -> Outcome:
    """Kill, resume, compare."""
    out = folder / "killed"
    shutil.rmtree(out, ignore_errors=True)
    if not kill_once(folder, out, seconds):
        return Outcome(is_mid_run=False, is_same=False, openings=0)
    run(command(folder, out, "--resume"))
    is_same = all((out / n).read_bytes() == (reference / n).read_bytes() for n in FILES)
    openings = json.loads((out / "seal.json").read_text())["openings"]
    return Outcome(True, is_same and not (out / "journal.rung").exists(), openings)


def measure(n_kills: int, seed: int) -> dict[str, object]:
    """Kill until `n_kills` landed in the middle of a run."""
    rng = random.Random(seed)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_table(folder / "table.csv")
        whole = run(command(folder, folder / "reference"))
        while sum(outcome.is_mid_run for outcome in outcomes) < n_kills:
            outcomes.append(try_once(folder, folder / "reference", rng.uniform(0.5, whole)))
            write(summary(outcomes, seed, whole))
    return summary(outcomes, seed, whole)


def summary(outcomes: list[Outcome], seed: int, whole: float) -> dict[str, object]:
    """Count what came of all kills so far."""
    landed = [outcome for outcome in outcomes if outcome.is_mid_run]
    return {
        "kills": len(outcomes),
        "landed_mid_run": len(landed),
        "same_bytes": sum(outcome.is_same for outcome in landed),
        "opened_once": sum(outcome.openings == 1 for outcome in landed),
        "seed": seed,
        "rows": N_ROWS,
        "families": FAMILIES,
        "seconds_of_a_whole_run": round(whole, 1),
    }


def write(results: dict[str, object]) -> None:
    """Write the results so far: a benchmark that is stopped has something to say too."""
    (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Run the benchmark and write its results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    results = measure(given.kills, given.seed)
    write(results)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
