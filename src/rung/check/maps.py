"""Find pairs of columns that say where a row was measured, on a sphere or a plane.

They are known by their names (longitude and latitude, right ascension and declination, x and y),
or by their values: a regular grid on which other columns are fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from rung.check.names import plain
from rung.core.column_parts import unit_vectors
from rung.core.dataset import Dataset
from rung.core.variogram import nearest_likeness
from rung.typing import Array

FEWEST_ROWS = 60
FEWEST_PLACES = 20
# Two columns that go together like this lie on a line, not on a plane.
ON_A_LINE = 0.9
# A grid has most of its cells, and about as many rows in each: chance would give a ratio of 1.
FEWEST_STEPS, FULL, EVEN = 8, 0.5, 0.6
# Fields on a grid that no name declares are this smooth, and most columns are fields.
SMOOTH, MOST_FIELDS = 0.6, 0.5
MOST_GRID_COLUMNS = 12
# First and last values, one apart, of days, hours and months.
CALENDAR = (
    (1, 12),
    (0, 11),
    (1, 31),
    (0, 23),
    (1, 24),
    (1, 7),
    (0, 6),
    (1, 365),
    (1, 366),
    (1, 53),
)

_SPHERE = (
    ("lon", "lat"),
    ("long", "lat"),
    ("lng", "lat"),
    ("longitude", "latitude"),
    ("ra", "dec"),
    ("raj2000", "dej2000"),
    ("ra_deg", "dec_deg"),
    ("glon", "glat"),
)
_PLANE = (
    ("x", "y"),
    ("xcoord", "ycoord"),
    ("coord_x", "coord_y"),
    ("x_coord", "y_coord"),
    ("pos_x", "pos_y"),
    ("easting", "northing"),
    ("east", "north"),
    ("utm_x", "utm_y"),
    ("utme", "utmn"),
    ("col", "row"),
    ("column", "row"),
)


# Names too common to be looked for inside of others.
_ALONE = ("x", "col", "column", "east")


@dataclass(frozen=True)
class Map:
    """Two columns that say where a row was measured.

    Attributes
    ----------
    columns : tuple of (str, str)
        Longitude and latitude, or x and y.
    rows : ndarray of int, shape (n_known,)
        Rows with a position.
    points : ndarray, shape (n_known, 3) or (n_known, 2)
        Positions on the unit sphere, or on the plane in units of its longer side.
    is_sphere : bool
        Which of the two.
    is_named : bool
        Whether the names say so, not the values alone.
    """

    columns: tuple[str, str]
    rows: Array
    points: Array
    is_sphere: bool
    is_named: bool


def named_maps(design: Dataset, target: str) -> Iterator[Map]:
    """Yield pairs of columns whose names say that they are positions."""
    names = {plain(column.name): column.name for column in design.columns}
    for pairs, is_sphere in ((_SPHERE, True), (_PLANE, False)):
        for (short, name), (first, second) in product(names.items(), pairs):
            other = names.get(_counterpart(short, first, second))
            if other is not None:
                place = _map(design, (name, other), target, is_sphere=is_sphere)
                if place is not None and _is_spread(place):
                    yield place


def _counterpart(name: str, first: str, second: str) -> str:
    """Return the name of the other coordinate; empty where this is no first one.

    Examples
    --------
    >>> _counterpart("pickup_lon", "lon", "lat"), _counterpart("colon", "lon", "lat")
    ('pickup_lat', '')
    """
    if name == first:
        return second
    if first in _ALONE:
        return ""
    if name.endswith(f"_{first}"):
        return name.removesuffix(first) + second
    if name.startswith(f"{first}_"):
        return second + name.removeprefix(first)
    return ""


def _map(
    design: Dataset,
    columns: tuple[str, str],
    target: str,
    *,
    is_sphere: bool,
    is_named: bool = True,
) -> Map | None:
    if target in columns or any(design.column(name).kind != "number" for name in columns):
        return None
    x, y = (design.values[name] for name in columns)
    rows = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(rows) < FEWEST_ROWS:
        return None
    x, y = x[rows], y[rows]
    on_globe = bool(
        is_sphere and (np.abs(y) <= 90).all() and (x >= -180).all() and (x <= 360).all()
    )
    points = unit_vectors(x, y) if on_globe else np.stack([x - x.min(), y - y.min()], axis=1)
    if not on_globe:
        points = points / (points.max() or 1.0)
    return Map(columns, rows, points, on_globe, is_named)


def _is_spread(place: Map) -> bool:
    """Tell whether positions are many, and lie on a plane rather than on a line."""
    if len(np.unique(place.points, axis=0)) < FEWEST_PLACES:
        return False
    if place.is_sphere:
        return True
    x, y = place.points.T
    return bool(x.std() > 0 and y.std() > 0 and abs(np.corrcoef(x, y)[0, 1]) < ON_A_LINE)


def grids(design: Dataset, target: str) -> Iterator[Map]:
    """Yield pairs of columns that are a regular grid, where most other columns are fields on it."""
    numbers = [
        column.name
        for column in design.features
        if column.kind == "number" and _is_regular(design.values[column.name])
    ][:MOST_GRID_COLUMNS]
    for i, first in enumerate(numbers):
        for second in numbers[i + 1 :]:
            x, y = design.values[first], design.values[second]
            across, along = (np.unique(one, return_inverse=True) for one in (x, y))
            full = len(across[0]) * len(along[0])
            counts = np.bincount(across[1] * len(along[0]) + along[1], minlength=full)
            if (counts > 0).mean() < FULL or counts.var() > EVEN * counts.mean():
                continue
            place = _map(design, (first, second), target, is_sphere=False, is_named=False)
            if place is not None and _are_fields(design, place, numbers):
                yield place


def _is_regular(values: Array) -> bool:
    """Tell whether values are the marks of a ruler: equally spaced, all there, and none missing."""
    levels = np.unique(values)
    if not np.isfinite(levels).all() or not FEWEST_STEPS <= len(levels) <= len(values) / 2:
        return False
    if (levels[0], levels[-1]) in CALENDAR or (levels[0] >= 1900 and levels[-1] <= 2100):
        return False
    steps = np.diff(levels)
    return bool(np.ptp(steps) <= 1e-3 * steps.mean())


def _are_fields(design: Dataset, place: Map, axes: list[str]) -> bool:
    others = [
        design.values[column.name][place.rows]
        for column in design.features
        if column.kind == "number" and column.name not in axes
    ]
    others = [
        one for one in others if np.isfinite(one).all() and len(np.unique(one)) > FEWEST_PLACES
    ]
    points, cell = np.unique(place.points, axis=0, return_inverse=True)
    cell = cell.ravel()
    sizes = np.bincount(cell)
    fields = [np.bincount(cell, one) / sizes for one in others[:MOST_GRID_COLUMNS]]
    shares = [nearest_likeness(points, one).share for one in fields]
    return bool(shares) and float(np.mean([one >= SMOOTH for one in shares])) >= MOST_FIELDS
