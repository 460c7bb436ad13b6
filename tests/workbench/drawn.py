"""Fit one small model of each family that can be drawn, once for all tests."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

import rung
from rung.data import conform
from rung.explain.row_facts import Row

N_ROWS = 120


@cache
def table() -> pl.DataFrame:
    """Make a table of numbers and a category, with missing cells."""
    rng = np.random.default_rng(5)
    size, age = rng.normal(50.0, 10.0, N_ROWS), rng.uniform(0.0, 9.0, N_ROWS)
    colour = rng.choice(["red", "green", "blue"], N_ROWS)
    mass = 2 * size - 3 * age + 8 * (colour == "red") + rng.normal(0, 2, N_ROWS)
    age[::11] = np.nan
    kind = np.where(mass > 95, "heavy", np.where(mass > 80, "middle", "light"))
    columns = {"size": size, "age": age, "colour": colour, "mass": mass, "kind": kind}
    return pl.DataFrame(columns).with_columns(pl.col("age").fill_nan(None))


@cache
def model(family: str, task: str):
    """Fit one family on the table."""
    target = "mass" if task == "regression" else "kind"
    frame = table().drop("kind" if target == "mass" else "mass")
    if task == "binary":
        frame = frame.with_columns(pl.col("kind").replace("middle", "light"))
    families = ["constant", family]
    run = rung.fit(frame, target=target, families=families, folds=2, choose="leader")
    assert run.model.family.name == family
    return run.model


def row(family: str, task: str, number: int) -> Row:
    """Return a row of the table with its model."""
    fitted = model(family, task)
    return Row(fitted, conform(table(), fitted.columns), number, "the table")


def fact(graph, key, name="contribution"):
    """Return what is known of a node."""
    return next(one for one in graph.table() if one["node"] == key)[name]
