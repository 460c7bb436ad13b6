"""Compare the additive rung with EBM: `python -m benchmarks.additive --envs FOLDER [TABLE ...]`.

EBM runs in an environment of its own, made there on the first call. Results of tables
that are not asked for stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.additive.sources import SOURCES, fold_numbers, frame_of
from benchmarks.peers.envs import interpreter, versions
from benchmarks.peers.scoring import compare, interval, row_losses
from benchmarks.peers.tables import Source

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
TOOLS = ("linear", "additive", "ebm")
# Pairs that the additive rung looks at where EBM looks at its own.
PAIRS = 10
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def write_table(source: Source, folder: Path) -> None:
    """Write a table as arrays and names."""
    frame = frame_of(source)
    features = [name for name in frame.columns if name != source.target]
    numbers = [name for name in features if frame[name].dtype.is_numeric()]
    categories = {
        name: sorted(frame[name].drop_nulls().unique().to_list())
        for name in features
        if name not in numbers
    }
    target = frame[source.target]
    classes = [] if source.is_regression else sorted(target.unique().to_list())
    y = _codes(target, classes) if classes else target.cast(pl.Float64).to_numpy()
    codes = [_codes(frame[name], levels) for name, levels in categories.items()]
    np.savez(
        folder / "table.npz",
        numbers=frame.select(numbers).cast(pl.Float64).to_numpy(),
        codes=np.stack(codes, axis=1) if codes else np.zeros((len(frame), 0), dtype=np.int32),
        y=y,
        fold=fold_numbers(len(frame)),
    )
    about = {"numbers": numbers, "categories": categories, "classes": classes, "task": source.task}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


def _codes(column: pl.Series, levels: list[str]) -> np.ndarray:
    place = {level: code for code, level in enumerate(levels)}
    return np.array([place.get(value, -1) for value in column.to_list()], dtype=np.int32)


def compare_tools(source: Source, envs: Path, *, with_pairs: bool) -> dict[str, Any]:
    """Run both tools on one table, and score them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_table(source, folder)
        environment = os.environ | ONE_CORE
        pairs = str(PAIRS) if with_pairs else "0"
        own = [sys.executable, "-m", "benchmarks.additive.with_rung", folder, pairs]
        subprocess.run(own, check=True, env=environment)
        other = [interpreter("ebm", envs), HERE / "with_ebm.py", folder]
        how = "pairs" if with_pairs else "curves"
        subprocess.run([*other, how], check=True, env=environment)
        y = np.load(folder / "table.npz")["y"]
        said = {tool: dict(np.load(folder / f"{tool}.npz")) for tool in TOOLS}
    losses = {tool: row_losses(y, found["outputs"]) for tool, found in said.items()}
    scores = {tool: interval(own, is_root=source.is_regression) for tool, own in losses.items()}
    seconds = {tool: round(float(found["seconds"]), 2) for tool, found in said.items()}
    return {
        "rows": len(y),
        "task": source.task,
        "scores": {tool: [float(f"{one:.6g}") for one in own] for tool, own in scores.items()},
        "processor_s": seconds,
        "time_ratio": round(seconds["ebm"] / max(seconds["additive"], 0.01), 1),
        "additive_is": compare(losses["additive"], losses["ebm"]),
    }


def main() -> None:
    """Run what is asked for, write results.json after each table, and the table of README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", help="names of tables; all if none is given")
    parser.add_argument("--envs", type=Path, required=True, help="folder for the tools")
    parser.add_argument("--pairs", action="store_true", help="let both look at pairs of columns")
    parser.add_argument("--only-readme", action="store_true", help="write README.md alone")
    asked = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    part = results.setdefault("pairs" if asked.pairs else "curves", {})
    for source in () if asked.only_readme else SOURCES:
        if not asked.tables or source.name in asked.tables:
            part[source.name] = compare_tools(source, asked.envs, with_pairs=asked.pairs)
            print(source.name, json.dumps(part[source.name]), flush=True)
            results["versions"] = versions(interpreter("ebm", asked.envs), "ebm")
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    from benchmarks.additive.showing import write_readme

    write_readme(results, HERE / "README.md")


if __name__ == "__main__":
    main()
