"""Run the benchmark: `python -m benchmarks.modelfile`.

Files that rung wrote, one a family and task, are damaged or forged, loaded and used for
predictions in child processes with a limit of time and memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.modelfile.campaign import Tally, run
from benchmarks.modelfile.damage import DAMAGES
from benchmarks.modelfile.forge import EDITS, HEADER, SEVERAL
from benchmarks.modelfile.subjects import Subject, subjects
from benchmarks.modelfile.texts import text_subjects

RESULTS = Path(__file__).with_name("results.json")
OUTCOMES = ("refused", "refused rows", "predicted", "failure")


def summary(tally: Tally) -> dict[str, Any]:
    """Return counts by kind, change and outcome, JSON-ready."""
    counts: dict[str, dict[str, dict[str, int]]] = {"damaged": {}, "forged": {}}
    for (kind, what, outcome), number in sorted(tally.outcomes.items()):
        counts[kind].setdefault(what, dict.fromkeys(OUTCOMES, 0))[outcome] += number
    families: dict[str, dict[str, dict[str, int]]] = {}
    for (title, kind, outcome), number in tally.by_subject.items():
        of_family = families.setdefault(title.split()[0], {})
        of_family.setdefault(kind, dict.fromkeys(OUTCOMES, 0))[outcome] += number
    return {
        "counts": counts,
        "families": families,
        "failures": tally.failures,
        "most_megabytes_grown": round(tally.most_memory / 1e6, 1),
    }


def table(found: dict[str, Any]) -> str:
    """Lay the counts out for the README."""
    lines = [
        "| change | files | refused | rows refused | finite predictions | failures |",
        "|---|---|---|---|---|---|",
    ]
    for kind, changes in (("damaged", [*DAMAGES]), ("forged", [*EDITS, SEVERAL, HEADER])):
        counts = found["counts"][kind]
        rows = [(what, [counts[what][name] for name in OUTCOMES]) for what in changes]
        rows.append(
            ("**all**", [sum(column) for column in zip(*(r for _, r in rows), strict=True)])
        )
        lines += [
            f"| {kind}: {what} | {sum(numbers):,} | " + " | ".join(f"{n:,}" for n in numbers) + " |"
            for what, numbers in rows
        ]
    return "\n".join(lines)


def family_table(found: dict[str, Any]) -> str:
    """Lay the counts of each family out for the README."""
    lines = [
        "| family | damaged | refused | forged | refused | refused later | predictions | failures |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, kinds in found["families"].items():
        damaged, forged = kinds["damaged"], kinds["forged"]
        numbers = [sum(damaged.values()), damaged["refused"], sum(forged.values())]
        numbers += [forged[outcome] for outcome in OUTCOMES[:3]]
        numbers.append(damaged["failure"] + forged["failure"])
        lines.append(f"| {name} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    return "\n".join(lines)


def try_all(made: list[Subject], count: int, seed: int) -> dict[str, Any]:
    """Change the files of these subjects, try all, and return what was found, JSON-ready."""
    start = time.perf_counter()
    tally = run(made, count, seed=seed, tell=_tell)
    return {
        "seed": seed,
        "count": count,
        "subjects": [subject.title for subject in made],
        "seconds": round(time.perf_counter() - start),
        **summary(tally),
    }


def main() -> None:
    """Read the options, try all files, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.modelfile")
    parser.add_argument("--count", type=int, default=10_000, help="files of each of both kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    found = try_all(list(subjects()), options.count, options.seed)
    found["text"] = try_all(list(text_subjects()), options.count, options.seed)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{table(found)}\n\n{family_table(found['text'])}\n")
    sys.exit(bool(found["failures"] or found["text"]["failures"]))


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
