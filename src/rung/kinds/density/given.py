"""Read the cells that a question gives: known ones, in several places where they are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import logsumexp

from rung.core.dataset import Column, Dataset
from rung.data import conform
from rung.density.reading import Noise, in_days
from rung.errors import DataError, UsageError, suggest
from rung.typing import Array

# Of a cell that is spread: its density is the mean. Over a step it hardly changes, over the width of a
# value that repeats, such as 0 in half of the rows, it does.
STEP_PLACES, PLACES = 4, 8
MOST_NAMED = 12
HOLDS = {"number": "numbers", "datetime": "dates", "boolean": "true or false"}


@dataclass(frozen=True)
class GivenCell:
    """One cell that a question gives.

    Attributes
    ----------
    column, value : str
        Its column, and the cell as it was typed.
    rows, known_rows : int or None
        Of a level: training rows that have it, and those that have any.
    span : tuple of cells
        The range of training rows, where the cell lies outside it; else empty.
    """

    column: str
    value: str
    rows: int | None = None
    known_rows: int | None = None
    span: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of a row.

    Attributes
    ----------
    rows : Dataset
        The row as densities see it, once for every place of cells that are spread.
    cells : tuple of GivenCell
        What was given.
    together : float
        How much more probable the cells are together than if they did not depend on each other.
    """

    rows: Dataset
    cells: tuple[GivenCell, ...]
    together: float = 1.0


def split_cell(typed: str, names: Sequence[str]) -> tuple[str, str]:
    """Return the column and the value that were typed as COL=VALUE.

    Names may hold `=`: the longest that is a column is taken.

    Raises
    ------
    UsageError
        If it is not so written.

    Examples
    --------
    >>> split_cell("note=a=b", ["note"]), split_cell("a = b=3", ["a", "a = b"])
    (('note', 'a=b'), ('a = b', '3'))
    """
    fitting = [name for name in names if typed.startswith(f"{name}=") and typed != f"{name}="]
    name, mark, value = typed.partition("=")
    if fitting:
        name, mark = max(fitting, key=len), "="
        value = typed[len(name) + 1 :]
    if not (name and mark and value):
        raise UsageError(f"--given {typed!r} is no COL=VALUE", "write it as --given class=QSO")
    return name, value


def read_given(model: Any, given: Mapping[str, Any]) -> Known:
    """Read given cells as a density takes them, and say what training rows have of them.

    Parameters
    ----------
    model : FittedDensity
        Any density.
    given : mapping
        Cells that are known, as a table writes them.

    Raises
    ------
    UsageError
        If a column, a level or what a column holds is another.
    """
    names = [column.name for column in model.columns]
    for name in given:
        if name not in names:
            near = suggest(str(name), names)
            raise UsageError(
                f"column {name!r} is not one of the model's; it has {', '.join(names[:MOST_NAMED])}",
                f"did you mean {near!r}?" if near else "name one of these",
            )
    columns = {column.name: column for column in model.columns}
    own = {name: _cell(columns[name], str(value)) for name, value in given.items()}
    values = {column.name: own.get(column.name, _blank_cell(column)) for column in model.columns}
    spreads = model.reading.spreads
    spread = [name for name in given if name in spreads]
    repeats = any(spreads[name].values for name in spread)
    n = PLACES if repeats else STEP_PLACES if spread else 1
    row = Dataset(model.columns, values, 1).take(np.zeros(n, dtype=np.int64))
    seen = model.reading.apply(row, _even_noise([names.index(name) for name in spread], n))
    levels = {column.name: column for column in seen.columns if column.kind == "category"}
    for name in set(given) & set(levels):
        if seen.values[name][0] < 0:
            raise _unknown_level(levels[name], str(given[name]))
    cells = tuple(_described(model, seen, name, str(given[name]), own[name]) for name in given)
    return Known(seen, cells, _together(model.model, seen, list(given)))


def _cell(column: Column, value: str) -> Array:
    """Return a cell coded as the column is."""
    holds = HOLDS.get(column.kind, f"{', '.join(column.levels[:MOST_NAMED])}")
    try:
        row = conform(pl.DataFrame({column.name: [value]}), (column,))
    except DataError as error:
        raise UsageError(
            f"{value!r} is no cell of column {column.name!r}, which holds {holds}",
            "write it as the table does; of dates 2024-05-31 or 2024-05-31 18:00 are sure"
            if column.kind == "datetime"
            else "write it as the table does",
        ) from error
    cell = row.values[column.name]
    if cell[0] == -1 if column.is_coded else not np.isfinite(cell[0]):
        if value in column.levels:
            return np.array([column.levels.index(value)], np.int32)
        raise UsageError(
            f"{column.name!r} is given as {value!r}, which is a missing cell",
            "leave it out: what is not given is not known",
        )
    return cell


def _blank_cell(column: Column) -> Array:
    return np.array([-1], np.int32) if column.is_coded else np.array([np.nan])


def _unknown_level(column: Column, value: str) -> UsageError:
    shown, more = column.levels[:MOST_NAMED], len(column.levels) - MOST_NAMED
    near = suggest(value, column.levels)
    return UsageError(
        f"{column.name!r} is never {value!r} in training; accepted: {', '.join(shown)}"
        + (f" and {more} more" if more > 0 else ""),
        f"did you mean {near!r}?" if near else "name one of these",
    )


def _even_noise(places: Sequence[int], n: int) -> Noise:
    """Return places of spread cells that fill the steps of all evenly (Roberts 2018)."""
    ratio = 2.0
    for _ in range(30):
        ratio = (1 + ratio) ** (1 / (len(places) + 1))
    return lambda place: (
        (0.5 + np.arange(n)) / n
        if len(places) == 1
        else (0.5 + np.arange(1, n + 1) * ratio ** -(1 + places.index(place))) % 1
        if place in places
        else np.full(n, 0.5)
    )


def _described(model: Any, seen: Dataset, name: str, value: str, own: Array) -> GivenCell:
    column = seen.column(name)
    if column.kind == "category":
        counts, level = model.level_rows[name], int(seen.values[name][0])
        return GivenCell(name, value, int(counts[level]), int(counts.sum()))
    as_read = next(one for one in model.columns if one.name == name)
    form = model.reading.forms.get(name)
    number = in_days(own, as_read)[0]
    if form is None or form.low <= number <= form.high:
        return GivenCell(name, value)
    span = model.reading.written(as_read, np.array([form.low, form.high]))
    return GivenCell(name, value, span=tuple(span.tolist()))


def _together(model: Any, seen: Dataset, names: Sequence[str]) -> float:
    """Return the density of cells over the product of the densities of each."""
    if len(names) < 2:
        return 1.0
    whole = mean_log(model, seen)
    apart = 0.0
    for name in names:
        values = {
            column.name: seen.values[name]
            if column.name == name
            else np.repeat(_blank_cell(column), seen.n_rows)
            for column in seen.columns
        }
        apart += mean_log(model, Dataset(seen.columns, values, seen.n_rows))
    return float(np.exp(np.clip(whole - apart, -700, 700)))


def mean_log(model: Any, seen: Dataset) -> float:
    """Return the log of the mean density of rows."""
    logs = model.predict(seen)[:, 0]
    return float(logsumexp(logs) - np.log(len(logs)))
