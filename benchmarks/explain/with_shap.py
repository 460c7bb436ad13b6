"""Explain trees and a line with shap: run in an environment of its own, with a folder to read."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import shap


def explain_trees(folder: Path, name: str) -> None:
    """Write SHAP values of a file of node arrays, and the processor seconds they took."""
    found = np.load(folder / f"{name}.npz")
    ends = np.append(found["root"][1:], len(found["feature"]))
    trees = []
    for start, end in zip(found["root"], ends, strict=True):
        own = slice(start, end)
        left, right = (
            np.where(found[side][own] >= 0, found[side][own] - start, -1)
            for side in ("left", "right")
        )
        trees.append(
            {
                "children_left": left,
                "children_right": right,
                "children_default": np.where(found["missing"][own] == 1, left, right),
                "features": np.where(left >= 0, found["feature"][own], -2),
                "thresholds": found["threshold"][own],
                "values": found["value"][own],
                "node_sample_weight": found["cover"][own],
            }
        )
    start = time.process_time()
    explainer = shap.TreeExplainer({"trees": trees}, feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(found["X"], check_additivity=False)
    seconds = time.process_time() - start
    np.savez(folder / f"{name}_shap.npz", values=values, seconds=seconds)


def explain_line(folder: Path) -> None:
    """Write SHAP values of a line."""
    found = np.load(folder / "line.npz")
    masker = shap.maskers.Independent(found["background"], max_samples=len(found["background"]))
    start = time.process_time()
    explainer = shap.LinearExplainer((found["slopes"], float(found["intercept"])), masker)
    values = explainer.shap_values(found["X"])
    seconds = time.process_time() - start
    np.savez(folder / "line_shap.npz", values=values, seconds=seconds)


if __name__ == "__main__":
    for asked in sys.argv[2:]:
        explain_trees(Path(sys.argv[1]), asked)
    explain_line(Path(sys.argv[1]))
