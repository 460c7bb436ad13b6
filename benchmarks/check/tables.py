"""Name the tables of the benchmark and their targets."""

from __future__ import annotations

import csv
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data import read_table
from rung.errors import RungError
from rung.kinds.table.asked import make_options
from rung.kinds.table.checks import check_sealed
from rung.kinds.table.metric import metric_for
from rung.kinds.table.sealing import make_problem, seal_table
from rung.workbench import check_table

DATA = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[3] / "shared" / "data"))
TRUTH = DATA.parent / "truth" / "problems.csv"
MEMBERS = {"Bike-Sharing-Dataset.zip": "Bike-Sharing-Dataset.zip:hour.csv"}


@dataclass(frozen=True)
class Checked:
    """One table, and what was said of it.

    Attributes
    ----------
    name : str
        Folder and file.
    target : str
        The column to predict; empty for none.
    n_rows, n_columns : int
        Its size; 0 if it was not read.
    findings : tuple of Finding
        What the check said.
    refused : str
        Why it was not read.
    """

    name: str
    target: str
    n_rows: int = 0
    n_columns: int = 0
    findings: tuple[Finding, ...] = ()
    refused: str = ""


def listed() -> list[tuple[str, str]]:
    """Return name and target of every table of the index, as it writes them."""
    with (DATA / "INDEX.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (f"{row['dataset']}/{MEMBERS.get(row['file'], row['file'])}", row["target"]) for row in rows
    ]


def check(name: str, target: str) -> Checked:
    """Check one table with its target."""
    path = str(DATA / name)
    try:
        dataset = read_table(path).dataset
        column = find_column(dataset, target)
        findings = check_table(path, target=column or None)
    except RungError as error:
        return Checked(name, target, refused=str(error.message))
    return Checked(name, column, dataset.n_rows, len(dataset.columns), findings)


COSTED = (
    ("adult/adult-train.csv", "column_15"),
    ("california_housing/housing.csv", "median_house_value"),
    ("xgass/xGASS_representative_sample.csv", "lgGF"),
    ("concrete/concrete.csv", ""),
)


def cost() -> list[dict[str, Any]]:
    """Measure the processor time of all checks on four tables, reading left out, the second time.

    The first time loads libraries, which a fit loads anyway.
    """
    return [_cost_of(name, target) for name, target in COSTED for _ in range(2)][1::2]


def _cost_of(name: str, target: str) -> dict[str, Any]:
    path = str(DATA / name)
    columns = read_table(path).dataset.columns
    options = make_options(target or columns[-1].name, {})
    sealed = seal_table(path, options)
    problem = make_problem(sealed, loss=metric_for(options, sealed.target).loss)
    start = time.process_time()
    check_sealed(sealed, problem, options)
    seconds = time.process_time() - start
    cells = sealed.original.n_rows * len(columns)
    return {"table": name.split("/", maxsplit=1)[0], "cells": cells, "seconds": round(seconds, 3)}


def find_column(dataset: Dataset, written: str) -> str:
    """Return the name of a column that is written as a name, `last` or `column 7`."""
    names = [column.name for column in dataset.columns]
    place = written.removeprefix("column ").removeprefix("col ")
    if written == "last":
        return names[-1]
    if place != written and place.isdigit():
        return names[int(place) - 1]
    if written and written not in names:
        return next((name for name in names if name.strip() == written.strip()), "")
    return written
