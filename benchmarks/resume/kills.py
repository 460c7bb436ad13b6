"""Kill a run with SIGKILL at seeded moments of its journal, resume it, and compare every byte.

A moment is a size of the journal, which grows whenever a family is finished, and a while after it,
so that kills land in the middle of families whatever the speed of the machine. One run is killed
and resumed several times before it may finish: what is tested is the same, and most of the time of
a small run is the start of Python.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

FILES = ("results.json", "model.rung", "seal.json", "out_of_fold.parquet", "report.html")
POLL = 0.001
# The ledger is for one's own openings, and its report would tell of those of the run before.
QUIET = ("--quiet", "--no-ledger")


@dataclass(frozen=True)
class Trial:
    """Say which run is killed: a table's folder, options of `rung fit`, seconds to linger at most."""

    folder: Path
    options: tuple[str, ...]
    linger: float = 0.0

    def command(self, out: Path, *extra: str) -> list[str]:
        """Return the words of one run."""
        words = ["fit", str(self.folder / "table.csv"), "--target", "kind", *self.options]
        return [sys.executable, "-m", "rung", *words, "--out", str(out), *QUIET, *extra]

    def finish(self, out: Path, *extra: str) -> None:
        """Run to the end."""
        subprocess.run(self.command(out, *extra), check=True, capture_output=True)


@dataclass(frozen=True)
class Outcome:
    """What came of one run: kills that landed in it, and what it wrote in the end."""

    kills: int
    is_same: bool
    openings: int


def write_table(path: Path, n_rows: int) -> None:
    """Write a table of numbers, categories and missing cells, and two classes."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(n_rows, 4))
    colour = rng.choice(["blue", "green", "red"], n_rows)
    score = numbers[:, 0] * numbers[:, 1] + (colour == "red") + rng.normal(size=n_rows)
    frame = pl.DataFrame(numbers, schema=[f"x{i}" for i in range(4)])
    frame = frame.with_columns(x3=pl.when(pl.col("x3") > 1.5).then(None).otherwise(pl.col("x3")))
    frame.with_columns(colour=colour, kind=np.where(score > 0.5, "star", "galaxy")).write_csv(path)


@dataclass(frozen=True)
class Moment:
    """Say when to kill: so many seconds after the journal has grown beyond so many bytes.

    With -1 bytes it is when the sealed rows are recorded as opened.
    """

    size: int
    linger: float = 0.0


def watch(trial: Trial, out: Path, *, until: Moment | None, extra: tuple[str, ...] = ()) -> int:
    """Run, and kill at a moment if there is one; return the most bytes the journal was seen with.

    Something must be kept that an earlier kill did not leave behind: every kill lands in new work.
    """
    journal, seal = out / "journal.rung", out / "seal.json"
    before, most = _kept(out), _size(journal)
    process = subprocess.Popen(
        trial.command(out, *extra), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, _size(journal))
        if until is not None and (
            seal.exists() if until.size == -1 else most >= until.size and _kept(out) != before
        ):
            time.sleep(until.linger)
            process.kill()
            process.wait()
            break
        time.sleep(POLL)
    return most


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # not yet, or no more
        return 0


def _kept(out: Path) -> dict[str, int]:
    """Return what is kept of finished families and jobs, in bytes."""
    files = (out / "journal.rung", *out.glob(".rung-jobs-*"))
    return {path.name: _size(path) for path in files}


def is_unfinished(out: Path) -> bool:
    """Tell whether a run was killed while it climbed, or before it had written all."""
    return (out / "journal.rung").exists()


def try_once(trial: Trial, reference: Path, moments: list[Moment]) -> Outcome:
    """Kill one run at each of these moments in turn, let it finish, and compare."""
    out = trial.folder / "killed"
    shutil.rmtree(out, ignore_errors=True)
    kills = 0
    for moment in moments:
        watch(trial, out, until=moment, extra=("--resume",) if kills else ())
        if not is_unfinished(out):
            break
        kills += 1
    else:
        trial.finish(out, "--resume")
    is_same = all((out / n).read_bytes() == (reference / n).read_bytes() for n in FILES)
    openings = json.loads((out / "seal.json").read_text())["openings"]
    return Outcome(kills, is_same and not is_unfinished(out), openings)


def draw_moments(
    rng: random.Random, first: int, last: int, n_kills: int, linger: float = 0.0
) -> list[Moment]:
    """Draw moments, ascending; at times the last kill comes after the opening."""
    sizes = sorted(rng.randint(first + 1, last) for _ in range(n_kills))
    moments = [Moment(size, rng.uniform(0, linger)) for size in sizes]
    return [*moments[:-1], Moment(-1)] if rng.random() < 1 / 2 else moments


def run_trials(trial: Trial, n_kills: int, *, each: int, seed: int) -> list[Outcome]:
    """Kill runs until so many kills have landed; each run is killed up to `each` times."""
    rng, outcomes = random.Random(seed), list[Outcome]()
    reference = trial.folder / "reference"
    last = watch(trial, reference, until=None)
    while (left := n_kills - sum(outcome.kills for outcome in outcomes)) > 0:
        moments = draw_moments(rng, last // 20, last, min(each, left), trial.linger)
        outcomes.append(try_once(trial, reference, moments))
        if len(outcomes) > 2 * n_kills:
            raise RuntimeError(f"only {n_kills - left} kills landed in {len(outcomes)} runs")
    return outcomes
