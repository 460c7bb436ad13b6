"""The same data, seed and versions give the same bytes, however the run is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbench.frames import frame

FILES = ("results.json", "model.rung", "seal.json", "report.html", "out_of_fold.parquet")
RUNS = (("1", "0", "linear,tree,boosting"), ("2", "1", "boosting,linear,tree"))
RUNS += (("4", "4242", "tree,boosting,linear"),)


@pytest.mark.parametrize("target", ["mass", "three"])
def test_workers_hash_seeds_and_the_order_of_families_change_no_byte(
    target: str, tmp_path: Path
) -> None:
    frame(400).write_csv(tmp_path / "table.csv")
    for threads, hash_seed, families in RUNS:
        words = ["fit", "table.csv", "--target", target, "--choose", "leader", "--quiet"]
        words += ["--threads", threads, "--families", families, "--out", f"run{threads}"]
        subprocess.run(
            [sys.executable, "-m", "rung", *words],
            cwd=tmp_path,
            # each with a ledger of its own: the report tells of earlier openings
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "RUNG_STATE": str(tmp_path / threads)},
            check=True,
            capture_output=True,
        )
    for name in FILES:
        first, *others = [(tmp_path / f"run{threads}" / name).read_bytes() for threads, *_ in RUNS]
        assert others == [first, first], name
