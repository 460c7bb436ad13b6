"""Run one cell of the benchmark, a world at a number of rows, and tabulate cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from benchmarks.verdict.ladder import losses_and_risks
from benchmarks.verdict.rules import RULES, as_losses, margin
from benchmarks.verdict.worlds import WORLDS, Array, draw
from rung.core.compare import standard_errors

PAIRS = ((2, 3), (2, 5), (0, 2), (1, 2), (3, 5))  # columns whose differences are checked
KEYS = ("false_climb", "false_stop", "undecided", "wrong_claim", "gain_lost")
Cell = dict[str, Any]  # world, n_rows, repeats, figures: as results.json holds them


def judge(chosen: int, risks: Array, *, is_claim: bool) -> dict[str, float]:
    """Compare a choice with what was needed.

    Parameters
    ----------
    chosen : int
        Column of the family.
    risks : ndarray, shape (n_families,)
        True mean risk of the fold models.
    is_claim : bool
        Whether the rule claims that the choice is as good as the best.
    """
    best = float(risks.min())
    reach = margin(risks, int(risks.argmin()))
    needed = int(np.argmax(risks - best <= reach + 1e-12))
    has_climbed = chosen > needed
    has_stopped = bool(risks[chosen] - best > reach + 1e-12)
    gain = max(risks[0] - best, 0.01 * risks[0])
    return {
        "false_climb": float(has_climbed),
        "false_stop": float(has_stopped),
        "undecided": float(not is_claim),
        "wrong_claim": float(is_claim and (has_climbed or has_stopped)),
        "gain_lost": float(min((risks[chosen] - best) / gain, 1.5)),
    }


def covers(rows: Array, risks: Array, n_folds: int) -> dict[str, float]:
    """Say how many 95 % intervals hold the truth: of differences and of scores.

    With `_plain`, the standard errors lack the factor for overlapping training sets.
    """
    influence = as_losses(rows, n_folds).influence
    means = rows.mean(axis=0)
    quantile = stats.t.ppf(0.975, len(rows) - 1)
    first, second = (list(side) for side in zip(*PAIRS, strict=True))
    gap = means - risks
    found = {}
    for label, factor in (("", None), ("_plain", 1.0)):
        differences = influence[:, first] - influence[:, second]
        half = quantile * standard_errors(differences, n_folds, factor=factor)
        found["differences" + label] = float((np.abs(gap[first] - gap[second]) <= half).mean())
        half = quantile * standard_errors(influence, n_folds, factor=factor)
        found["scores" + label] = float((np.abs(gap) <= half).mean())
    return found


def run_cell(world: str, n_rows: int, repeats: int, *, seed: int, n_folds: int = 5) -> Cell:
    """Return the mean of every figure over the repeats of one world and size."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in (*RULES, "coverage")}
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, list(WORLDS).index(world), n_rows, repeat])
        drawn = draw(WORLDS[world], n_rows, n_folds, rng)
        rows, risks = losses_and_risks(drawn, n_folds)
        for name, rule in RULES.items():
            chosen, is_claim = rule(rows, drawn.fold, n_folds)
            runs[name].append(judge(chosen, risks, is_claim=is_claim))
        runs["coverage"].append(covers(rows, risks, n_folds))
    figures = {
        name: {key: round(float(np.mean([run[key] for run in found])), 4) for key in found[0]}
        for name, found in runs.items()
    }
    return {"world": world, "n_rows": n_rows, "repeats": repeats, "figures": figures}


def table(cells: list[Cell]) -> str:
    """Write the means over worlds as a Markdown table, a line for each size and rule."""
    lines = [
        "| rows | rule | false climb | false stop | undecided | wrong claim | worst world | gain lost |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for n_rows in sorted({cell["n_rows"] for cell in cells}):
        here = [cell["figures"] for cell in cells if cell["n_rows"] == n_rows]
        for rule in RULES:
            means = [np.mean([figures[rule][key] for figures in here]) for key in KEYS]
            worst = max(figures[rule]["wrong_claim"] for figures in here)
            shown = [f"{value:.3f}" for value in (*means[:4], worst, means[4])]
            lines.append(f"| {n_rows} | {rule} | {' | '.join(shown)} |")
    return "\n".join(lines)


def coverage_table(cells: list[Cell]) -> str:
    """Write the smallest and the mean coverage over cells as a Markdown table."""
    lines = [
        "| 95 % interval | smallest cell | mean | without the factor: smallest | mean |",
        "|---|---|---|---|---|",
    ]
    for kind in ("differences", "scores"):
        held = [cell["figures"]["coverage"][kind] for cell in cells]
        plain = [cell["figures"]["coverage"][kind + "_plain"] for cell in cells]
        shown = (min(held), np.mean(held), min(plain), np.mean(plain))
        lines.append(f"| {kind} | " + " | ".join(f"{value:.3f}" for value in shown) + " |")
    return "\n".join(lines)


def gain_table(cells: list[Cell]) -> str:
    """Write the gain lost with and without the world in which there is nothing to gain."""
    lines = [
        "| rows | rule | gain lost, only `noise` | the other worlds | their false stops |",
        "|---|---|---|---|---|",
    ]
    for n_rows in sorted({cell["n_rows"] for cell in cells}):
        here = [cell for cell in cells if cell["n_rows"] == n_rows]
        for rule in RULES:
            noise = [c["figures"][rule] for c in here if c["world"] == "noise"]
            rest = [c["figures"][rule] for c in here if c["world"] != "noise"]
            shown = (
                np.mean([found["gain_lost"] for found in noise]),
                np.mean([found["gain_lost"] for found in rest]),
                np.mean([found["false_stop"] for found in rest]),
            )
            lines.append(f"| {n_rows} | {rule} | " + " | ".join(f"{v:.3f}" for v in shown) + " |")
    return "\n".join(lines)
