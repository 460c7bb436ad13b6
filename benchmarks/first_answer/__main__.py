"""Measure how soon a run of rung says something, beside scikit-learn and mljar.

`python -m benchmarks.first_answer --envs FOLDER` runs everything on six tables, one after the other,
each in a process of its own that is held to one thread, imports included, and writes `results.json`
and the README's table beside this file. `RUNG_DATA` names the folder of the data.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.first_answer.showing import table
from benchmarks.peers.envs import interpreter
from benchmarks.peers.tables import Source, read

HERE = Path(__file__).parent
SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
OF_SKLEARN = {"iris": "multiclass", "diabetes": "regression"}
SOURCES = (
    Source("insurance", "insurance/insurance.csv", "charges"),
    Source("concrete", "concrete/concrete.csv", "strength"),
    Source("sdss", SDSS, "class", "multiclass", keep=("u", "g", "r", "i", "z")),
    Source("california", "california_housing/housing.csv", "median_house_value"),
)
NAMES = (*OF_SKLEARN, *(source.name for source in SOURCES))
# Rows drawn of a table.
SAMPLED = {"sdss": 5_000}
# The whole ladder takes minutes on the others; `benchmarks/ladder_vs_automl` has it.
WHOLE = ("iris", "diabetes", "insurance", "concrete")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
# Seconds after which a tool is stopped.
LONGEST = 900.0


def main() -> None:
    """Measure what is asked for, keep it beside what was measured before, and show all of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_answer")
    parser.add_argument("--envs", type=Path, required=True, help="folder for mljar's environment")
    parser.add_argument("--tables", nargs="+", choices=NAMES, default=list(NAMES))
    asked = parser.parse_args()
    results = HERE / "results.json"
    found = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    mljar = interpreter("mljar", asked.envs.resolve())
    for name in asked.tables:
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measure(name, Path(folder), mljar)
        print(name, json.dumps(found[name]))
        results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8").split("| table |")[0]
    readme.write_text(text + table({name: found[name] for name in NAMES if name in found}))


def frame_of(name: str) -> tuple[pl.DataFrame, str]:
    """Return a table, numbers as numbers, and its target."""
    if name not in OF_SKLEARN:
        source = next(source for source in SOURCES if source.name == name)
        frame = read(source)
        few = frame.sample(SAMPLED[name], seed=0) if name in SAMPLED else frame
        return few, source.target
    from sklearn import datasets

    given = getattr(datasets, f"load_{name}")()
    frame = pl.DataFrame(given.data, schema=list(given.feature_names))
    is_number = OF_SKLEARN[name] == "regression"
    values = given.target if is_number else given.target_names[given.target]
    return frame.with_columns(target=pl.Series(values)), "target"


def measure(name: str, folder: Path, mljar: Path) -> dict[str, dict[str, float]]:
    """Return processor seconds and wall seconds of every tool on one table.

    Parameters
    ----------
    name : str
        Of the table.
    folder : Path
        For what is written meanwhile.
    mljar : Path
        Python that has mljar.
    """
    frame, target = frame_of(name)
    path = folder / "table.csv"
    frame.write_csv(path)
    rung = [sys.executable, "-m", "rung", "fit", path, "--target", target, "--no-ledger", "--out"]
    words: dict[str, Sequence[str | Path]] = {"quick": [*rung, folder / "quick", "--quick"]}
    if name in WHOLE:
        words["whole"] = [*rung, folder / "whole"]
    folds = folder / "quick" / "out_of_fold.parquet"
    own = HERE / "scripts"
    words["sklearn"] = [sys.executable, own / "with_sklearn.py", path, target, folds]
    words["mljar"] = [mljar, own / "with_mljar.py", path, target]
    found = {tool: measured(asked, folder) for tool, asked in words.items()}
    return {"table": {"rows": frame.height, "load": round(os.getloadavg()[0], 1)}} | found


def measured(words: Sequence[str | Path], folder: Path) -> dict[str, float]:
    """Return what a command takes, and when its first score is there, where it prints any.

    Parameters
    ----------
    words : sequence of str or Path
        The command.
    folder : Path
        Where it runs.

    Returns
    -------
    dict
        `processor` and `clock` seconds in all; `first_processor` and `first_clock` until the score of
        a family that learns something, which is the second that a run of rung prints.
    """
    begun = time.perf_counter()
    child = subprocess.Popen(
        [str(word) for word in words],
        env=os.environ | ONE_THREAD,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    first: dict[str, float] = {}
    n_scores, lines = 0, []
    assert child.stdout
    with child.stdout:
        for line in child.stdout:
            lines.append(line)
            n_scores += " ± " in line
            if n_scores == 2 and not first:
                first["first_processor"] = spent_by(child.pid)
                first["first_clock"] = round(time.perf_counter() - begun, 2)
            if time.perf_counter() - begun > LONGEST:
                child.kill()
    _, status, usage = os.wait4(child.pid, 0)
    clock, child.returncode = round(time.perf_counter() - begun, 2), status
    if status:
        raise SystemExit(f"{words} failed:\n{''.join(lines[-20:])}")
    return {"processor": round(usage.ru_utime + usage.ru_stime, 2), "clock": clock} | first


def spent_by(process: int) -> float:
    """Return the processor seconds that a process has used so far, those of all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 2)


if __name__ == "__main__":
    main()
