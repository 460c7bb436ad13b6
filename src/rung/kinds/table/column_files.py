"""Describe the columns of a model in its file, and check them when they are read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rung.core.column_parts import CALENDAR_PARTS
from rung.core.dataset import PLAIN, Column, Notation
from rung.data.dates import DAY_FIRST, MONTH_FIRST
from rung.errors import BadModelFile
from rung.kinds.model_file import REMEDY, string
from rung.typing import JSON

KINDS = ("number", "boolean", "category", "datetime", "text")
LONGEST_UNIT = 16


def describe_column(column: Column) -> JSON:
    """Return what a model file says of a column; what is empty is left out.

    Examples
    --------
    >>> describe_column(Column("mag", "number", span=(18.0, 24.5)))
    {'name': 'mag', 'kind': 'number', 'unit': '', 'span': [18.0, 24.5]}
    """
    described: JSON = {"name": column.name, "kind": column.kind, "unit": column.unit}
    for name in ("sentinels", "tokens", "span", "parts", "far"):
        if getattr(column, name):
            described[name] = list(getattr(column, name))
    for name in ("title", "date_order", "longitude"):
        if getattr(column, name):
            described[name] = getattr(column, name)
    if column.notation != PLAIN:
        described["notation"] = asdict(column.notation)
    return described


def read_columns(
    listed: Sequence[Mapping[str, Any]], strings: Mapping[str, Sequence[str]]
) -> tuple[Column, ...]:
    """Return the columns that a model file describes.

    Raises
    ------
    BadModelFile, TypeError or ValueError
        If something in it is not as `describe_column` writes it.
    """
    columns = []
    for i, one in enumerate(listed):
        kind = one["kind"]
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
        levels = tuple(strings[f"levels/{i}"]) if kind == "category" else ()
        if list(levels) != sorted(set(levels)):
            raise BadModelFile(f"levels of column {i} are not sorted", REMEDY)
        columns.append(
            Column(
                string(one["name"]),
                kind,
                "text" if kind == "text" else "feature",
                levels,
                string(one["unit"]),
                _numbers("sentinels", one.get("sentinels", []), kind),
                _notation(one.get("notation"), kind),
                tuple(string(token) for token in one.get("tokens", [])),
                _span(one.get("span", []), kind),
                string(one.get("title", "")),
                _date_order(one.get("date_order", ""), kind),
                _parts(one.get("parts", []), kind),
                string(one.get("longitude", "")),
                _span(one.get("far", []), kind),
            )
        )
    if len({column.name for column in columns}) != len(columns):
        raise BadModelFile("two columns share a name", REMEDY)
    numbers = {column.name for column in columns if column.kind == "number"}
    for column in columns:
        is_lone = column.longitude not in numbers - {column.name} or column.kind != "number"
        if column.longitude and is_lone:
            raise BadModelFile(f"column {column.name!r} has no longitudes", REMEDY)
    return tuple(columns)


def _parts(listed: Any, kind: str) -> tuple[str, ...]:
    parts = tuple(listed)
    known = kind == "datetime" and set(parts) <= set(CALENDAR_PARTS)
    if parts and (not known or len(set(parts)) < len(parts)):
        raise BadModelFile(f"parts {parts!r} of a column of kind {kind!r}", REMEDY)
    return parts


def _date_order(found: Any, kind: str) -> str:
    if found and (kind != "datetime" or found not in (DAY_FIRST, MONTH_FIRST)):
        raise BadModelFile(f"date order {found!r} in a column of kind {kind!r}", REMEDY)
    return string(found)


def _numbers(what: str, listed: Any, kind: str) -> tuple[float, ...]:
    values = tuple(listed)
    if values and kind != "number":
        raise BadModelFile(f"{what} in a column of kind {kind!r}", REMEDY)
    if any(type(value) not in (int, float) or not math.isfinite(value) for value in values):
        raise BadModelFile(f"{what} {values!r} are not numbers", REMEDY)
    return tuple(float(value) for value in values)


def _span(listed: Any, kind: str) -> tuple[float, ...]:
    values = _numbers("span", listed, kind)
    if values and (len(values) != 2 or values[0] > values[1]):
        raise BadModelFile(f"span {values!r} is no lowest and highest number", REMEDY)
    return values


def _notation(found: Any, kind: str) -> Notation:
    if found is None:
        return PLAIN
    notation = Notation(**{key: string(value) for key, value in found.items()})
    if (
        kind != "number"
        or notation.decimal not in (".", ",")
        or notation.grouping not in ("", ",", ".", " ", "'")
        or notation.grouping == notation.decimal
        or len(notation.unit) > LONGEST_UNIT
    ):
        raise BadModelFile(f"notation {found!r} in a column of kind {kind!r}", REMEDY)
    return notation
