"""Run mljar-supervised in its Explain mode on all rows, as its documentation shows it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def explain(table: Path, target: str) -> None:
    """Train the models of the Explain mode, and write its explanations to a folder that is left."""
    import pandas as pd
    from supervised.automl import AutoML

    frame = pd.read_csv(table)
    y = frame.pop(target)
    with tempfile.TemporaryDirectory() as folder:
        results = str(Path(folder) / "run")
        model = AutoML(results_path=results, mode="Explain", n_jobs=1, random_state=0, verbose=0)
        model.fit(frame, y)


if __name__ == "__main__":
    explain(Path(sys.argv[1]), sys.argv[2])
