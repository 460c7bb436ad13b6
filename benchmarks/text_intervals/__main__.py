"""Run the benchmark: `python -m benchmarks.text_intervals TEXT`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.text_intervals.worlds import autoregressive, covered, deal, real_losses, stretch

RESULTS = Path(__file__).with_name("results.json")
SIZES = (200, 500, 2_000)
LIKENESS = (0.0, 0.1, 0.3, 0.5, 0.8)


def campaign(text: Path, n_runs: int, seed: int) -> list[dict[str, Any]]:
    """Return the coverage of every world, size and rule."""
    cells: list[dict[str, Any]] = []
    rng = np.random.default_rng(seed)
    for m in SIZES:
        for rho in LIKENESS:
            for dealt in (True, False):
                values = autoregressive(m, rho, n_runs, rng, dealt=dealt)
                world = f"AR(1), rho {rho}, {'dealt' if dealt else 'in a row'}"
                cells.append({"world": world, "m": m, **covered(values, 0.0)})
    for name in ("bigram", "ngram"):
        losses = real_losses(text, name)
        for m in SIZES:
            for way in (deal, stretch):
                values = way(losses, m, n_runs, rng)
                world = f"{name} on tinyshakespeare, {'dealt' if way is deal else 'in a row'}"
                cells.append({"world": world, "m": m, **covered(values, float(losses.mean()))})
    return cells


def readme(found: dict[str, Any]) -> str:
    """Return the page of a campaign."""
    cells = found["cells"]
    lowest = min(one["rung"] for one in cells if "dealt" in one["world"])
    return f"""# Intervals of a stream's loss

How often a nominal 95 % interval of a mean loss a segment holds the true one, where neighbouring segments are alike.
`python -m benchmarks.text_intervals PATH/input.txt` draws {found["runs"]:,} streams a cell (Monte-Carlo error
{found["monte_carlo_error"]:.3f}) and writes this page. *As if independent* is the plain standard error; *1 + 2r* widens its
variance by the correlation r of a segment with the next; *rung* takes (1 + r) / (1 - r), as likeness goes on beyond the next.

- **AR(1)** draws segments that are each rho times the last one plus noise, and keeps one in ten by chance, as a deal of a
  stream into parts does, or all in a row.
- **tinyshakespeare**: a bigram and a Kneser-Ney n-gram learn from the first half; the segments of the second (88
  characters each) are dealt by chance, as rung does, or taken in a row. Draws without replacement from a few thousand segments
  vary less than draws from an endless text, so these intervals are too wide where most segments are drawn.

As dealt, the lowest coverage of rung's rule is {lowest:.3f}. *In a row* shows why a stream is dealt, and not cut once: two
scenes of a play differ more than neighbouring segments tell, and no rule that looks at neighbours covers that.

{table(cells)}
"""


def table(cells: list[dict[str, Any]]) -> str:
    """Lay the cells out, a row each."""
    lines = ["| world | segments | as if independent | 1 + 2r | rung |", "|---|---|---|---|---|"]
    lines += [
        f"| {one['world']} | {one['m']:,} | {one['alone']:.3f} | {one['1 + 2r']:.3f} | "
        f"{one['rung']:.3f} |"
        for one in cells
    ]
    return "\n".join(lines)


def main() -> None:
    """Run all worlds and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text_intervals")
    parser.add_argument("text", type=Path, help="tinyshakespeare/input.txt")
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    cells = campaign(given.text, given.runs, given.seed)
    error = (0.95 * 0.05 / given.runs) ** 0.5
    found = {"runs": given.runs, "seed": given.seed, "monte_carlo_error": error, "cells": cells}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    RESULTS.with_name("README.md").write_text(readme(found), encoding="utf-8")


if __name__ == "__main__":
    main()
