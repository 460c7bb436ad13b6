"""Train every rung of text on names: `python -m benchmarks.names --data FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.names.showing import page
from benchmarks.names.splits import copied, course, ours
from rung.compute import RunContext, one_thread_each
from rung.core.family import Family, State
from rung.core.judge_likelihoods import UnitLosses, score_units
from rung.families import select
from rung.text.problem import TextProblem, nats_per_character
from rung.typing import Array

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
BUFFERS = ("mean", "variance")


def main() -> None:
    """Train the families asked for, keep what is known of the others, write figures and page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("RUNG_DATA", "../shared/data"))
    )
    parser.add_argument("--families", nargs="*", help="only these; others stay as they were")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    path = options.data / "names" / "names.txt"
    words = path.read_text(encoding="utf-8").split()
    found = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {}
    problems = {"course": course(words), "ours": ours(path)}
    is_copy = np.array(copied(words))
    found["sizes"] = sizes(problems, is_copy)
    families = found.setdefault("families", {})
    for family in select(options.families, "text"):
        cell = families.setdefault(family.name, {"title": family.title, "step": family.step})
        for setting, problem in problems.items():
            cell[setting] = measure(family, problem, is_copy if setting == "course" else None)
        options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.out == RESULTS:
        README.write_text(page(found), encoding="utf-8")
    sys.stdout.write(page(found))


def sizes(problems: dict[str, TextProblem], is_copy: Array) -> dict[str, Any]:
    """Return names and characters of each part, and the share of copies in the course's test."""
    parts = {
        setting: {
            name: [part.n_units, part.n_scored]
            for name in ("train", "validation", "verdict")
            for part in [getattr(problem, name)]
        }
        for setting, problem in problems.items()
    }
    return {**parts, "copies": float(is_copy.mean())}


def measure(family: Family, problem: TextProblem, is_copy: Array | None) -> dict[str, Any]:
    """Train one family on one problem; return losses in nats a character."""
    start = time.process_time()
    with one_thread_each():
        fitted = family.cross_fit(problem, problem.folds, RunContext(0, problem))
    seconds = time.process_time() - start
    (losses,) = fitted.unit_losses
    score = score_units(UnitLosses({family.name: losses}, problem.verdict.n_units))
    nll = score[family.name]["nll"]
    found = {
        "numbers": numbers(fitted.model.to_state()),
        "settings": dict(fitted.settings[0]),
        "seconds": round(seconds, 1),
        "dev": nats_per_character(fitted.model, problem.validation),
        "test": [nll.mean, nll.low, nll.high],
    }
    if is_copy is not None:
        for name, some in (("copies", losses[is_copy]), ("others", losses[~is_copy])):
            nats, characters = some.sum(axis=0)
            found[name] = float(nats / characters)
    return found


def numbers(state: State) -> int:
    """Return how many numbers were learned: weights, or counts; running means are not."""
    return sum(
        each.size
        for name, each in state.arrays.items()
        if not any(f".{buffer}." in name for buffer in BUFFERS)
    )


if __name__ == "__main__":
    main()
