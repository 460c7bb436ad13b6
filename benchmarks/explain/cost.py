"""Measure what explanations and the page add to a run: `python -m benchmarks.explain.cost`.

Each table is fitted in a process of its own, with one job at a time, so that the processor's
seconds are all there and imports count as a user pays them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from benchmarks.explain.showing import write_readme
from benchmarks.peers.tables import ROOT

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
GALAXY = ("NUVr", "lgGF", "model_r", "expAB_r", "petrR50_r", "CINDX", "INCL")
CLOCKS = (time.process_time, time.perf_counter)


def _diabetes() -> Any:
    from sklearn.datasets import load_diabetes

    return load_diabetes(as_frame=True, scaled=False).frame


def _iris() -> Any:
    from sklearn.datasets import load_iris

    bunch = load_iris(as_frame=True)
    return bunch.data.assign(species=bunch.target_names[bunch.target])


def _galaxies() -> Any:
    import polars as pl

    table = pl.read_csv(ROOT / "xgass" / "xGASS_representative_sample.csv", columns=list(GALAXY))
    return table.filter(pl.col("NUVr") > -90)


TABLES: MappingProxyType[str, tuple[Callable[[], Any], str]] = MappingProxyType(
    {
        "iris": (_iris, "species"),
        "diabetes": (_diabetes, "target"),
        "insurance": (lambda: str(ROOT / "insurance" / "insurance.csv"), "charges"),
        "concrete": (lambda: str(ROOT / "concrete" / "concrete.csv"), "strength"),
        "xGASS": (_galaxies, "lgGF"),
    }
)
PARTS = ("ladder", "page")
# Where the work of the two is done: families are fitted; explained, and put on a page.
PLACES = MappingProxyType(
    {
        "rung.workbench.run.climb": "ladder",
        "rung.workbench.run.explained": "page",
        "rung.workbench.run.explain": "page",
        "rung.workbench.verbs.write_page": "page",
    }
)


@dataclass
class Meter:
    """Seconds by name, of the processor and of the clock."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function, its seconds added to those of a name."""

        @wraps(work)
        def measured(*given: Any, **named: Any) -> Any:
            start = [clock() for clock in CLOCKS]
            try:
                return work(*given, **named)
            finally:
                known = self.seconds.setdefault(name, [0.0, 0.0])
                for i, clock in enumerate(CLOCKS):
                    known[i] += clock() - start[i]

        return measured


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Fit a table with its page; return seconds by part, and how many bytes the page has."""
    import rung

    read, target = TABLES[name]
    meter, table = Meter(), read()
    with ExitStack() as held:
        for place, part in PLACES.items():
            module, function = place.rsplit(".", 1)
            work = getattr(import_module(module), function)
            held.enter_context(patch(place, meter.around(part, work)))
        run = rung.fit(table, target, out=folder, force=True, threads=1, ledger=False)
    page = (folder / "report.html").stat().st_size
    (ladder, ladder_clock), (whole, whole_clock) = (meter.seconds[part] for part in PARTS)
    return {
        "table": name,
        "shown": list(dict.fromkeys([run.result.choice.family, run.result.choice.leader])),
        "ladder_s": round(ladder, 2),
        "page_s": round(whole, 2),
        "share": round(whole / ladder, 3),
        "clock_share": round(whole_clock / ladder_clock, 3),
        "page_kB": round(page / 1000),
    }


def _alone(name: str, folder: Path) -> str:
    """Return what a process of its own says of a table."""
    command = [sys.executable, "-m", "benchmarks.explain.cost", "--one", name, "--folder", folder]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def main() -> None:
    """Measure all tables; replace them in results.json, and write README.md anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=tuple(TABLES), help="only this, to standard output")
    parser.add_argument("--folder", type=Path, required=True, help="folder for the runs")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, asked.folder / asked.one)))
        return
    found = [json.loads(_alone(name, asked.folder)) for name in TABLES]
    results = {**json.loads(RESULTS.read_text(encoding="utf-8")), "cost": found}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_readme(results, HERE / "README.md")


if __name__ == "__main__":
    main()
