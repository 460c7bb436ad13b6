"""Count what of new rows lies far outside training, has no value, or is of another kind."""

from __future__ import annotations

import numpy as np
import polars as pl

from rung.core.dataset import Column
from rung.core.findings import Finding
from rung.core.tails import FAR
from rung.data.drift import Tell
from rung.data.tokens import count_cells, shown
from rung.typing import Array

# So few rows may lack a value by chance.
FEWEST_WITHOUT = 10


def tell_far(values: Array, column: Column, tell: Tell) -> None:
    """Say how many numbers lie farther outside the range of training than its tails explain.

    Examples
    --------
    >>> mag = Column("mag", "number", span=(18.0, 24.0))
    >>> tell_far(np.array([20.0, 31.0, 11.0, 40.0]), mag, lambda one: print(one.message))
    column 'mag': 3 of 4 numbers, such as 40, lie far outside the 18 to 24 of training
    """
    if not column.span or not len(values):
        return
    low, high = column.span
    top, bottom = np.fmax.reduce(values), np.fmin.reduce(values)
    reach = FAR * (high - low)
    least, most = column.far or (low - reach, high + reach)
    if high <= low or not (top > most or bottom < least):
        return
    n_far = int(((values > most) | (values < least)).sum())
    n_known = int(np.isfinite(values).sum())
    worst = float(top if top - high > low - bottom else bottom)
    message = (
        f"column {column.name!r}: {n_far:,} of {n_known:,} numbers, such as {worst:.6g}, lie far "
        f"outside the {low:.6g} to {high:.6g} of training"
    )
    remedy = "no model knows what holds there; check the unit, or take the prediction as a guess"
    tell(Finding("far_outside", "warning", (column.name,), message, remedy))


def tell_without_value(values: Array, column: Column, tell: Tell) -> None:
    """Say of a column that training knew, and new rows have no value of in any row."""
    if len(values) < FEWEST_WITHOUT:
        return
    is_missing = values == -1 if column.is_coded else np.isnan(values)
    if is_missing.all():
        message = f"column {column.name!r} has no value in any of {len(values):,} rows"
        remedy = "predicted as missing; check that it is the column of training"
        tell(Finding("no_value", "warning", (column.name,), message, remedy))


def tell_odd_cells(odd: pl.Series, column: Column, n_present: int, tell: Tell) -> None:
    """Say how many cells are of another kind than in training, where they are few.

    Examples
    --------
    >>> odd = pl.Series(["high", "high", "low"])
    >>> tell_odd_cells(odd, Column("t", "number"), 200, lambda one: print(one.message))
    column 't': 3 of 200 cells, such as 'high' (2), 'low', are no numbers as in training
    """
    counts = count_cells(odd)
    if counts:
        kind = KINDS.get(column.kind, "dates or times")
        message = (
            f"column {column.name!r}: {len(odd):,} of {n_present:,} cells, such as "
            f"{shown(counts)}, are no {kind} as in training"
        )
        remedy = "read as missing; correct them if they mean something"
        tell(Finding("odd_cells", "warning", (column.name,), message, remedy))


KINDS = {"number": "numbers", "boolean": "true or false"}
