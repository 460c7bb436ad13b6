"""Turn tables of astropy into frames, with units and long names."""

from __future__ import annotations

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data.frames import to_series
from rung.data.limits import refuse_width
from rung.data.names import unique_names
from rung.data.table import RawTable
from rung.typing import Untyped

_FINEST = "datetime64[us]"


def from_astropy(table: Untyped, name: str) -> RawTable:
    """Turn an astropy table into a frame: masked cells are null, vectors become several columns.

    Parameters
    ----------
    table : astropy.table.Table
        With columns of numbers, texts, times, positions, or vectors of these.
    name : str
        What to call it in messages.
    """
    parts: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    titles: dict[str, str] = {}
    left_out: list[str] = []
    split: list[str] = []
    for column in table.itercols():
        values, unit = _values(column)
        if values is None:
            left_out.append(column.info.name)
            continue
        pieces = _pieces(str(column.info.name), values)
        split += [str(column.info.name)] if len(pieces) > 1 else []
        refuse_width(len(parts) + len(pieces), name)
        for called, piece in pieces.items():
            parts[called] = piece
            units[called] = unit
            titles[called] = str(column.info.description or "")
    given, renamed = unique_names(list(parts))
    frame = pl.DataFrame(
        [_shortest(to_series(one, part)) for one, part in zip(given, parts.values(), strict=True)]
    )
    return RawTable(
        frame,
        (*_said(left_out, split), *renamed),
        units=_named(given, list(units.values())),
        titles=_named(given, list(titles.values())),
    )


def _shortest(series: pl.Series) -> pl.Series:
    """Return float32 as the shortest decimals that they stand for: 0.1, not 0.10000000149."""
    if series.dtype != pl.Float32:
        return series
    return series.cast(pl.String).cast(pl.Float64, strict=False)


def _named(names: list[str], values: list[str]) -> dict[str, str]:
    return {name: value for name, value in zip(names, values, strict=True) if value}


def _values(column: Untyped) -> tuple[np.ndarray | None, str]:
    """Return the cells of a column and their unit; None for what is no number, text or time."""
    kind = type(column).__name__
    unit = _unit_text(getattr(column, "unit", None))
    if kind == "Time":
        return np.asarray(column.datetime64).astype(_FINEST), ""
    if kind == "TimeDelta":
        return np.asarray(column.to_value("s")), "s"
    if kind == "SkyCoord":
        sphere = column.spherical
        return np.stack([sphere.lon.deg, sphere.lat.deg], axis=1), "deg"
    if hasattr(column, "unmasked"):
        return np.ma.MaskedArray(np.asarray(column.unmasked), np.asarray(column.mask)), unit
    if not hasattr(column, "dtype"):
        return None, ""
    values = column if isinstance(column, np.ma.MaskedArray) else np.asarray(column)
    if values.dtype == object:
        return _objects(values), unit
    if values.dtype.kind == "c":
        flat = np.ma.asarray(values).reshape(len(values), -1)
        return np.ma.MaskedArray(np.concatenate([flat.real, flat.imag], axis=1)), unit
    return (values, unit) if values.dtype.kind in "biufSUM" else (None, "")


def _objects(values: np.ndarray) -> np.ndarray | None:
    """Return vectors of one length as a matrix, and texts as they are."""
    items = [item for item in values.tolist() if item is not None and item is not np.ma.masked]
    if all(isinstance(item, str | bool | int | float) for item in items):
        return np.asarray(values, dtype=object)
    lengths = {np.size(item) for item in items}
    if len(lengths) != 1 or len(items) != len(values):
        return None
    matrix = np.array([np.asarray(item).ravel() for item in items])
    return matrix if matrix.dtype.kind in "biuf" else None


def _pieces(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    if values.ndim == 1:
        return {name: values}
    flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
    return {f"{name}_{i + 1}": flat[:, i] for i in range(flat.shape[1])}


def _unit_text(unit: Untyped) -> str:
    return "" if unit is None else str(unit).strip()


def _said(left_out: list[str], split: list[str]) -> list[Finding]:
    findings = []
    if split:
        message = f"vectors: {', '.join(map(repr, split[:5]))} hold several values a row"
        findings.append(
            Finding("vector_column", "info", tuple(split), message, "read as one column a place")
        )
    if left_out:
        message = f"{', '.join(map(repr, left_out[:5]))} hold no numbers, texts or times"
        findings.append(Finding("unsupported", "warning", tuple(left_out), message, "left out"))
    return findings
