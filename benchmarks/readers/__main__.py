"""Run the benchmark: `python -m benchmarks.readers --files FOLDER --clean FOLDER [--peers PYTHON]`.

The files are those of Pollock (Vitagliano et al. 2023, PVLDB 16): one table, polluted in many ways,
each with the clean table that it should give.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.readers.scoring import clean_table, outcome
from rung.data.reading import load_frame
from rung.data.table import ReadOptions
from rung.errors import RungError

RESULTS = Path(__file__).with_name("results.json")
PEERS = Path(__file__).with_name("peers.py")


def read_by_rung(path: Path, table: str = "") -> list[list[Any]] | None:
    """Return names and rows, or None where the file is refused."""
    for may_be_empty in (False, True):
        try:
            found, _ = load_frame(path, ReadOptions(may_be_empty=may_be_empty, table=table))
        except RungError:
            continue
        return [found.frame.columns, *map(list, found.frame.rows())]
    return None


def run(files: Path, clean: Path, peers: Path | None) -> dict[str, Any]:
    """Return the outcome of every file and reader, JSON-ready."""
    tables = {path.name: clean_table(clean / path.name) for path in sorted(files.glob("*.csv"))}
    found: dict[str, dict[str, Any]] = {
        "rung": {name: read_by_rung(files / name) for name in tables},
        # What the message says to do where a file holds several tables.
        "rung --table 1": {name: read_by_rung(files / name, "1") for name in tables},
    }
    if peers is not None:
        words = [str(peers), str(PEERS), str(files)]
        done = subprocess.run(words, capture_output=True, check=True)
        found |= json.loads(done.stdout)
    outcomes = {
        reader: {name: outcome(rows, tables[name], name) for name, rows in each.items()}
        for reader, each in found.items()
    }
    counts = {reader: dict(Counter(each.values())) for reader, each in outcomes.items()}
    not_exact = {
        reader: {name: said for name, said in each.items() if said != "exact"}
        for reader, each in outcomes.items()
        if reader.startswith("rung")
    }
    return {"files": len(tables), "counts": counts, "not_exact": not_exact}


def main() -> None:
    """Run, print and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, required=True, help="folder of polluted files")
    parser.add_argument("--clean", type=Path, required=True, help="folder of their clean versions")
    parser.add_argument("--peers", type=Path, help="Python with pandas, polars, duckdb, clevercsv")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    found = run(asked.files, asked.clean, asked.peers)
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for reader, counts in found["counts"].items():
        said = ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
        print(f"{reader:16} {said} of {found['files']}")


if __name__ == "__main__":
    main()
