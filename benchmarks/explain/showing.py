"""Write results as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEXT = """# Explanations beside other tools, and on tables of which the truth is known

`python -m benchmarks.explain --envs FOLDER` explains the same models of `concrete` (824 rows to learn
from, 206 to explain) with rung and with {versions}. Differences are the largest of all
numbers, as a share of the largest number; seconds are of one core's processor, and the machine was
shared. SHAP values are path-dependent, with the same counts of training rows at the nodes; shuffled
orders are those that scikit-learn draws.

| what | beside | rung, s | peer, s | largest difference |
|---|---|--:|--:|--:|
{against}

shap is compiled; rung's values are numpy alone.

Simulated tables of {rows} rows: `y = x + noise`, with a column that is not in it, and five folds. What
is covered is nothing lost; 95 % are promised. Pairs: `y = x + x z + noise`, four columns, 400 rows.

| what | tables | share | judged |
|---|--:|--:|---|
{simulated}

What the explanations of the choice and the leader, and the page, add to the fitting of the ladder, with one job
at a time, each table in a process of its own (`python -m benchmarks.explain.cost --folder FOLDER`); the clock's
share depends on what else the machine does.

| table | choice, leader | ladder, s | explanations and page, s | share | by the clock | page, kB |
|---|---|--:|--:|--:|--:|--:|
{cost}
"""


def write_readme(results: dict[str, Any], path: Path) -> None:
    """Write the page of the benchmark's results."""
    from benchmarks.explain.simulated import N_ROWS

    against = "\n".join(
        f"| {one['what']} | {one['peer']} | {one['rung_s']:g} | {one['peer_s']:g} | "
        f"{one['difference']:.1e} |"
        for one in results["against"]
    )
    simulated = "\n".join(_simulated(one) for one in results["simulated"])
    cost = "\n".join(
        f"| {one['table']} | {', '.join(one['shown'])} | {one['ladder_s']:g} | {one['page_s']:g} | "
        f"{one['share']:.3f} | {one['clock_share']:.3f} | {one['page_kB']} |"
        for one in results["cost"]
    )
    text = TEXT.format(
        versions=results["versions"], against=against, simulated=simulated, rows=N_ROWS, cost=cost
    )
    path.write_text(text, encoding="utf-8")


def _simulated(one: dict[str, Any]) -> str:
    share = one.get("covered", one.get("found", 0)) / one["tables"]
    said = ", ".join(f"{word} {count}" for word, count in one.get("verdicts", {}).items())
    return f"| {one['what']} | {one['tables']} | {share:.3f} | {said} |"
