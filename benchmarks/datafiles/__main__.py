"""Run the benchmark: `python -m benchmarks.datafiles`.

One small table in every form is changed, and read in child processes with limits of time and memory.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.datafiles.forms import Form, made
from benchmarks.datafiles.worker import changed, try_out
from rung.data import isolated

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.json")
# Searched first by children, so that a test can make one fail.
EXTRA_PATH: tuple[str, ...] = ()
BATCH = 2_000
SECONDS_A_BATCH = 900
SECONDS_AGAIN = 20.0
OUTCOMES = ("refused", "read", "failure")
ENDS = "ends with"


def run(count: int, seed: int) -> dict[str, Any]:
    """Try so many files, and return what was found, JSON-ready."""
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[dict[str, Any]] = []
    forms = made()
    grown = done = ended = 0
    while done < count:
        lines, code = _child(done, min(done + BATCH, count), seed)
        for number, name, what, said, *memory in lines:
            is_end = said.startswith(ENDS) and bool(forms[name].suffix)  # texts have no child
            outcome = again(forms[name], number, seed) if is_end else said
            ended += is_end
            is_good = outcome in OUTCOMES[:2]
            counts[name, outcome if is_good else "failure"] += 1
            grown = max(grown, *memory, 0)
            if not is_good:
                failures.append({"number": number, "form": name, "change": what, "said": outcome})
        if not lines:
            raise RuntimeError(f"a child ended with code {code} before its first file")
        done = lines[-1][0] + 1
    found: dict[str, dict[str, int]] = {}
    for (name, outcome), number in sorted(counts.items()):
        found.setdefault(name, dict.fromkeys(OUTCOMES, 0))[outcome] += number
    return {
        "seed": seed,
        "count": count,
        "forms": found,
        "ended": ended,
        "failures": failures,
        "most_megabytes_grown": round(grown / 1024),
    }


def again(form: Form, number: int, seed: int) -> str:
    """Read a file that ended its process as a user does: in a child, within limits."""
    with tempfile.TemporaryDirectory() as folder, patch.object(isolated, "SECONDS", SECONDS_AGAIN):
        return try_out(form, changed(form.data, (seed, number))[1], Path(folder, "table"))


def _child(first: int, last: int, seed: int) -> tuple[list[list[Any]], int]:
    """Run one child; a file during which it ended is the last, with its ending as outcome."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
    paths = {"PYTHONPATH": os.pathsep.join([*EXTRA_PATH, str(ROOT), str(ROOT / "src")])}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        words = [sys.executable, "-m", "benchmarks.datafiles.worker"]
        code = subprocess.run(
            [*words, str(first), str(last), str(seed), str(log)],
            env=os.environ | dict.fromkeys(variables, "1") | paths,
            cwd=ROOT,
            timeout=SECONDS_A_BATCH,
            capture_output=True,
            check=False,
        ).returncode
        read = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    finished = [line for line in read if len(line) > 3]
    if code and read and len(read[-1]) == 3:
        said = f"{ENDS} {signal.Signals(-code).name}" if code < 0 else f"exits with {code}"
        finished.append([*read[-1], said])
    return finished, code


def table(found: dict[str, Any]) -> str:
    """Lay the counts out for the README."""
    rows = {name: [counts[key] for key in OUTCOMES] for name, counts in found["forms"].items()}
    rows["**all**"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    lines = [
        f"| {name} | {sum(numbers):,} | " + " | ".join(f"{number:,}" for number in numbers) + " |"
        for name, numbers in rows.items()
    ]
    return "\n".join(
        ["| form | files | refused | read | failures |", "|---|---|---|---|---|", *lines]
    )


def main() -> None:
    """Read the options, try all files, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.datafiles")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    found = run(options.count, options.seed)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{table(found)}\n")
    sys.exit(bool(found["failures"]))


if __name__ == "__main__":
    main()
