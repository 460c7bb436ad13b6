"""Runs whose pages show explanations, each made once."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

import rung
from rung.core.result import Result
from rung.report.html import render

WILD = '<script>alert("x")</script>\u202e'


@cache
def run_of(task: str) -> rung.Run:
    """Return a small run on a table with a hostile name, gaps, and a date."""
    rng = np.random.default_rng(1)
    n = 160
    x, kind = rng.normal(size=n), rng.choice(["a", WILD, "c"], n)
    signal = 2 * x + (kind == "a") + rng.normal(size=n) / 2
    target = {
        "regression": signal,
        "binary": np.where(signal > 0, WILD, "no"),
        "multiclass": np.array(["x", "y", "z"])[np.digitize(signal, [-1, 1])],
    }[task]
    days = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2020, 6, 8), eager=True)
    table = pl.DataFrame(
        {WILD: x, "kind": kind, "noise": rng.normal(size=n), "day": days, "t": target}
    )
    return rung.fit(table, "t", families=["linear", "forest"], ledger=False, folds=4)


def result_of(task: str) -> Result:
    """Return its result."""
    return run_of(task).result


@cache
def page_of(task: str) -> str:
    """Return its page."""
    return render(result_of(task))
