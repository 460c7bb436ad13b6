"""Read tables in HDF5 files: data sets of records, groups of columns, and frames of pandas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data.choosing import choose
from rung.data.frames import to_series
from rung.data.limits import refuse_cells, refuse_width
from rung.data.names import unique_names
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.typing import Untyped

DEEPEST = 8
SUFFIXES = (".h5", ".hdf5", ".hdf", ".he5")


@dataclass(frozen=True)
class _TableGroup:
    """Hold what makes one table: its columns, and what lies beside them and fits no row."""

    what: str
    columns: dict[str, Untyped]
    others: tuple[str, ...] = ()


def read_hdf5(source: Source, options: ReadOptions) -> RawTable:
    """Read one table of an HDF5 file."""
    import h5py

    with source.on_disk() as path, h5py.File(path, "r") as file:
        found = dict(_groups(file, "", 0))
        wanted = (options.table or source.table).strip("/")
        known = {key: group.what for key, group in found.items()}
        group = found[choose(known, wanted, source.name, how="{file}::{table}")]
        n_rows = max((int(one.shape[0]) for one in group.columns.values()), default=0)
        refuse_cells(n_rows, len(group.columns), source.packed, source.name)
        return _read(group, source.name)


def _groups(group: Untyped, path: str, depth: int) -> Iterator[tuple[str, _TableGroup]]:
    """Yield what can be read as a table, by the path of its group or data set."""
    import h5py

    if "pandas_type" in group.attrs and "axis0" in group:
        yield path, _TableGroup("a frame of pandas", _pandas(group))
        return
    columns: dict[int, dict[str, Untyped]] = {}
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.ExternalLink):
            continue  # it leads to another file
        item, here = group.get(name), f"{path}/{name}".strip("/")
        if isinstance(item, h5py.Group) and depth < DEEPEST:
            yield from _groups(item, here, depth + 1)
        elif isinstance(item, h5py.Dataset) and item.shape and item.dtype.names:
            yield here, _TableGroup(f"{item.shape[0]} rows", dict.fromkeys(item.dtype.names, item))
        elif isinstance(item, h5py.Dataset) and item.shape:
            columns.setdefault(int(item.shape[0]), {})[str(name)] = item
    if columns:
        n_rows = max(columns, key=lambda one: (len(columns[one]), one))
        others = tuple(name for one in columns if one != n_rows for name in columns[one])
        yield path or "/", _TableGroup(f"{n_rows} rows", columns[n_rows], others)


def _pandas(group: Untyped) -> dict[str, Untyped]:
    """Return the blocks of a frame that pandas wrote in its fixed format."""
    return {
        str(name): group[name]
        for name in group
        if str(name).startswith("block") or str(name) == "axis1"
    }


def _read(group: _TableGroup, name: str) -> RawTable:
    parts: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    titles: dict[str, str] = {}
    left_out: list[str] = []
    columns = group.columns
    for key, data in columns.items():
        if key.endswith("_items"):
            continue
        values = data[key] if data.dtype.names else data[()]
        labels = columns.get(key.replace("_values", "_items"))
        pieces = _pieces(key, np.asarray(values), labels)
        left_out += [] if pieces else [key]
        refuse_width(len(parts) + len(pieces), name)
        for called, piece in pieces.items():
            parts[called] = piece
            units[called] = _attribute(data, "units", "unit", "UNIT", "UNITS")
            titles[called] = _attribute(data, "long_name", "description", "DESCRIPTION")
    given, renamed = unique_names(list(parts))
    series = [to_series(one, part) for one, part in zip(given, parts.values(), strict=True)]
    findings = list(renamed)
    if left_out:
        message = f"{', '.join(map(repr, left_out[:5]))} hold no numbers or texts"
        findings.append(Finding("unsupported", "warning", tuple(left_out), message, "left out"))
    if group.others:
        message = f"{', '.join(map(repr, group.others[:5]))} have another number of rows"
        findings.append(Finding("other_rows", "warning", (), message, "left out"))
    old = list(parts)
    return RawTable(
        pl.DataFrame(series),
        tuple(findings),
        units={one: units[was] for one, was in zip(given, old, strict=True) if units[was]},
        titles={one: titles[was] for one, was in zip(given, old, strict=True) if titles[was]},
    )


def _attribute(data: Untyped, *names: str) -> str:
    if data.dtype.names:
        return ""  # attributes speak of all columns at once
    found = next((data.attrs[name] for name in names if name in data.attrs), "")
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)


def _pieces(key: str, values: np.ndarray, labels: Untyped) -> dict[str, np.ndarray]:
    if values.dtype.kind not in "biufSUO":
        return {}
    if values.dtype == object:
        items = [
            one.decode(errors="replace") if isinstance(one, bytes) else one
            for one in values.ravel()
        ]
        if not all(isinstance(one, str | int | float) for one in items):
            return {}
        values = np.array(items, dtype=object).reshape(values.shape)
    if values.ndim == 1:
        return {key: values}
    flat = values.reshape(len(values), -1)
    names = [f"{key}_{i + 1}" for i in range(flat.shape[1])]
    if labels is not None and labels is not values and len(labels) == flat.shape[1]:
        names = [
            one.decode(errors="replace") if isinstance(one, bytes) else str(one)
            for one in labels[()]
        ]
    return {called: flat[:, i] for i, called in enumerate(names)}


def is_hdf5(head: bytes, suffix: str) -> bool:
    """Tell an HDF5 file that is no NetCDF."""
    return head.startswith(b"\x89HDF\r\n\x1a\n") and b"_NCProperties" not in head


READER = Reader(
    name="hdf5",
    title="HDF5",
    suffixes=SUFFIXES,
    recognises=is_hdf5,
    read=read_hdf5,
    needs=("h5py",),
    extra="science",
    is_isolated=True,
)
