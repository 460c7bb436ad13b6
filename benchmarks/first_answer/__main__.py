"""Measure a quick run beside `cross_validate` of ridge and boosting, each in a process of its own.

`python -m benchmarks.first_answer TABLE.csv --target COLUMN`; imports are included on both sides,
and every library is held to one thread.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAIN = """
import sys
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

table = pl.read_csv(sys.argv[1], infer_schema_length=None).drop_nulls()
y = table[sys.argv[2]]
X = table.drop(sys.argv[2]).to_dummies(pl.selectors.string()).to_numpy()
is_numeric = y.dtype.is_numeric()
linear = Ridge() if is_numeric else LogisticRegression(max_iter=1000)
boosted = HistGradientBoostingRegressor() if is_numeric else HistGradientBoostingClassifier()
for model in (make_pipeline(StandardScaler(), linear), boosted):
    cross_validate(model, X, y.to_numpy(), cv=5)
"""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")


def main() -> None:
    """Print processor seconds and the clock of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table")
    parser.add_argument("--target", required=True)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = ["-m", "rung", "fit", asked.table, "--target", asked.target, "--quick"]
        words += ["--quiet", "--no-ledger", "--out", str(Path(folder) / "run")]
        quick = measured(words)
    plain = measured(["-c", PLAIN, asked.table, asked.target])
    for name, (processor, clock) in {"rung --quick": quick, "scikit-learn": plain}.items():
        print(f"{name:14} {processor:6.2f} processor seconds {clock:6.2f} by the clock")
    print(f"ratio of processor time {quick[0] / plain[0]:.2f}")


def measured(words: list[str]) -> tuple[float, float]:
    """Return processor seconds and wall seconds of a Python process with these words."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *words],
        check=True,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, clock


if __name__ == "__main__":
    main()
