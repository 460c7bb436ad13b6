"""Run the benchmark: `python -m benchmarks.tables --envs FOLDER --runs FOLDER`.

Every tool gets the same rows to learn from and is scored on the same held rows, each table in a
process of its own on one thread. What has run is kept under `--runs` and not run again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.envs import interpreter, versions
from benchmarks.peers.running import run_tool
from benchmarks.peers.scoring import compare, interval, row_losses
from benchmarks.peers.tables import Source, divide
from benchmarks.tables.showing import readme
from benchmarks.tables.sources import SOURCES

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
TOOLS = ("rung", "lightgbm", "sklearn", "mljar")


def main() -> None:
    """Run every tool on every table, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables")
    parser.add_argument("--envs", type=Path, required=True, help="folder for the tools")
    parser.add_argument("--runs", type=Path, required=True, help="folder for what they did")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", nargs="+", default=[source.name for source in SOURCES])
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--cap", type=float, default=1_800.0, help="seconds a table")
    parser.add_argument("--collect", action="store_true", help="run nothing that has not run")
    options = parser.parse_args()
    found: dict[str, Any] = {"tools": {}, "tables": {}}
    sources = [source for source in SOURCES if source.name in options.only]
    for tool in options.tools:
        try:
            python = interpreter(tool, options.envs.resolve())
        except (subprocess.SubprocessError, OSError) as error:
            found["tools"][tool] = f"not installed: {error}"
            continue
        found["tools"][tool] = versions(python, tool)
        for source in sources:
            folder = options.runs.resolve() / source.name.replace(" ", "_")
            if not options.collect or (folder / f"{tool}.measured.json").exists():
                _add(
                    found["tables"],
                    source,
                    tool,
                    _measure(source, tool, python, folder, options.cap),
                )
    for source in sources:
        if source.name in found["tables"]:
            _compare(found["tables"][source.name], options.runs / source.name.replace(" ", "_"))
    options.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.out == RESULTS:
        README.write_text(readme(found), encoding="utf-8")


def _measure(source: Source, tool: str, python: Path, folder: Path, cap: float) -> dict[str, Any]:
    """Run one tool on one table, unless it has run, and return what it took and how it scored."""
    kept = folder / f"{tool}.measured.json"
    if kept.exists():
        measured: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return measured
    y = divide(source, folder).y
    measured = run_tool(tool, python, folder, cap) | {"held": len(y)}
    for role, model in measured.get("models", {}).items():
        losses = row_losses(y, np.array(model.pop("predictions")))
        if role in {"leader", "choice"}:
            np.save(folder / f"{tool}_{role}.npy", losses)
        model["score"] = interval(losses, is_root=source.task == "regression")
    kept.write_text(json.dumps(measured), encoding="utf-8")
    return measured


def _add(tables: dict[str, Any], source: Source, tool: str, measured: dict[str, Any]) -> None:
    """Put what was measured in its place, and tell of it."""
    held = measured.pop("held")
    table = tables.setdefault(source.name, {"task": source.task, "held": held, "tools": {}})
    table["tools"][tool] = measured
    said = measured.get("failed") or {
        role: (model["what"], round(model["score"][0], 4))
        for role, model in measured["models"].items()
        if role in {"leader", "choice"}
    }
    sys.stderr.write(f"{source.name} {tool} {measured['wall_s']} s {said}\n")


def _compare(table: dict[str, Any], folder: Path) -> None:
    """Hold rung's choice and leader against each other tool, row by row."""
    own = table["tools"].get("rung", {}).get("models", {})
    for tool, measured in table["tools"].items():
        if tool != "rung" and "models" in measured and own:
            other = np.load(folder / f"{tool}_leader.npy")
            for role in ("choice", "leader"):
                said = compare(np.load(folder / f"rung_{role}.npy"), other)
                measured["models"]["leader"][f"rung_{role}_is"] = said


if __name__ == "__main__":
    main()
