"""Write results as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.additive.sources import SOURCES

TEXT = """# The additive rung beside EBM

`python -m benchmarks.additive --envs FOLDER` (and `--pairs`) cross-fits the linear and the additive rung and
fits interpret's EBM ({versions}) to the same rows, in the same five folds, on one core. Scores
are of all held-out rows: RMSE, or log loss for classes, with 95 % intervals; *better* and *worse*
are what the paired 95 % interval of the difference says. Processor seconds are of all fits: rung
also finds its penalties and fits a sixth model, to all rows, in that time. The machine was shared,
which processor seconds hardly notice. Of tables with more rows a random 10,000 are taken.

*Wine white* has 937 rows that are copies of others, and in random folds many have their copy on the other
side: what steps between neighbouring values learn by heart counts there. Without copies the order turns. More
knots for the additive rung (up to 300 a column) move its score from 0.7034 to 0.7003 with copies, at 12 times
the seconds, and not at all without them; so it keeps its knots.

"""
TITLES = {
    "curves": "## One curve a column (EBM with `interactions=0`)",
    "pairs": "## With pairs of columns (`additive_family(pairs=10)`, EBM as it comes)",
}
HEAD = (
    "| table | rows | linear | additive | EBM | additive is | seconds | EBM's | ratio |\n"
    "|---|--:|--:|--:|--:|---|--:|--:|--:|"
)


def write_readme(results: dict[str, Any], path: Path) -> None:
    """Write the page of a benchmark's results."""
    parts = [TEXT.format(versions=results.get("versions", ""))]
    for key, title in TITLES.items():
        found = results.get(key, {})
        if found:
            rows = [_row(name, one) for name, one in found.items()]
            parts.append("\n".join([title, "", HEAD, *rows, "", _summary(found), "", ""]))
    lacking = [one.name for one in SOURCES if one.name not in results.get("curves", {})]
    if lacking:
        parts.append(f"Not run yet: {', '.join(lacking)}.")
    path.write_text("".join(parts).rstrip() + "\n", encoding="utf-8")


def _row(name: str, one: dict[str, Any]) -> str:
    scores = [_score(one["scores"][tool]) for tool in ("linear", "additive", "ebm")]
    seconds = one["processor_s"]
    cells = [
        name,
        f"{one['rows']:,}",
        *scores,
        one["additive_is"],
        f"{seconds['additive']:g}",
        f"{seconds['ebm']:g}",
        f"1/{one['time_ratio']:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _score(found: list[float]) -> str:
    score, low, high = found
    return f"{score:.4g} ({low:.4g} to {high:.4g})"


def _summary(found: dict[str, Any]) -> str:
    said = [one["additive_is"] for one in found.values()]
    counts = ", ".join(f"{said.count(word)} {word}" for word in ("better", "even", "worse"))
    total = {
        tool: sum(one["processor_s"][tool] for one in found.values())
        for tool in ("additive", "ebm")
    }
    return (
        f"The additive rung is: {counts}. Seconds in all: {total['additive']:.0f} against "
        f"{total['ebm']:.0f}, 1/{total['ebm'] / max(total['additive'], 0.01):.0f}."
    )
