"""Run AutoGluon with its preset `medium_quality`, without a limit of time."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

PROBLEMS = {"regression": "regression", "binary": "binary", "multiclass": "multiclass"}
METRICS = {"regression": "root_mean_squared_error", "binary": "log_loss", "multiclass": "log_loss"}


def fit(folder: Path, cores: int, **settings: Any) -> dict[str, Any]:
    """Return predictions of its best model, and the score on its own validation rows."""
    import pandas as pd
    from autogluon.tabular import TabularPredictor

    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    train, test = pd.read_csv(folder / "train.csv"), pd.read_csv(folder / "test.csv")
    kind = task["task"]
    with tempfile.TemporaryDirectory() as path:
        predictor = TabularPredictor(
            task["target"],
            problem_type=PROBLEMS[kind],
            eval_metric=METRICS[kind],
            path=path,
            verbosity=2,
        )
        predictor.fit(train, num_cpus=cores, num_gpus=0, **settings)
        if task["classes"]:
            outputs = predictor.predict_proba(test)[task["classes"]].to_numpy()
        else:
            outputs = predictor.predict(test).to_numpy().reshape(-1, 1)
        board = predictor.leaderboard().set_index("model")
        best, validated = predictor.model_best, _validated(predictor, len(train))
    # A model fitted again on all rows has the score of the one it was made from.
    promised = board["score_val"].to_dict()[best.removesuffix("_FULL")]
    scores = -board["score_val"].dropna()
    answer = {
        "predictions": outputs.tolist(),
        "promised": float(-promised),
        "validated": validated,
        "what": best,
        "board": {name: round(float(score), 6) for name, score in scores.items()},
    }
    return {"leader": answer}


def _validated(predictor: Any, n_rows: int) -> int:
    """Return on how many rows models were scored: all where they were bagged."""
    if not predictor._trainer.has_val:  # noqa: SLF001 - it says so nowhere else
        return n_rows
    return len(predictor.load_data_internal("val", return_y=False)[0])


if __name__ == "__main__":
    found = fit(Path(sys.argv[1]), int(sys.argv[3]), presets="medium_quality")
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
