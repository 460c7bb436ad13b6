"""Say which numbers models are given of dates, and of positions on a sphere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.check.maps import Map, named_maps
from rung.core.column_parts import SPHERE_PARTS, varying_parts
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.typing import Array

# Within such a cap of a sphere, in degrees, it is flat: angles say all there is to say.
FLAT = 15.0


def with_parts(dataset: Dataset, target: str, rows: Array) -> Dataset:
    """Give features that are dates, or latitudes, the parts that models see.

    Of dates these are the parts that differ between rows; a latitude on a wide part of a sphere
    has the unit vector beside it.

    Parameters
    ----------
    dataset : Dataset
        All rows.
    target : str
        Name of its target.
    rows : ndarray of int
        Rows to learn from: the others decide nothing.

    Examples
    --------
    >>> from rung.core.dataset import Column
    >>> days = np.arange(5) * 86400.0
    >>> table = Dataset((Column("day", "datetime"),), {"day": days}, 5)
    >>> with_parts(table, "y", np.arange(5)).number_names[1:3]
    ('day.day_of_year', 'day.season_sine')
    """
    seen = dataset.take(rows)
    features = {column.name for column in dataset.features}
    longitude = {
        place.columns[1]: place.columns[0]
        for place in named_maps(seen, target)
        if place.is_sphere and set(place.columns) <= features and _is_wide(place)
    }
    columns = tuple(
        replace(one, parts=varying_parts(seen.values[one.name]))
        if one.kind == "datetime" and one.role == "feature"
        else replace(one, longitude=longitude.get(one.name, ""))
        for one in dataset.columns
    )
    return Dataset(columns, dataset.values, dataset.n_rows, dataset.items)


def _is_wide(place: Map) -> bool:
    middle: Array = place.points.mean(axis=0)
    length = float(np.linalg.norm(middle))
    least = float((place.points @ middle).min()) / length if length else -1.0
    return bool(least < np.cos(np.radians(FLAT)))


def part_findings(dataset: Dataset) -> tuple[Finding, ...]:
    """Say which columns are given to models in several parts.

    Examples
    --------
    >>> part_findings(Dataset((), {}, 0))
    ()
    """
    found = []
    for column in dataset.features:
        if column.parts:
            shown = ", ".join(part.replace("_", " ") for part in column.parts)
            message = f"models are given of the dates: {shown}"
            found.append(Finding("date_parts", "info", (column.name,), message, ""))
        if column.longitude:
            names = ", ".join(f"{column.name}.{part}" for part in SPHERE_PARTS)
            message = f"positions on a sphere: the unit vector ({names}) stands beside the angles"
            pair = (column.longitude, column.name)
            found.append(Finding("unit_vector", "info", pair, message, ""))
    return tuple(found)
