"""Make one small table in every binary format whose library is here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.data.readers.sheets import write_open_document, write_sheets

N_ROWS = 40


def subjects(folder: Path) -> dict[str, tuple[str, str, bytes]]:
    """Return reader, suffix and bytes of each form."""
    found = {}
    for form, (reader, suffix, needs, write) in FORMS.items():
        if all(find_spec(module) for module in needs):
            path = folder / f"made{suffix}"
            write(path)
            found[form] = (reader, suffix, path.read_bytes())
            path.unlink()
    return found


def _columns() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    words = np.array(["red", "blue", "green"])
    return {
        "x": rng.normal(size=N_ROWS),
        "n": rng.integers(0, 99, N_ROWS),
        "word": words[rng.integers(0, 3, N_ROWS)],
    }


def _by_astropy(form: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        from astropy.table import Table

        table = Table(_columns())
        table["x"].unit = "mJy"
        table["pair"] = np.arange(2 * N_ROWS).reshape(-1, 2)
        if form == "ascii.ipac":
            table.remove_column("pair")
        table.write(path, format=form)

    return write


def _grid(form: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        import xarray

        rng = np.random.default_rng(0)
        grid = xarray.Dataset(
            {"t": (("time", "lat"), rng.normal(size=(8, 5)), {"units": "K"})},
            {"time": ("time", np.arange(8.0), {"units": "days since 2000-01-01"})},
        )
        packed = {"t": {"dtype": "int16", "scale_factor": 0.01, "_FillValue": -999}}
        grid.to_netcdf(path, format=form, encoding=packed)

    return write


def _hdf5(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        for name, values in _columns().items():
            file[f"group/{name}"] = values.astype("S") if values.dtype.kind == "U" else values


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE t (x REAL, n INTEGER, word TEXT)")
        rows = zip(*(values.tolist() for values in _columns().values()), strict=True)
        base.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    base.close()


def _duckdb(path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as base:
        base.execute(
            "CREATE TABLE t AS SELECT i AS n, i / 7 AS x, 'w' || i % 3 AS word FROM range(40) r(i)"
        )


def _json(path: Path) -> None:
    rows = zip(*(values.tolist() for values in _columns().values()), strict=True)
    path.write_text(json.dumps([dict(zip(_columns(), row, strict=True)) for row in rows]))


def _sheet(path: Path) -> None:
    rows = zip(*(values.tolist() for values in _columns().values()), strict=True)
    write_sheets(path, {"one": [["x", "n", "word"], *map(list, rows)]})


def _statistics(form: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        import pandas as pd
        import pyreadstat

        getattr(pyreadstat, f"write_{form}")(pd.DataFrame(_columns()), str(path))

    return write


def _by_polars(form: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        import polars as pl

        options = {"compression": "zstd"} if form == "ipc" else {}
        getattr(pl.DataFrame(_columns()), f"write_{form}")(path, **options)

    return write


def _npy(path: Path) -> None:
    columns = _columns()
    np.save(path, np.rec.fromarrays(list(columns.values()), names=list(columns)))


def _npz(path: Path) -> None:
    np.savez_compressed(path, allow_pickle=False, **_columns())


def _open_document(path: Path) -> None:
    rows = zip(*(values.tolist() for values in _columns().values()), strict=True)
    write_open_document(path, [["x", "n", "word"], *map(list, rows)])


FORMS: dict[str, tuple[str, str, tuple[str, ...], Callable[[Path], None]]] = {
    "fits": ("fits", ".fits", ("astropy",), _by_astropy("fits")),
    "votable": ("votable", ".vot", ("astropy",), _by_astropy("votable")),
    "ecsv": ("ecsv", ".ecsv", ("astropy",), _by_astropy("ascii.ecsv")),
    "ipac": ("ipac", ".tbl", ("astropy",), _by_astropy("ascii.ipac")),
    "netcdf3": ("netcdf", ".nc", ("xarray", "netCDF4"), _grid("NETCDF3_CLASSIC")),
    "netcdf4": ("netcdf", ".nc", ("xarray", "netCDF4"), _grid("NETCDF4")),
    "hdf5": ("hdf5", ".h5", ("h5py",), _hdf5),
    "sqlite": ("sqlite", ".db", (), _sqlite),
    "duckdb": ("duckdb", ".duckdb", ("duckdb",), _duckdb),
    "json": ("json", ".json", (), _json),
    "excel": ("excel", ".xlsx", ("fastexcel",), _sheet),
    "ods": ("excel", ".ods", ("fastexcel",), _open_document),
    "stata": ("statistics", ".dta", ("pyreadstat", "pandas"), _statistics("dta")),
    "spss": ("statistics", ".sav", ("pyreadstat", "pandas"), _statistics("sav")),
    "sas": ("statistics", ".xpt", ("pyreadstat", "pandas"), _statistics("xport")),
    "por": ("statistics", ".por", ("pyreadstat", "pandas"), _statistics("por")),
    "parquet": ("parquet", ".parquet", (), _by_polars("parquet")),
    "arrow": ("arrow", ".arrow", (), _by_polars("ipc")),
    "npy": ("numpy", ".npy", (), _npy),
    "npz": ("numpy", ".npz", (), _npz),
}
