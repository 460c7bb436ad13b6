"""Climb rung's whole ladder once; predict with its choice and with its leader."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rung.core.events import ignore
from rung.data import conform
from rung.workbench.climb import climb
from rung.workbench.options import FitOptions
from rung.workbench.prepare import prepare


def fit(folder: Path) -> dict[str, Any]:
    """Return predictions, promised score and name of the chosen and of the leading family."""
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    options = FitOptions(task["target"], task=task["task"], test_fraction=0.0, threads=1)
    prepared = prepare(folder / "train.csv", options)
    found = climb(prepared, options, ignore, {})
    columns = tuple(
        column
        for column in prepared.dataset.features
        if not column.is_coded or column.kind == "category"
    )
    design = conform(folder / "test.csv", columns)
    choice = found.decision.choice
    models = {}
    for role, name in (("choice", choice.family), ("leader", choice.leader)):
        entry = next(entry for entry in found.ladder if entry.family == name)
        assert entry.scores is not None
        models[role] = {
            "predictions": found.fitted(name).model.predict(design).tolist(),
            "promised": entry.scores[prepared.metric.key].mean,
            "what": name,
        }
    return models


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(fit(Path(sys.argv[1]))), encoding="utf-8")
