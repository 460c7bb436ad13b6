"""Run mljar-supervised in its Explain mode."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

# Explain validates on a quarter of the rows.
VALIDATED_SHARE = 0.25
TASKS = {
    "regression": "regression",
    "binary": "binary_classification",
    "multiclass": "multiclass_classification",
}


def fit(folder: Path, cores: int) -> dict[str, Any]:
    """Return predictions of its best model, and the score on its own validation rows."""
    import pandas as pd
    from supervised.automl import AutoML

    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    train, test = pd.read_csv(folder / "train.csv"), pd.read_csv(folder / "test.csv")
    y = train.pop(task["target"])
    with tempfile.TemporaryDirectory() as results:
        model = AutoML(
            results_path=str(Path(results) / "run"),
            mode="Explain",
            ml_task=TASKS[task["task"]],
            n_jobs=cores,
            random_state=0,
            verbose=0,
            eval_metric="logloss" if task["classes"] else "rmse",
        )
        model.fit(train, y)
        board = model.get_leaderboard()
        best = board.loc[board["metric_value"].idxmin()]
        if task["classes"]:
            outputs = model.predict_proba(test)
        else:
            outputs = model.predict(test).reshape(-1, 1)
    answer = {
        "predictions": outputs.tolist(),
        "promised": float(best["metric_value"]),
        "validated": round(VALIDATED_SHARE * len(train)),
        "what": str(best["model_type"]),
    }
    return {"leader": answer}


if __name__ == "__main__":
    found = fit(Path(sys.argv[1]), int(sys.argv[3]))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
