"""Run the benchmark: `python -m benchmarks.ladder_vs_automl --envs FOLDER --runs FOLDER`.

What has run is kept under `--runs`, one file a table, split and tool, and not run again: the
command can be stopped at any moment and given again. `--collect` runs nothing; it reads all that
has run and writes `results.json` and the README beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ladder_vs_automl.judging import judge
from benchmarks.ladder_vs_automl.showing import readme
from benchmarks.ladder_vs_automl.sources import SOURCES, SPLIT_SEEDS
from benchmarks.peers.envs import interpreter, versions
from benchmarks.peers.running import run_tool
from benchmarks.peers.scoring import row_losses
from benchmarks.peers.tables import Source, divide

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
TOOLS = ("rung", "autogluon", "lightgbm", "sklearn", "flaml", "mljar", "autogluon_good")


def main() -> None:
    """Run what is asked for, or collect what has run."""
    options = _options()
    envs, runs = options.envs.resolve(), options.runs.resolve()
    if not options.collect:
        for split in options.splits:
            for source in (source for source in SOURCES if source.name in options.tables):
                for tool in options.tools:
                    _run(source, split, tool, envs=envs, runs=runs, options=options)
    found = collect(runs)
    options.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.out == RESULTS:
        README.write_text(readme(found), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ladder_vs_automl")
    parser.add_argument("--envs", type=Path, required=True, help="folder for the tools")
    parser.add_argument("--runs", type=Path, required=True, help="folder for what they did")
    parser.add_argument("--out", type=Path, default=RESULTS)
    names = [source.name for source in SOURCES]
    parser.add_argument("--tables", nargs="+", choices=names, default=names)
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS[:-1]))
    splits = range(len(SPLIT_SEEDS))
    parser.add_argument("--splits", nargs="+", type=int, choices=splits, default=list(splits))
    parser.add_argument("--cores", type=int, default=2, help="cores that each tool may use")
    parser.add_argument("--cap", type=float, default=1_800.0, help="seconds a table and tool")
    parser.add_argument("--collect", action="store_true", help="run nothing")
    return parser.parse_args()


def _run(
    source: Source,
    split: int,
    tool: str,
    *,
    envs: Path,
    runs: Path,
    options: argparse.Namespace,
) -> None:
    """Run one tool on one division of one table, unless it has run, and keep what it did."""
    folder = runs / source.name.replace(" ", "_") / str(split)
    kept = folder / f"{tool}.measured.json"
    if kept.exists():
        return
    try:
        python = interpreter(tool, envs)
    except (subprocess.SubprocessError, OSError) as error:
        sys.stderr.write(f"{tool} could not be installed: {error}\n")
        return
    held = divide(source, folder, seed=SPLIT_SEEDS[split])
    measured = run_tool(tool, python, folder, options.cap, cores=options.cores)
    measured |= {"versions": versions(python, tool), "task": source.task}
    for role, model in measured.get("models", {}).items():
        outputs = np.array(model.pop("predictions"))
        losses = row_losses(held.y, outputs)
        np.save(folder / f"{tool}_{role}.npy", losses)
        model["loss"], model["loss_sd"] = float(losses.mean()), float(losses.std(ddof=1))
        if not source.is_regression:
            model["accuracy"] = float((outputs.argmax(axis=1) == held.y).mean())
    np.save(folder / "rows.npy", held.rows)
    kept.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    said = measured.get("failed") or {
        role: (model["what"], float(f"{model['loss']:.5g}"))
        for role, model in measured["models"].items()
        if role in {"leader", "choice"}
    }
    sys.stderr.write(
        f"{source.name} {split} {tool} {measured['wall_s']} s, {measured['processor_s']} s {said}\n"
    )


def collect(runs: Path) -> dict[str, Any]:
    """Read all that has run, and judge it."""
    tables: dict[str, Any] = {}
    versions_of: dict[str, str] = {}
    for source in SOURCES:
        splits: dict[str, Any] = {}
        for folder in sorted((runs / source.name.replace(" ", "_")).glob("[0-9]")):
            tools = {}
            for tool in TOOLS:
                kept = folder / f"{tool}.measured.json"
                if kept.exists():
                    tools[tool] = json.loads(kept.read_text(encoding="utf-8"))
                    versions_of[tool] = tools[tool].pop("versions")
            if tools:
                splits[folder.name] = {"tools": tools, "folder": folder}
        if splits:
            tables[source.name] = judge(source, splits)
    return {"versions": versions_of, "tables": tables}


if __name__ == "__main__":
    main()
