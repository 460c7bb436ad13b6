"""The same data, seed and versions give the same bytes, however the run is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbench.frames import frame

TREE = Path(__file__).parents[2]
FILES = ("results.json", "model.rung", "seal.json", "report.html", "out_of_fold.parquet")
# Threads, hash seed, families, and the threads that libraries may have.
RUNS = (
    ("1", "0", "linear,neighbours,tree,boosting", ""),
    ("4", "4242", "tree,boosting,neighbours,linear", "2"),
)
VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def environment(number: str) -> dict[str, str]:
    """Return the environment with so many threads allowed to libraries, or as many as they like."""
    plain = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    plain["PYTHONPATH"] = os.pathsep.join([str(TREE / "src"), str(TREE)])
    return plain | dict.fromkeys(VARIABLES if number else (), number)


@pytest.mark.parametrize("target", ["mass", "three"])
def test_workers_hash_seeds_and_the_order_of_families_change_no_byte(
    target: str, tmp_path: Path
) -> None:
    frame(400).write_csv(tmp_path / "table.csv")
    for threads, hash_seed, families, number in RUNS:
        words = ["fit", "table.csv", "--target", target, "--choose", "leader", "--quiet"]
        words += ["--threads", threads, "--families", families, "--out", f"run{threads}"]
        subprocess.run(
            [sys.executable, "-m", "rung", *words],
            cwd=tmp_path,
            # each with a ledger of its own: the report tells of earlier openings
            env=environment(number)
            | {"PYTHONHASHSEED": hash_seed, "RUNG_STATE": str(tmp_path / threads)},
            check=True,
            capture_output=True,
        )
    for name in FILES:
        first, other = [(tmp_path / f"run{threads}" / name).read_bytes() for threads, *_ in RUNS]
        assert first == other, name


# What multiplies matrices: with numpy's OpenBLAS, with scipy's, which comes later, and with torch's.
SESSION = """
import hashlib, sys
from pathlib import Path
import numpy as np
import rung

rng = np.random.default_rng(0)
X = rng.normal(size=(300, 10))
y = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.3 * rng.normal(size=300)
table = {f"x{j}": X[:, j] for j in range(10)} | {"y": y}
lines = [f"{day}day {n}" for day in ("mon", "tues", "fri", "sun") for n in range(99)]
for turn in range(int(sys.argv[1])):
    out = Path(f"turn{turn}")
    own = {"threads": 2, "ledger": False}  # the report tells of openings elsewhere
    run = rung.fit(
        table, target="y", families=["polynomial", "svm", "mlp"], out=out / "table", **own
    )
    rung.fit(lines, families=["ngram", "neural_bigram"], out=out / "text", **own)
    (out / "predictions").write_bytes(run.model.predict(table).tobytes())
    files = sorted(each for each in out.rglob("*") if each.is_file())
    digest = hashlib.sha256()
    for each in files:
        if each.name not in ("timings.json", "openings.json"):  # they hold times
            digest.update(each.read_bytes())
    print(digest.hexdigest())
"""


def test_the_number_of_threads_that_libraries_may_have_changes_no_byte(tmp_path: Path) -> None:
    sessions = []
    for number in ("", "1", "2"):
        folder = tmp_path / f"threads{number}"
        folder.mkdir()
        sessions.append(
            subprocess.Popen(
                [sys.executable, "-c", SESSION, "1" if number else "2"],
                cwd=folder,
                env=environment(number),
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    said = [session.communicate()[0].split() for session in sessions]
    assert [len(each) for each in said] == [2, 1, 1]
    assert len({digest for each in said for digest in each}) == 1
