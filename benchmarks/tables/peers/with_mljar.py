"""Run mljar-supervised in its Explain mode on one job."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any


def fit(folder: Path) -> dict[str, Any]:
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
            n_jobs=1,
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
    promised = float(best["metric_value"])
    what = str(best["model_type"])
    return {"leader": {"predictions": outputs.tolist(), "promised": promised, "what": what}}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(fit(Path(sys.argv[1]))), encoding="utf-8")
