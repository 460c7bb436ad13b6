"""Climb rung's whole ladder once; predict with its choice and with its leader."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rung.core.events import ignore
from rung.data import conform
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.workbench.climb import climb

NORMAL_95 = 1.96


def fit(folder: Path, cores: int) -> dict[str, Any]:
    """Return what the chosen and the leading family, and all others, predict and promise."""
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    options = FitOptions(task["target"], task=task["task"], test_fraction=0.0, threads=cores)
    prepared = prepare(folder / "train.csv", options)
    seconds: dict[str, float] = {}
    found = climb(prepared, options, ignore, seconds)
    columns = tuple(
        column
        for column in prepared.dataset.features
        if not column.is_coded or column.kind == "category"
    )
    design = conform(folder / "test.csv", columns)
    models: dict[str, Any] = {}
    for entry in found.ladder:
        if entry.scores is None:
            continue
        score = entry.scores[prepared.metric.key]
        # The interval of a root is that of its square.
        power = 1 if task["classes"] else 2
        models[entry.family] = {
            "predictions": found.fitted(entry.family).model.predict(design).tolist(),
            "promised": score.mean,
            "promised_error": (score.high**power - score.low**power) / (2 * NORMAL_95),
            "validated": prepared.dataset.n_rows,
            "what": entry.family,
            "seconds": round(seconds.get(entry.family, 0.0), 2),
        }
    choice = found.decision.choice
    notes = list(found.fitted("blend").notes) if "blend" in models else []
    notes += [f"{entry.family}: {entry.reason}" for entry in found.ladder if entry.scores is None]
    leader = models[choice.leader] | {"notes": notes}
    return {"choice": models[choice.family], "leader": leader, **models}


if __name__ == "__main__":
    found = fit(Path(sys.argv[1]), int(sys.argv[3]))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
