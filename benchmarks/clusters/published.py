"""Print the rates that a page of groups shows, from the files of measurements here.

python -m benchmarks.clusters.published
"""

from __future__ import annotations

import json
from pathlib import Path

from rung.groups.rates import Rate

FOLDER = Path(__file__).parent
FILES = ("rows_300.json",)
KINDS = {
    "one group of any shape": ("box", "correlated", "heavy", "lognormal", "banana", "ring"),
    "2 to 8 groups, 3 standard deviations apart": tuple(f"{k} touching" for k in (2, 3, 5, 8)),
    "2 to 8 groups, 4.5 apart": tuple(f"{k} apart" for k in (2, 3, 5, 8)),
    "2 to 8 groups, 6 apart": tuple(f"{k} clear" for k in (2, 3, 5, 8)),
    "3 or 4 unequal or stretched groups, 6 apart": ("4 unequal, clear", "3 stretched, clear"),
    "2 bent groups": ("two moons", "ring about a group"),
}


def published(name: str) -> tuple[int, str, tuple[Rate, ...]]:
    """Return the rows and columns of the tables of a file, and the rates by what they hold."""
    found = json.loads((FOLDER / name).read_text("utf-8"))
    worlds = {one["world"]: one for one in found["worlds"]}
    rates = []
    for kind, names in KINDS.items():
        parts = [worlds[one] for one in names]
        n = sum(one["tables"] for one in parts)
        shares = (
            sum(one["tables"] * share for one, share in zip(parts, each, strict=True)) / n
            for each in (
                [one["right"]["rung"] for one in parts],
                [one["false"] for one in parts],
                [one["undecided"] for one in parts],
            )
        )
        rates.append(Rate(kind, n, *(round(share, 2) for share in shares)))
    return found["arguments"]["rows"], found["arguments"]["columns"], tuple(rates)


if __name__ == "__main__":
    for one in FILES:
        rows, columns, rates = published(one)
        print(f"{rows}: ({columns!r},", *(f"    {rate!r}," for rate in rates), "),", sep="\n")
