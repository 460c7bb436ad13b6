"""Write how a density reads the columns of a table, and read it back from files that may be forged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rung.core.dataset import Column
from rung.core.result import plain
from rung.density.cells import Spread
from rung.density.reading import LIKE_NUMBERS, TableReading
from rung.typing import JSON


def describe_reading(reading: TableReading) -> JSON:
    """Return what a reading does to columns, ready for JSON.

    Examples
    --------
    >>> describe_reading(TableReading((), {}, {"n": (0.0, 1.0)}))
    {'spreads': {}, 'number_levels': {'n': [0.0, 1.0]}}
    """
    return {
        "spreads": {name: plain(asdict(one)) for name, one in reading.spreads.items()},
        "number_levels": {name: list(one) for name, one in reading.levels.items()},
    }


def read_reading(columns: tuple[Column, ...], stored: Mapping[str, Any]) -> TableReading:
    """Return the reading that `describe_reading` described, after checking all of it.

    Raises
    ------
    ValueError
        If a name is no column of numbers, or what repeats is no number.
    """
    kinds = {column.name: column.kind for column in columns}
    spreads, levels = dict(stored["spreads"]), dict(stored["number_levels"])
    for name in (*spreads, *levels):
        if kinds.get(name) not in LIKE_NUMBERS:
            raise ValueError(f"{kinds.get(name)!r} is not one of {', '.join(LIKE_NUMBERS)}")
    return TableReading(
        columns,
        {name: _spread(one) for name, one in spreads.items()},
        {name: _numbers(one) for name, one in levels.items()},
    )


def _spread(stored: Mapping[str, Any]) -> Spread:
    values, widths = _numbers(stored["values"]), _numbers(stored["widths"])
    step, start = _numbers([stored["step"], stored["start"]])
    if len(values) != len(widths) or step < 0 or min(widths, default=0.0) < 0:
        raise ValueError(f"{stored!r} is no spread of repeated numbers")
    return Spread(step, start, values, widths)


def _numbers(stored: Sequence[Any]) -> tuple[float, ...]:
    if any(type(one) not in (int, float) or not math.isfinite(one) for one in stored):
        raise ValueError(f"{stored!r} are no numbers")
    return tuple(float(one) for one in stored)
