"""Read messy files of our own making: `python -m benchmarks.readers.messy`.

Fifteen tables are written in all habits of `messy_habits.py` and `messy_more.py` that they can be
written in. A file is *exact* where names and all cells are those of the table, *refused* where one
message says what to do, *said* where something else was read and a warning was given, and *wrong*
where something else was read in silence: the worst.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.readers import messy_more, messy_programs  # noqa: F401 -- list their habits
from benchmarks.readers.messy_habits import HABITS, Messy
from benchmarks.readers.messy_mixed import mixed
from benchmarks.readers.messy_tables import clean_tables
from rung.data.readers.reader import Source, find_reader
from rung.data.table import ReadOptions
from rung.errors import RungError

N_MIXED = 30
RESULTS = Path(__file__).with_name("messy.json")


def messy_files(seed: int) -> dict[tuple[str, str], Messy]:
    """Return every table in every habit that it can be written in."""
    made = {
        (habit, name): write(table)
        for habit, write in HABITS.items()
        for name, table in clean_tables(seed).items()
    }
    found = {key: one for key, one in made.items() if one is not None}
    for name, table in clean_tables(seed).items():
        for i in range(N_MIXED if len(table.names) > 1 else 0):
            rng = np.random.default_rng((seed, len(found)))
            found[f"mixed{i}", name] = mixed(table, rng)
    return found


def judge(one: Messy) -> tuple[str, str]:
    """Return the outcome of reading a file, and what was said."""
    try:
        source = Source("t.csv", data=one.data)
        found = find_reader(source).read(source, ReadOptions())
    except RungError as error:
        return "refused", f"{error.message} | {error.remedy}"
    names = [name.strip() for name in found.frame.columns]
    rows = [["" if cell is None else cell.strip() for cell in row] for row in found.frame.rows()]
    wanted = [[cell.strip() for cell in row] for row in one.rows]
    is_named = len(names) == len(one.names) and all(
        want is None or want.strip() == name for want, name in zip(one.names, names, strict=True)
    )
    if is_named and rows == wanted:
        return "exact", ""
    warned = [each.message for each in found.findings if each.severity == "warning"]
    place = next((i for i, (a, b) in enumerate(zip(rows, wanted, strict=False)) if a != b), None)
    said = f"{names[:6]} x{len(names)}, {len(rows)} rows not {len(wanted)}"
    said += f"; row {place}: {rows[place][:6]}" if place is not None else ""
    return ("said" if warned else "wrong"), said + f" {warned}"


def run(seed: int) -> dict[str, Any]:
    """Return the outcome of every file, JSON-ready."""
    outcomes = {key: judge(one) for key, one in messy_files(seed).items()}
    counts = Counter(what for what, _ in outcomes.values())
    others = {
        f"{habit} {name}": [what, said[:300]]
        for (habit, name), (what, said) in outcomes.items()
        if what != "exact"
    }
    return {"seed": seed, "files": len(outcomes), "counts": dict(counts), "not_exact": others}


def main() -> None:
    """Run, print and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    found = run(asked.seed)
    asked.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(", ".join(f"{n} {what}" for what, n in found["counts"].items()), f"of {found['files']}")


if __name__ == "__main__":
    main()
