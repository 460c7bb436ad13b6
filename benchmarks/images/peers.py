"""Train the residual rung and fastai on the same galaxies: scores with intervals, processor time.

`FASTAI_PYTHON=/path/to/python python -m benchmarks.images.peers`; `RUNG_DATA` names the data. One
split: four fifths to learn from, a fifth held out, 64 pixels, the same passes (`PASSES`, 6) and batches.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import RunContext, call_held
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.folds import partition_folds
from rung.families.image.residual_cnn import recipe
from rung.families.on_pixels import on_pixels
from rung.images.rows import PixelRows
from rung.images.statistics import fill_missing
from rung.kinds.image.options import make_image_options
from rung.kinds.image.reading import read_labelled

DATA = Path(os.environ.get("RUNG_DATA", "../shared/data"))
HERE = Path(__file__).parent
HELD = 5
PASSES = int(os.environ.get("PASSES", "6"))


def scored(shares: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
    """Return log loss and accuracy with the half width of their 95 % intervals."""
    losses = -np.log(np.clip(shares[np.arange(len(y)), y], 1e-6, 1))
    hits = (shares.argmax(axis=1) == y).astype(float)
    named = {"log_loss": losses, "accuracy": hits}
    return {
        name: [round(float(v.mean()), 4), round(1.96 * float(v.std()) / len(y) ** 0.5, 4)]
        for name, v in named.items()
    }


def main() -> dict[str, Any]:
    """Return what both scored and took."""
    folder = DATA / "galaxies"
    options = make_image_options(
        {"target": "class", "labels": str(folder / "labels.csv"), "cut": 160}
    )
    read = read_labelled(folder / "images", options)
    labels = read.labels.strings("class")
    classes, y = np.unique(labels, return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(y)) % HELD
    held = fold == 0

    # One fold is held out; the others, as inner folds, choose the pass.
    folds = partition_folds(fold)
    one = type(folds)(
        folds.splits[:1],
        folds.atom,
        folds.in_train[:1],
        folds.inner_pairs[:1] + folds.inner_pairs[-1:],
        folds.kind,
    )
    design = Dataset((), {}, len(y), PixelRows(read.pixels, np.arange(len(y)), "rotation"))
    problem = Problem("multiclass", design, y, tuple(classes.tolist()), "log_loss")
    made = replace(recipe(), fewest=PASSES, most=PASSES)
    family = on_pixels("residual", lambda: made, title="Residual CNN", step=1, sources=())
    start, wall = time.process_time(), time.perf_counter()
    context = RunContext(0, problem, 1, family=family.name)
    fitted = call_held(lambda: family.cross_fit(problem, one, context))
    own = {
        "processor_seconds": round(time.process_time() - start, 1),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        **scored(fitted.predictions[0], y[one.splits[0].test]),
        "notes": list(fitted.notes),
    }
    found = {"rung": own, "n_held": int(held.sum())}
    plan = made.plan(int((~held).sum()), "cross_entropy", "float32")
    python = os.environ.get("FASTAI_PYTHON")
    if python:
        with tempfile.TemporaryDirectory() as place:
            filled = fill_missing(read.pixels)
            np.savez(
                Path(place) / "data.npz",
                train=filled[~held],
                held=filled[held],
                y_train=y[~held],
                y_held=y[held],
            )
            asked = [python, str(HERE / "with_fastai.py"), "data.npz", "out.json"]
            subprocess.run(
                [*asked, str(plan.passes), str(plan.batch_images)], cwd=place, check=True
            )
            peer = json.loads((Path(place) / "out.json").read_text())
        shares = np.array(peer.pop("shares"))
        found["fastai"] = {**peer, **scored(shares, y[held])}
    return {**found, "passes": plan.passes, "load": round(os.getloadavg()[0], 1)}


if __name__ == "__main__":
    found = main()
    (HERE / "peers.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
