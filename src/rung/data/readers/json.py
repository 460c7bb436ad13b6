"""Read tables in JSON: records, columns, lines of records, features of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from rung.core.findings import Finding
from rung.data.choosing import choose
from rung.data.decode import to_utf8
from rung.data.limits import refuse_width
from rung.data.names import numbered, unique_names
from rung.data.readers.reader import Reader, Source, accepted_titles
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile

SUFFIXES = (".json", ".jsonl", ".ndjson", ".geojson")
DEEPEST, MOST_LISTED = 4, 32


def read_json(source: Source, options: ReadOptions) -> RawTable:
    """Read a JSON file as a table; what is nested becomes columns with dotted names."""
    raw, findings = to_utf8(
        source.content(), source.name, options.encoding, accepted=accepted_titles()
    )
    rows = _rows(_parsed(raw, source.name), source, options)
    flat = [_flat(row) for row in rows]
    names: dict[str, None] = {}
    for row in flat:
        names.update(dict.fromkeys(row))
        refuse_width(len(names), source.name)
    columns = {name: [row.get(name) for row in flat] for name in names}
    given, renamed = unique_names(list(columns))
    frame = pl.DataFrame(
        [_series(one, cells) for one, cells in zip(given, columns.values(), strict=True)]
    )
    return RawTable(frame, (*findings, *_uneven(flat, len(names)), *renamed))


def _parsed(raw: bytes, name: str) -> Any:
    """Return what a JSON text says; several values, one a line, are a list."""
    text = raw.decode()
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UnreadableFile(f"{name!r} is nested too deep for a table") from error
    except json.JSONDecodeError as error:
        return _parsed_lines(text, name, error)


def _parsed_lines(text: str, name: str, whole: json.JSONDecodeError) -> list[Any]:
    """Return the values of a text that has one a line; `whole` is why it is not one value."""
    values: list[Any] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except json.JSONDecodeError as error:
            place, why = (number, error.msg) if values else (whole.lineno, whole.msg)
            raise UnreadableFile(
                f"line {place} of {name!r} is no JSON: {why}; accepted is one value, or one a line",
                "correct the line",
            ) from error
    return values


def _rows(found: Any, source: Source, options: ReadOptions) -> list[Any]:
    """Return the rows of a table, in whatever way JSON holds them."""
    wanted = options.table or source.table
    if isinstance(found, list):
        return _listed(found, source.name)
    if not isinstance(found, Mapping):
        raise UnreadableFile(f"{source.name!r} holds {type(found).__name__}, not a table")
    if found.get("type") == "FeatureCollection" and isinstance(found.get("features"), list):
        return [_feature(one) for one in found["features"]]
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        names = [str(name) for name in found["columns"]]
        return [dict(zip(names, row, strict=False)) for row in found["data"]]
    lists = {key: value for key, value in found.items() if isinstance(value, list) and value}
    tables = {key: value for key, value in lists.items() if isinstance(value[0], Mapping | list)}
    if tables:
        what = {key: f"{len(value)} rows" for key, value in tables.items()}
        return _listed(
            tables[choose(what, wanted, source.name, how="{file}::{table}")], source.name
        )
    if lists and len({len(value) for value in lists.values()}) == 1:
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    inner = {key: value for key, value in found.items() if isinstance(value, Mapping)}
    if inner and len(inner) == len(found):
        return _by_key(inner)
    raise UnreadableFile(
        f"{source.name!r} holds an object with the keys {', '.join(map(repr, list(found)[:6]))}, and "
        "no table; accepted are a list of records, an object of columns, or a record a line",
        "name the part with the rows by --table, or write a record a line",
    )


def _by_key(inner: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """Return rows of an object of objects: pandas writes columns so, others rows."""
    keys = [tuple(value) for value in inner.values()]
    if len(set(keys)) == 1 and len(keys[0]) > len(inner):
        return [{name: inner[name][key] for name in inner} for key in keys[0]]
    return [{"key": key, **value} for key, value in inner.items()]


def _listed(rows: Sequence[Any], name: str) -> list[Any]:
    if rows and all(isinstance(row, Mapping) for row in rows):
        return list(rows)
    if rows and all(isinstance(row, list) for row in rows):
        first = rows[0]
        is_named = all(isinstance(cell, str) for cell in first) and len(rows) > 1
        is_named = is_named and not all(isinstance(cell, str) for cell in rows[1])
        names = [str(cell) for cell in first] if is_named else numbered(max(map(len, rows)))
        return [dict(zip(names, row, strict=False)) for row in rows[int(is_named) :]]
    if rows and not any(isinstance(row, Mapping | list) for row in rows):
        return [{"column_1": row} for row in rows]
    raise UnreadableFile(
        f"{name!r} holds a list of {len(rows)} items that are not all records; accepted is a list of "
        "objects, or of lists of one length",
        "write a record a line",
    )


def _feature(feature: Any) -> dict[str, Any]:
    """Return a feature of GeoJSON: its properties, and where it is if that is a point."""
    found = dict(feature.get("properties") or {}) if isinstance(feature, Mapping) else {}
    place = feature.get("geometry") if isinstance(feature, Mapping) else None
    if isinstance(place, Mapping) and place.get("type") == "Point":
        names = ("longitude", "latitude", "height")
        for name, value in zip(names, place.get("coordinates", []), strict=False):
            found.setdefault(name, value)
    return found


def _flat(row: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and depth < DEEPEST:
            flat.update(_flat(value, f"{name}.", depth + 1))
        elif isinstance(value, list) and 0 < len(value) <= MOST_LISTED and _are_numbers(value):
            flat.update({f"{name}_{i}": item for i, item in enumerate(value, start=1)})
        else:
            flat[name] = json.dumps(value) if isinstance(value, list | Mapping) else value
    return flat


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) or value is None for value in values)


def _series(name: str, cells: list[Any]) -> pl.Series:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {int, float}:
        if int in kinds and any(isinstance(cell, int) and abs(cell) >= 2**63 for cell in cells):
            return pl.Series(name, [None if one is None else str(one) for one in cells], pl.String)
        return pl.Series(
            name, cells, strict=False, dtype=pl.Int64 if kinds == {int} else pl.Float64
        )
    if kinds == {bool}:
        return pl.Series(name, cells, dtype=pl.Boolean)
    return pl.Series(name, [None if one is None else str(one) for one in cells], dtype=pl.String)


def _uneven(rows: Sequence[Mapping[str, Any]], n_columns: int) -> list[Finding]:
    short = sum(len(row) < n_columns for row in rows)
    if not short:
        return []
    message = f"{short} of {len(rows)} records lack some of the {n_columns} keys"
    return [Finding("uneven_records", "info", (), message, "read as missing there")]


def is_json(head: bytes, suffix: str) -> bool:
    """Tell JSON by its name, or by a bracket and a quote or another bracket at its beginning."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith((b"{", b"[")):
        return False
    inside = text[1:].lstrip(b" \t\r\n")
    is_object = text.startswith(b"{") and inside.startswith((b'"', b"}"))
    return suffix in SUFFIXES or is_object or inside.startswith((b"{", b"["))


READER = Reader(
    name="json",
    title="JSON or JSON lines",
    suffixes=SUFFIXES,
    recognises=is_json,
    read=read_json,
    is_isolated=True,
)
