"""Fit interpret's EBM on each fold: run in an environment of its own, with a folder to read."""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor


def main(folder: Path, pairs: bool) -> None:
    """Write predictions of held-out rows, and the processor seconds of fits and predictions."""
    table = np.load(folder / "table.npz")
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    columns = {name: table["numbers"][:, j] for j, name in enumerate(about["numbers"])}
    for j, (name, levels) in enumerate(about["categories"].items()):
        columns[name] = np.array([*levels, None], dtype=object)[table["codes"][:, j]]
    frame, y, fold = pd.DataFrame(columns), table["y"], table["fold"]
    kinds = ["continuous"] * len(about["numbers"]) + ["nominal"] * len(about["categories"])
    classes = np.array(about["classes"])
    kind = ExplainableBoostingClassifier if len(classes) else ExplainableBoostingRegressor
    outputs = np.zeros((len(y), max(len(classes), 1)))
    start = time.process_time()
    for number in np.unique(fold):
        held = fold == number
        settings = {} if pairs else {"interactions": 0}
        model = kind(feature_types=kinds, n_jobs=1, random_state=int(number), **settings)
        if len(classes):
            model.fit(frame[~held], classes[y[~held].astype(int)])
            outputs[held] = model.predict_proba(frame[held])
        else:
            model.fit(frame[~held], y[~held])
            outputs[held, 0] = model.predict(frame[held])
    np.savez(folder / "ebm.npz", outputs=outputs, seconds=time.process_time() - start)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]), sys.argv[2] == "pairs")
