"""Turn what the user says of dependent rows into seal, folds and units that respect it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from shlex import quote

import numpy as np

from rung.core.block_size import MOST_ROWS, cheap_residuals, find_block_size
from rung.core.blocks import BlockGrid, gather_entities, straight
from rung.core.dataset import Dataset
from rung.core.durations import read_duration
from rung.core.keys import key_column
from rung.core.placing import PLACE_KINDS, Placing
from rung.core.seal import Seal
from rung.core.stretches import Reach, is_too_near
from rung.core.task import TargetColumn
from rung.errors import DataError, UsageError
from rung.kinds.table.options import FitOptions
from rung.typing import Array

LONGITUDES = frozenset({"lon", "long", "longitude", "lng", "ra", "raj2000", "glon"})
LATITUDES = frozenset({"lat", "latitude", "dec", "de", "dej2000", "declination", "glat"})
# Columns that the cheap model of residuals may use.
MOST_COLUMNS = 200

# Options of a division, and the one that each belongs to.
NEEDS = {"gap": "time", "rolling": "time", "block_size": "space", "buffer": "space"}


@dataclass(frozen=True)
class DivisionPlan:
    """Hold how rows depend, as far as it was said.

    Attributes
    ----------
    group_names : tuple of str
        Columns that make up an entity.
    time : str or None
        Column of times.
    is_date : bool
        Whether these are dates.
    reach : Reach
        Gap and length of the training stretch.
    placing : Placing or None
        Where all rows lie.
    """

    group_names: tuple[str, ...] = ()
    time: str | None = None
    is_date: bool = False
    reach: Reach = field(default_factory=Reach)
    placing: Placing | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether keys of rows are groups or blocks."""
        return bool(self.group_names) or self.placing is not None

    def aside(self, dataset: Dataset, is_test: Array) -> Array:
        """Return the rows that are too near to sealed ones to train, a mask of shape (n_rows,)."""
        if not is_test.any():
            return np.zeros(len(is_test), dtype=bool)
        if self.placing is not None and self.placing.buffer > 0:
            return self.placing.near(is_test) & ~is_test
        if self.time is not None:
            times = dataset.values[self.time]
            return is_too_near(times, float(times[is_test].min()), self.reach) & ~is_test
        return np.zeros(len(is_test), dtype=bool)


def plan_division(
    dataset: Dataset, target: TargetColumn, options: FitOptions, seal: Seal | None
) -> DivisionPlan:
    """Read how rows depend, and choose the size of blocks where it is not given.

    Parameters
    ----------
    dataset : Dataset
        All rows that have a target, in content order, with roles.
    target : TargetColumn
        Of all rows; it decides the size of blocks, as it decides strata.
    options : FitOptions
        What is asked.
    seal : Seal or None
        An earlier seal, whose blocks are taken again.

    Raises
    ------
    UsageError
        If two kinds of dependence are asked for that cannot be respected together.
    DataError
        If positions or lengths of time cannot be used.
    """
    names = tuple(column.name for column in dataset.columns if column.role == "group")
    _check_combination(options, names)
    if options.time is not None:
        is_date = dataset.column(options.time).kind == "datetime"
        return DivisionPlan(names, options.time, is_date, _reach(options, is_date))
    if options.space is not None:
        placing = _placing(dataset, target, options, seal)
        return DivisionPlan(names, placing=placing)
    return DivisionPlan(names)


def _check_combination(options: FitOptions, groups: tuple[str, ...]) -> None:
    for name, needed in NEEDS.items():
        if getattr(options, name) is not None and getattr(options, needed) is None:
            raise UsageError(
                f"{name}={getattr(options, name)!r} says nothing without {needed}",
                f"name the columns with --{needed}, or leave it out",
            )
    said = {
        "--groups": bool(groups),
        "--time": options.time is not None,
        "--space": options.space is not None,
    }
    if not said["--time"] or not (said["--groups"] or said["--space"]):
        return
    other = "--space" if said["--space"] else "--groups"
    new = "places" if said["--space"] else "groups"
    raise UsageError(
        f"--time and {other} ask two questions: later times of the same {new}, or new {new}",
        f"use --time where the same {new} are met again, {other} where new ones are",
    )


def _reach(options: FitOptions, is_date: bool) -> Reach:
    gap = 0.0 if options.gap is None else read_duration("gap", options.gap, is_date=is_date)
    if options.rolling is None:
        return Reach(gap)
    return Reach(gap, read_duration("rolling", options.rolling, is_date=is_date))


def _placing(
    dataset: Dataset, target: TargetColumn, options: FitOptions, seal: Seal | None
) -> Placing:
    assert options.space is not None
    across, up = (_positions(dataset, name) for name in options.space)
    is_sphere = is_on_sphere(*options.space)
    _check_degrees(options.space, across, up, is_sphere=is_sphere)
    groups = [column for column in dataset.columns if column.role == "group"]
    spread = 0.0
    if groups:
        entity = entity_numbers(dataset, np.arange(dataset.n_rows))
        across, up, spread = gather_entities(BlockGrid(is_sphere, 1.0), across, up, entity)
    size, found = options.block_size, None
    if size is None and seal is not None and seal.kind in PLACE_KINDS:
        size = seal.cutoff
    if size is None:
        sample = np.arange(min(dataset.n_rows, MOST_ROWS))
        values = residuals(dataset, target, sample, without=options.space)
        found = find_block_size(across, up, values, is_sphere=is_sphere, sample=sample)
        size = found.size
    grid = BlockGrid(is_sphere, float(size))
    if spread > straight(grid, grid.size):
        raise DataError(
            f"some group of {', '.join(column.name for column in groups)} lies further from its "
            f"mean position than a block of {size:g} is wide, so that no block holds it",
            "drop --groups, or give a larger --block-size",
        )
    columns = tuple(
        key_column(dataset.column(name)) for name in (*options.space, *(g.name for g in groups))
    )
    return Placing(grid, across, up, columns, float(options.buffer or 0.0), found)


def _positions(dataset: Dataset, name: str) -> Array:
    values = dataset.values[name]
    if dataset.column(name).kind != "number":
        raise DataError(
            f"column {name!r} of --space is a {dataset.column(name).kind}, no column of numbers",
            "name two columns of numbers: --space LONGITUDE,LATITUDE or X,Y",
        )
    n_missing = int((~np.isfinite(values)).sum())
    if n_missing:
        raise DataError(
            f"column {name!r} of --space has no value in {n_missing} of {len(values)} rows",
            "fill them, or drop these rows",
        )
    return values


def is_on_sphere(across: str, up: str) -> bool:
    """Tell by names whether two columns are longitude and latitude; else they lie on a plane.

    Examples
    --------
    >>> is_on_sphere("Station longitude", "lat"), is_on_sphere("x", "y")
    (True, False)
    """
    if _is_named(across, LATITUDES) and _is_named(up, LONGITUDES):
        raise UsageError(
            f"--space {across},{up} names the latitude first",
            f"use --space {quote(f'{up},{across}')}",
        )
    return _is_named(across, LONGITUDES) and _is_named(up, LATITUDES)


def _is_named(name: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(re.split(r"[^a-z0-9]+", name.casefold()))


def _check_degrees(names: tuple[str, ...], across: Array, up: Array, *, is_sphere: bool) -> None:
    if not is_sphere or (np.abs(up).max() <= 90 and np.abs(across).max() <= 360):
        return
    raise DataError(
        f"columns {names[0]!r} and {names[1]!r} are named as longitude and latitude, and reach "
        f"{np.abs(across).max():g} and {np.abs(up).max():g}, which are no degrees",
        "give degrees, or rename them x and y for blocks on a plane",
    )


def residuals(
    dataset: Dataset, target: TargetColumn, rows: Array, *, without: tuple[str, ...] = ()
) -> Array:
    """Return what a linear model of the numbers leaves of the target; a column for each class.

    Parameters
    ----------
    dataset : Dataset
        All rows.
    target : TargetColumn
        Of all rows.
    rows : ndarray of int
        Rows wanted.
    without : tuple of str
        Columns that the model may not use, such as positions.
    """
    columns = [i for i, name in enumerate(dataset.number_names) if name not in without]
    features = dataset.numbers(rows)[:, columns[:MOST_COLUMNS]]
    if target.labels is None:
        return cheap_residuals(features, target.y[rows, None])
    labels = target.labels[rows]
    return cheap_residuals(features, (labels[:, None] == np.unique(labels)).astype(float))


def entity_numbers(dataset: Dataset, rows: Array) -> Array:
    """Return the entity of each row: equal values in all group columns; each its own if none."""
    names = [column.name for column in dataset.columns if column.role == "group"]
    if not names:
        return np.arange(len(rows))
    parts = [np.unique(dataset.values[name][rows], return_inverse=True)[1] for name in names]
    found: Array = np.unique(np.column_stack(parts), axis=0, return_inverse=True)[1].ravel()
    return found
