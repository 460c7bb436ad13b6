"""Hide labels of real tables, and see whether rows without one help; write README.md.

python -m benchmarks.half_labelled --draws 5
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.ladder_vs_automl.sources import SOURCES
from benchmarks.peers.tables import read
from rung.compute import RunContext, one_thread_each
from rung.core.losses import unit_losses
from rung.families import find
from rung.kinds.table.asked import make_options
from rung.kinds.table.half_labelled import TWINS, paired
from rung.kinds.table.judge import out_of_fold
from rung.kinds.table.prepare import PreparedTable, prepare

HERE = Path(__file__).parent
TABLES = ("segmentation", "sdss class", "magic_gamma")
SHARES = (0.01, 0.05, 0.20)
MOST_ROWS, HIDDEN = 3_000, "hidden label"
NAMES = ("constant", *(name for pair in TWINS for name in pair))
INTRO = """# Do rows without a target help?

`python -m benchmarks.half_labelled` takes up to 3,000 rows of three real tables, leaves the label to 1, 5 or 20 % of them drawn
at random, and cross-fits each family that learns from the others beside one that cannot (5 folds; `RUNG_DATA` names the folder of
the data, which are no part of the project). *Said* is what a run's finding says from the rows that kept their label: how often
the interval of the paired difference lies below zero (helped), above it (hurt), or holds it. *True* is the log loss of the final
models, and their accuracy, on the rows whose label was hidden, which no run sees.
"""


def hide(name: str, share: float, seed: int) -> PreparedTable:
    """Return a table that keeps this share of its labels, ready for the climb."""
    source = next(one for one in SOURCES if one.name == name)
    frame = read(source)
    frame = frame.sample(min(MOST_ROWS, frame.height), seed=1, shuffle=True)
    rng = np.random.default_rng([seed, round(1000 * share)])
    kept = np.zeros(frame.height, dtype=bool)
    kept[rng.choice(frame.height, round(share * frame.height), replace=False)] = True
    label = pl.col(source.target)
    frame = frame.with_columns(label.alias(HIDDEN)).with_columns(
        pl.when(pl.Series(kept)).then(label).alias(source.target)
    )
    return prepare(
        frame, make_options(source.target, {"folds": 5, "test_fraction": 0, "drop": (HIDDEN,)})
    )


def measure(name: str, share: float, seed: int) -> dict[str, object]:
    """Return what is said and what is true of one draw."""
    prepared = hide(name, share, seed)
    problem, seconds, fits = prepared.problem, {}, {}
    for family in NAMES:
        began = time.process_time()
        context = RunContext(seed, problem)
        with one_thread_each():
            fits[family] = find(family).cross_fit(problem, prepared.folds, context)
        seconds[family] = round(time.process_time() - began, 2)
    losses = unit_losses(out_of_fold(prepared, fits), "log_loss")
    said = {}
    for one, twin in TWINS:
        found = paired(losses, losses.names.index(one), losses.names.index(twin))
        said[one] = [round(value, 4) for value in found]
    rest = problem.unlabelled
    labels = rest.strings(HIDDEN)
    known = np.array([label in problem.classes for label in labels])
    y = np.array([problem.classes.index(label) for label in np.array(labels)[known]])
    true = {}
    for family, fitted in fits.items():
        chances = fitted.model.predict(rest)[known]
        own = np.maximum(chances[np.arange(len(y)), y], 1e-6)
        true[family] = [
            round(float(-np.log(own).mean()), 4),
            round(float((chances.argmax(axis=1) == y).mean()), 4),
        ]
    return {
        "table": name,
        "share": share,
        "labelled": len(problem.y),
        "said": said,
        "true": true,
        "seconds": seconds,
    }


def show(found: list[dict]) -> str:
    """Write a row a table and share."""
    head = "| table | labels | family | said: helped, hurt, open | difference (mean) | true log loss | of its twin | true accuracy | of its twin |"
    lines = [head, "|---|--:|---|---|--:|--:|--:|--:|--:|"]
    for table in TABLES:
        for share in SHARES:
            own = [one for one in found if (one["table"], one["share"]) == (table, share)]
            for name, twin in TWINS if own else ():
                said = np.array([one["said"][name] for one in own])
                helped, hurt = int((said[:, 2] < 0).sum()), int((said[:, 1] > 0).sum())
                ours, theirs = (
                    np.array([one["true"][n] for one in own]).mean(0) for n in (name, twin)
                )
                lines.append(
                    f"| {table} | {own[0]['labelled']} | {name} (twin {twin}) | "
                    f"{helped}, {hurt}, {len(own) - helped - hurt} | {said[:, 0].mean():+.3f} | "
                    f"{ours[0]:.3f} | {theirs[0]:.3f} | {ours[1]:.3f} | {theirs[1]:.3f} |"
                )
    return "\n".join(lines)


def main() -> None:
    """Measure every table and share, and write results.json and README.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=5)
    args = parser.parse_args()
    found = []
    for table in TABLES:
        for share in SHARES:
            for seed in range(args.draws):
                found.append(measure(table, share, seed))
                print(json.dumps(found[-1]), flush=True)
    (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    notes = (HERE / "notes.md").read_text(encoding="utf-8") if (HERE / "notes.md").exists() else ""
    (HERE / "README.md").write_text(f"{INTRO}\n{show(found)}\n\n{notes}", encoding="utf-8")


if __name__ == "__main__":
    main()
