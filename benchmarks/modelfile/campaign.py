"""Send changed files to child processes, and find the file that ended one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.modelfile.subjects import Subject
from benchmarks.modelfile.worker import KINDS

ROOT = Path(__file__).resolve().parents[2]
# Searched first by children, so that a test can make one fail.
EXTRA_PATH: tuple[str, ...] = ()
BATCH = 1_000
SECONDS_A_BATCH = 1_200
GOOD = ("refused", "refused rows", "predicted")
Job = tuple[int, int, str, tuple[int, ...]]


@dataclass
class Tally:
    """Count outcomes.

    Attributes
    ----------
    outcomes : Counter
        Files by (kind, change, outcome).
    by_subject : Counter
        Files by (subject, kind, outcome).
    failures : list of dict
        Everything but a refusal or a finite prediction, with what is needed to do it again.
    most_memory : int
        Bytes by which a child grew at most while it read changed files.
    """

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    by_subject: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)
    most_memory: int = 0


def run(
    subjects: Sequence[Subject],
    count: int,
    *,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Tally:
    """Try `count` damaged and `count` forged files, dealt evenly to the subjects.

    Parameters
    ----------
    subjects : sequence of Subject
        Files to change.
    count : int
        Files of each kind.
    seed : int
        Seed of every change.
    tell : callable
        Told how far it is.
    """
    tally = Tally()
    jobs: list[Job] = [
        (number, number % len(subjects), kind, (seed, number))
        for kind in KINDS
        for number in range(count)
    ]
    # Jobs of one subject stand together: a child reads few files of its own.
    jobs.sort(key=lambda job: (job[1], KINDS.index(job[2]), job[0]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i, subject in enumerate(subjects):
            (folder / f"{i}.rung").write_bytes(subject.data)
        while jobs:
            done = _run_batch(folder, jobs[:BATCH], subjects, tally)
            jobs = jobs[done:]
            tell(f"{len(jobs)} files left, {len(tally.failures)} failures")
    return tally


def _run_batch(folder: Path, jobs: Sequence[Job], subjects: Sequence[Subject], tally: Tally) -> int:
    """Run one child over jobs; return how many are done, the one that ended it included."""
    log, listed = folder / "log", folder / "jobs.json"
    log.write_bytes(b"")
    listed.write_text(json.dumps(jobs), encoding="utf-8")
    code, said = _start(folder, listed, log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    finished = [line for line in lines if len(line) == 4]
    for job, (_, what, outcome, grown) in zip(jobs, finished, strict=False):
        tally.most_memory = max(tally.most_memory, 1024 * grown)
        _count(tally, job, what, outcome, subjects)
    if len(finished) == len(jobs):
        return len(jobs)
    if len(lines) % 2 == 0:  # it ended between two files: a fault of the harness
        raise RuntimeError(f"a child ended with code {code} without a file: {said[-2_000:]}")
    _count(tally, jobs[len(finished)], lines[-1][1], _ending(code), subjects)
    return len(finished) + 1


def _start(folder: Path, listed: Path, log: Path) -> tuple[int, str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*EXTRA_PATH, str(ROOT), str(ROOT / "src")]),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.modelfile.worker", *map(str, (folder, listed, log))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS_A_BATCH,
        check=False,
    )
    return done.returncode, done.stderr


def _ending(code: int) -> str:
    if code == -signal.SIGALRM:
        return "hangs"
    return f"ends with signal {signal.Signals(-code).name}" if code < 0 else f"exits with {code}"


def _count(tally: Tally, job: Job, what: str, outcome: str, subjects: Sequence[Subject]) -> None:
    number, subject, kind, key = job
    is_good = outcome in (GOOD if kind == "forged" else GOOD[:1])
    counted = outcome if is_good else "failure"
    tally.outcomes[kind, what, counted] += 1
    tally.by_subject[subjects[subject].title, kind, counted] += 1
    if not is_good:
        tally.failures.append(
            {
                "subject": subjects[subject].title,
                "kind": kind,
                "change": what,
                "key": list(key),
                "number": number,
                "outcome": outcome,
            }
        )
