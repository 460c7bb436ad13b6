"""Fit pgmpy's Chow-Liu tree on cut columns, in an environment of its own.

Called as `python with_pgmpy.py FOLDER`: reads `rows.npy` and `fold.npy`, writes `pgmpy.json`. Numbers
are cut at ten quantiles of the training rows; a density is a probability over the width of its cell.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pgmpy.estimators import BayesianEstimator, TreeSearch
from pgmpy.models import BayesianNetwork

BINS = 10


def held_out(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return log densities of test rows."""
    edges = [np.unique(np.quantile(c, np.linspace(0, 1, BINS + 1))) for c in train.T]
    cut = lambda X: np.column_stack(  # noqa: E731
        [
            np.clip(np.searchsorted(e, c, side="right") - 1, 0, len(e) - 2)
            for c, e in zip(X.T, edges, strict=True)
        ]
    )
    names = [f"c{j}" for j in range(train.shape[1])]
    frame = pd.DataFrame(cut(train), columns=names)
    tree = TreeSearch(frame, root_node=names[0]).estimate(show_progress=False)
    model = BayesianNetwork(tree.edges())
    model.add_nodes_from(names)
    states = {name: list(range(len(e) - 1)) for name, e in zip(names, edges, strict=True)}
    model.fit(frame, estimator=BayesianEstimator, prior_type="BDeu", state_names=states, n_jobs=1)
    codes, total = cut(test), np.zeros(len(test))
    for cpd in model.get_cpds():
        at = [names.index(one) for one in cpd.variables]
        total += np.log(cpd.values[tuple(codes[:, j] for j in at)])
    for j, e in enumerate(edges):
        total -= np.log(np.diff(e)[codes[:, j]])
    return total


def main() -> None:
    """Write mean log density and processor seconds."""
    folder = Path(sys.argv[1])
    X, fold = np.load(folder / "rows.npy"), np.load(folder / "fold.npy")
    start = time.process_time()
    logs = np.empty(len(X))
    for k in np.unique(fold):
        logs[fold == k] = held_out(X[fold != k], X[fold == k])
    found = {"nats": float(logs.mean()), "seconds": time.process_time() - start}
    (folder / "pgmpy.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
