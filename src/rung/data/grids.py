"""Turn grids, such as winds on latitudes, longitudes and times, into tables of one row a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.core.memory import GB, say_bytes
from rung.data.frames import to_series
from rung.data.limits import room_for
from rung.data.table import RawTable, ReadOptions
from rung.errors import DataError, UnreadableFile, suggest
from rung.typing import Untyped

MOST_BYTES = 4 * GB
# Coordinates stand in every row of a table, and once in a grid.
TIMES_A_GRID = 2
SECONDS_PER_DAY = 86_400.0


def from_grid(
    grid: Untyped, name: str, options: ReadOptions, *, packed: int | None = None
) -> RawTable:
    """Turn an xarray data set into a frame.

    Variables of the same dimensions make one table; its rows are the cells of the grid, with the
    coordinates of each. Variables of fewer of these dimensions are repeated.

    Parameters
    ----------
    grid : xarray.Dataset
        Opened without decoding of times, which may be of any calendar.
    name : str
        What to call it in messages.
    options : ReadOptions
        `variables` names those to read.
    packed : int, optional
        Bytes of its file, which bound what its table may take.

    Raises
    ------
    DataError
        If variables share no grid, or the table would not fit into memory.
    """
    chosen = _chosen(grid, options.variables, name)
    dims = max((grid[one].dims for one in chosen), key=len)
    dims = tuple(dims)
    kept = [one for one in chosen if set(grid[one].dims) <= set(dims)]
    left = [one for one in chosen if one not in kept]
    if options.variables and left:
        raise DataError(
            f"the variables {', '.join(map(repr, options.variables))} of {name!r} lie on different "
            f"grids: {_shapes(grid, chosen)}",
            "name variables of one grid",
        )
    coordinates = [one for one in grid.coords if set(grid[one].dims) <= set(dims)]
    coordinates += [one for one in dims if one not in coordinates and one not in grid.variables]
    shape = tuple(int(grid.sizes[one]) for one in dims)
    most = MOST_BYTES if packed is None else min(MOST_BYTES, TIMES_A_GRID * room_for(packed))
    _refuse_size(shape, len(kept) + len(coordinates), name, most)
    series, findings = [], [_flattened(dims, shape)] if len(dims) > 1 else []
    units, titles = {}, {}
    for one in [*coordinates, *kept]:
        called, values, unit, said = _cells(grid, str(one), dims, shape)
        series.append(to_series(called, values))
        units[called], titles[called] = unit, str(_attributes(grid, one).get("long_name", ""))
        findings += said
    if left:
        message = f"{_shapes(grid, left)} lie on other grids than {', '.join(map(str, dims))}"
        findings.append(
            Finding("other_grid", "info", (), message, "left out; --variables names them")
        )
    return RawTable(
        pl.DataFrame(series),
        tuple(findings),
        units={key: unit for key, unit in units.items() if unit},
        titles={key: title for key, title in titles.items() if title},
    )


def _chosen(grid: Untyped, wanted: Sequence[str], name: str) -> list[str]:
    known = [str(one) for one in grid.data_vars]
    for one in wanted:
        if one not in known:
            near = suggest(one, known)
            raise DataError(
                f"{name!r} has no variable {one!r}; it has {', '.join(map(repr, known[:20]))}",
                f"did you mean {near!r}?" if near else "",
            )
    chosen = list(wanted) or [one for one in known if grid[one].dtype.kind in "biufSUM"]
    bounds = {_attributes(grid, one).get("bounds") for one in grid.variables}
    chosen = [one for one in chosen if one in wanted or (grid[one].ndim and one not in bounds)]
    if not chosen:
        raise UnreadableFile(f"{name!r} holds no variable with values along a dimension")
    return chosen


def _attributes(grid: Untyped, name: Untyped) -> dict[str, Untyped]:
    return dict(grid[name].attrs) if name in grid.variables else {}


def _shapes(grid: Untyped, names: Sequence[str]) -> str:
    return ", ".join(f"{one!r} ({' x '.join(map(str, grid[one].dims))})" for one in names[:6])


def _refuse_size(shape: tuple[int, ...], n_columns: int, name: str, most: int) -> None:
    needed = 8 * math.prod(shape) * n_columns
    if needed > most:
        raise DataError(
            f"{name!r} makes a table of {math.prod(shape):,} rows and {n_columns} columns, about "
            f"{say_bytes(needed)}; accepted are {say_bytes(most)}",
            "read fewer with --variables, or cut out a region or a time first",
        )


def _flattened(dims: tuple[str, ...], shape: tuple[int, ...]) -> Finding:
    said = " x ".join(f"{dim} ({size})" for dim, size in zip(dims, shape, strict=True))
    return Finding(
        "grid",
        "warning",
        (),
        f"a grid of {said}: {math.prod(shape):,} cells, one row each",
        "neighbouring cells are alike: keep them together with --groups, --time or --space",
    )


def _cells(
    grid: Untyped, name: str, dims: tuple[str, ...], shape: tuple[int, ...]
) -> tuple[str, np.ndarray, str, list[Finding]]:
    """Return a variable at every cell: name, values, unit and what must be said."""
    if name not in grid.variables:
        index = np.arange(shape[dims.index(name)])
        return name, _spread(index, (name,), dims, shape), "", []
    variable = grid[name]
    values, unit, said = decoded(variable, name)
    return name, _spread(values, tuple(variable.dims), dims, shape), unit, said


def _spread(
    values: np.ndarray, own: tuple[str, ...], dims: tuple[str, ...], shape: tuple[int, ...]
) -> np.ndarray:
    order = [one for one in dims if one in own]
    turned = np.transpose(values, [own.index(one) for one in order]) if own else values
    sizes = tuple(size if dim in own else 1 for dim, size in zip(dims, shape, strict=True))
    return np.broadcast_to(turned.reshape(sizes), shape).reshape(-1)


def decoded(variable: Untyped, name: str) -> tuple[np.ndarray, str, list[Finding]]:
    """Return a variable's values, its unit, and what must be said of them.

    Times since a day become dates where the calendar is the usual one; those of another calendar,
    such as one of 360 days, stay numbers of days, and that is said.
    """
    values = np.asarray(variable.values)
    unit = str(variable.attrs.get("units", "")).strip()
    if values.dtype.kind in "SU" or values.dtype == object:
        return _texts(values), "", []
    if " since " not in unit:
        return values, "" if unit == "1" else unit, []
    calendar = str(variable.attrs.get("calendar", "standard")).lower()
    if calendar not in ("standard", "gregorian", "proleptic_gregorian"):
        message = (
            f"times of {name!r} are of the calendar {calendar!r}, which has other days than ours"
        )
        remedy = f"read as numbers: {unit}"
        return (
            values.astype(np.float64),
            unit,
            [Finding("calendar", "warning", (name,), message, remedy)],
        )
    seconds = _seconds_since(values, unit)
    if seconds is None:
        message = f"times of {name!r} in {unit!r} are not understood"
        return values, unit, [Finding("calendar", "warning", (name,), message, "read as numbers")]
    return seconds, "", []


def _seconds_since(values: np.ndarray, unit: str) -> np.ndarray | None:
    """Return dates of numbers of days, hours, minutes or seconds since one, else None."""
    step, _, start = unit.partition(" since ")
    length = {"d": SECONDS_PER_DAY, "h": 3600.0, "m": 60.0, "s": 1.0}.get(step.strip()[:1].lower())
    if length is None or step.strip().lower().startswith(("mon", "milli", "micro", "ms")):
        return None
    text = start.strip().removesuffix("UTC").removesuffix("Z").strip()
    day, _, clock = text.partition("T" if "T" in text else " ")
    parts = day.split("-")
    if len(parts) != 3:
        return None
    spelled = f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"
    try:
        origin = np.datetime64(spelled, "us")
        hours = [float(part) for part in clock.split("+")[0].strip().split(":")] if clock else []
    except ValueError:
        return None
    shift = sum(part * 60.0**power for part, power in zip(hours, (2, 1, 0), strict=False))
    known = np.isfinite(values)
    since = np.where(known, values, 0).astype(np.float64) * length + shift
    times = origin + np.round(since * 1e6).astype("timedelta64[us]")
    times[~known] = np.datetime64("NaT")
    return times


def _texts(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "S":
        return np.char.decode(values, "utf-8", "replace")
    return values.astype(str)
