"""Run the benchmark: `python -m benchmarks.photoz`. One thread; processor seconds."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.photoz.cases import CASES
from benchmarks.photoz.climbing import Climbed, by_class, climb, held_against, record
from benchmarks.photoz.pictures import FILES, drawn, numbers
from benchmarks.photoz.showing import readme
from rung.compute import one_thread_each

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")


def main() -> None:
    """Climb every case, and write figures, page and pictures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photoz")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", nargs="+", default=[case.name for case in CASES])
    parser.add_argument("--show", action="store_true", help="write the page from old figures")
    options = parser.parse_args()
    if options.show:
        write(json.loads(RESULTS.read_text(encoding="utf-8")))
        return
    found: dict[str, Any] = {"cases": {}, "classes": {}, "changes": {}, "pictures": {}}
    done: dict[str, Climbed] = {}
    with one_thread_each():
        for case in CASES:
            if case.name not in options.only:
                continue
            climbed = done[case.name] = climb(case)
            found["cases"][case.name] = record(climbed)
            if case.name == "sdss":
                found["classes"] = by_class(climbed, climbed.run.verdict.family)
            if case.besides in done:
                found["changes"][case.name] = held_against(done[case.besides], climbed)
            if case.name in ("galaxies", "lsst"):
                found["pictures"][case.name] = numbers(climbed)
            sys.stderr.write(f"{case.name}: {climbed.run.verdict}\n")
    found["processor_s"] = round(time.process_time(), 1)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    if options.out == RESULTS:
        write(json.loads(text))


def write(found: dict[str, Any]) -> None:
    """Write the page and its pictures from the figures."""
    README.write_text(readme(found), encoding="utf-8")
    for name in FILES:
        README.with_name(name).write_text(drawn(name, found["pictures"]), encoding="utf-8")


if __name__ == "__main__":
    main()
