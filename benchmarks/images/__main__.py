"""Measure rungs of images on real sets: scores, processor and wall seconds.

Run it from the project's folder: `python -m benchmarks.images [galaxies|ladder|digits|mnist]`.
`ladder` climbs all rungs of numbers on the galaxies; `mnist` also networks, and needs the labels of
its 10,000 test images (`MNIST_LABELS`), which are given out apart from the images.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import rung

DATA = Path(os.environ.get("RUNG_DATA", "../shared/data"))
HERE = Path(__file__).parent
RUNGS = ("pixel_linear", "scattering_linear", "scattering_svm")


def galaxies() -> rung.Run:
    """Return a run on galaxies: 6 labels, 160 pixels around the centre, brought to 64."""
    folder = DATA / "galaxies"
    return rung.fit(
        folder / "images",
        "class",
        labels=str(folder / "labels.csv"),
        cut=160,
        symmetry="rotation",
        families=RUNGS,
        ledger=False,
    )


def digits() -> rung.Run:
    """Return a run on the digits of scikit-learn, 5 folds."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return rung.fit(found.images, found.target, families=RUNGS, folds=5, ledger=False)


def ladder() -> rung.Run:
    """Return a run of all rungs of numbers on galaxies, 5 folds."""
    folder = DATA / "galaxies"
    return rung.fit(
        folder / "images",
        "class",
        labels=str(folder / "labels.csv"),
        cut=160,
        symmetry="rotation",
        folds=5,
        families=("pixel", "scattering"),
        ledger=False,
    )


def mnist() -> rung.Run:
    """Return a run on the 10,000 test images of MNIST, 5 folds, with networks."""
    return rung.fit(
        DATA / "mnist_t10k" / "t10k-images-idx3-ubyte.gz",
        labels=os.environ["MNIST_LABELS"],
        folds=5,
        families=("scattering_linear", "small_cnn", "residual_cnn"),
        ledger=False,
    )


def measure(name: str) -> dict[str, object]:
    """Run one set and return what the table shows."""
    processor, wall = time.process_time(), time.perf_counter()
    run = SETS[name]()
    return {
        "choice": run.verdict.family,
        "processor_seconds": round(time.process_time() - processor, 1),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "load": round(os.getloadavg()[0], 1),
        "rungs": {
            entry.family: {
                key: [round(score.mean, 4), round(score.low, 4), round(score.high, 4)]
                for key, score in entry.scores.items()
                if key in ("log_loss", "accuracy")
            }
            for entry in run.result.ladder
            if entry.scores
        },
        "symmetry": [one.message for one in run.result.findings if one.code == "symmetry"],
    }


SETS = {"galaxies": galaxies, "ladder": ladder, "digits": digits, "mnist": mnist}

if __name__ == "__main__":
    path = HERE / "results.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    for asked in sys.argv[1:] or ("digits", "galaxies"):
        known[asked] = measure(asked)
        print(asked, json.dumps(known[asked], indent=1))
        path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
