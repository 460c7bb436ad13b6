"""Read damaged files of binary formats: `python -m benchmarks.readers.mutants --count 20000`.

Each file goes through what the isolated child does, many in one process, within limits of time and
memory. A process that ends is what isolation is for: its parent says so in one message. Anything
but a table, an error of rung's own or such an end is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.modelfile.damage import damaged
from benchmarks.readers.subjects import subjects
from rung.data import isolated

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("mutants.json")
SECONDS_EACH, BYTES = 20, 8 << 30
BATCH = 1_000


def child(first: int, last: int, seed: int, log: Path) -> None:
    """Try the files of these numbers, and write what comes of each."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with tempfile.TemporaryDirectory() as folder:
        forms = subjects(Path(folder))
        names = sorted(forms)
        for number in range(first, last):
            name = names[number % len(names)]
            reader, suffix, data = forms[name]
            what, changed = damaged(data, np.random.default_rng((seed, number)))
            path = Path(folder, f"t{suffix}")
            path.write_bytes(changed)
            os.write(handle, f"{json.dumps([number, name, what])}\n".encode())
            signal.alarm(SECONDS_EACH)
            outcome = _try(reader, path, len(changed), Path(folder))
            signal.alarm(0)
            os.write(handle, f"{json.dumps([number, name, what, outcome])}\n".encode())


def _try(reader: str, path: Path, size: int, folder: Path) -> str:
    request = {
        "reader": reader,
        "name": path.name,
        "path": str(path),
        "packed": size,
        "table": "",
        "options": {},
        "folder": str(folder),
        "bytes": BYTES,
    }
    try:
        told = isolated._read(request, folder)  # noqa: SLF001 -- what the child does is on trial
    except BaseException as error:  # noqa: BLE001 -- any is what is looked for
        return f"raises {type(error).__name__}: {error}"[:200]
    if "error" not in told:
        return "read"
    lines = told["message"].splitlines()
    return "refused" if len(lines) == 1 and path.name in lines[0] else f"says {lines[:2]}"[:200]


def run(count: int, seed: int) -> dict[str, Any]:
    """Try so many files, and return what was found, JSON-ready."""
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[list[Any]] = []
    done = 0
    while done < count:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "log")
            words = [sys.executable, "-m", "benchmarks.readers.mutants", "--child"]
            words += [str(done), str(min(done + BATCH, count)), str(seed), str(log)]
            paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
            code = subprocess.run(words, env={**os.environ, **paths}, check=False).returncode
            lines = (
                [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
            )
        if not lines:
            raise RuntimeError(f"a child ended with code {code} before its first file")
        finished = {line[0]: line for line in lines if len(line) == 4}
        for number, name, what, outcome in finished.values():
            is_good = outcome in ("read", "refused")
            counts[name, outcome if is_good else "failure"] += 1
            failures += [] if is_good else [[number, name, what, outcome]]
        last = lines[-1]
        if last[0] not in finished:
            said = "hung" if code == -signal.SIGALRM else "ended its process"
            counts[last[1], said if code < 0 else "failure"] += 1
            failures += [] if code < 0 else [[*last, f"exit code {code}"]]
        done = last[0] + 1
    forms: dict[str, dict[str, int]] = {}
    for (name, outcome), number in sorted(counts.items()):
        forms.setdefault(name, {})[outcome] = number
    return {"seed": seed, "count": count, "forms": forms, "failures": failures}


def main() -> None:
    """Run, print and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--child", nargs=4, metavar=("FIRST", "LAST", "SEED", "LOG"))
    asked = parser.parse_args()
    if asked.child:
        first, last, seed = map(int, asked.child[:3])
        child(first, last, seed, Path(asked.child[3]))
        return
    found = run(asked.count, asked.seed)
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for name, counts in found["forms"].items():
        print(f"{name:10}", ", ".join(f"{n} {what}" for what, n in counts.items()))
    print(f"{len(found['failures'])} failures of {found['count']}")


if __name__ == "__main__":
    main()
