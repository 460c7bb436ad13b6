"""Print the share of tables whose number of groups is right, by world and method.

python -m benchmarks.clusters --rows 300 --columns 2,5,12 --tables 5 --seed 2027 --others
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.special import betaincinv

from benchmarks.clusters.others import OTHERS
from benchmarks.clusters.worlds import GROUPS, NONE, World
from rung.groups.count import find_groups
from rung.typing import Array


def table(world: World, key: tuple[int, ...], n_rows: int, n_columns: int) -> Array:
    """Draw a standardised table."""
    X, _ = world.draw(np.random.default_rng(key), n_rows, n_columns)
    return (X - X.mean(axis=0)) / X.std(axis=0)


def interval(count: int, n: int) -> list[float]:
    """Return the 95 % interval of a share of tables.

    Source
    ------
    Clopper & Pearson (1934).

    Examples
    --------
    >>> interval(0, 15)
    [0.0, 0.218]
    """
    low = betaincinv(count, n - count + 1, 0.025) if count else 0.0
    high = betaincinv(count + 1, n - count, 0.975) if count < n else 1.0
    return [round(float(low), 3), round(float(high), 3)]


def measure(world: World, args: argparse.Namespace) -> dict[str, object]:
    """Return shares right of one world, and what rung says otherwise."""
    right: Counter[str] = Counter()
    false, undecided, seconds, n = 0, 0, 0.0, 0
    for d in map(int, args.columns.split(",")):
        for number in range(args.tables):
            X = table(world, (args.seed, number, d), args.rows, d)
            began = time.process_time()
            found = find_groups(X, seed=number)
            seconds += time.process_time() - began
            n += 1
            right["rung"] += (
                found.verdict == ("none" if world.k == 1 else "groups") and found.k == world.k
            )
            false += found.verdict == "groups" and found.k != world.k
            undecided += found.verdict == "undecided"
            for name, method in OTHERS.items() if args.others else ():
                right[name] += method(X) == world.k
    return {
        "world": world.name,
        "k": world.k,
        "tables": n,
        "right": {name: round(count / n, 3) for name, count in right.items()},
        "false": round(false / n, 3),
        "false_interval": interval(false, n),
        "undecided": round(undecided / n, 3),
        "seconds": round(seconds / n, 3),
    }


def chosen(names: str) -> list[World]:
    """Return worlds by their names, all for no name and those without groups for `none`."""
    if names == "none":
        return list(NONE)
    wanted = [name.strip() for name in names.split(";")]
    return [world for world in (*NONE, *GROUPS) if not names or world.name in wanted]


def main() -> None:
    """Measure every world and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--columns", default="2,5,12")
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2027)  # rules were chosen on 7 and 99
    parser.add_argument("--worlds", default="", help="names, separated by semicolons; `none`")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    found = []
    for world in chosen(args.worlds):
        found.append(measure(world, args))
        print(json.dumps(found[-1]), flush=True)
        if args.out:
            args.out.write_text(
                json.dumps({"arguments": vars(args) | {"out": ""}, "worlds": found}, indent=1)
                + "\n"
            )


if __name__ == "__main__":
    main()
