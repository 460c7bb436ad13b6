"""Take frames and arrays from Python and give a polars frame."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data.columns import is_missing_object
from rung.data.names import numbered, unique_names
from rung.errors import DataError
from rung.typing import Untyped

_ACCEPTED = (
    "a path, a polars, pandas or pyarrow table, a dictionary of columns, or a numpy array with "
    "rows and columns, an astropy table, or an xarray data set"
)


# Units of time that polars takes.
POLARS_UNITS = ("D", "ms", "us", "ns")


def to_polars(source: Untyped) -> tuple[pl.DataFrame, str, list[Finding]]:
    """Turn a table in memory into a polars frame.

    Parameters
    ----------
    source : frame, ndarray or dict
        Anything that narwhals knows, a 2-D or structured array, or columns by name.

    Returns
    -------
    frame : polars.DataFrame, shape (n_rows, n_columns)
        The same values; names are unique.
    label : str
        What it was, such as `DataFrame`.
    findings : list of Finding
        Changed names.

    Examples
    --------
    >>> to_polars(np.eye(2))[0].columns
    ['column_1', 'column_2']
    """
    if isinstance(source, np.ndarray):
        frame, findings = _from_array(source)
        return frame, "array", findings
    if isinstance(source, dict):
        return _from_columns(source), "dictionary", []
    source, names, findings = _with_unique_names(source)
    try:
        native = nw.from_native(source)
    except TypeError as error:
        raise DataError(
            f"a table of type {type(source).__name__!r} was given; accepted is {_ACCEPTED}",
            "turn it into one of these first",
        ) from error
    if isinstance(native, nw.LazyFrame):
        native = native.collect()
    frame = _native_to_polars(native)
    if names is not None:
        frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    return frame, type(source).__name__, findings


def _from_columns(columns: dict[Any, Any]) -> pl.DataFrame:
    arrays = {str(name): _as_array(values) for name, values in columns.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        raise DataError(
            f"the columns have shapes {shapes}; accepted is one value a row, equally many in each",
            "give every column a value for each row",
        )
    return pl.DataFrame([to_series(name, array) for name, array in arrays.items()])


def _as_array(values: Untyped) -> np.ndarray[Any, Any]:
    """Return an array; what a masked one hides stays hidden."""
    return values if isinstance(values, np.ma.MaskedArray) else np.asarray(values)


def _with_unique_names(source: Untyped) -> tuple[Untyped, list[str] | None, list[Finding]]:
    """Name columns apart before narwhals sees them, which refuses repeated or unnamed ones."""
    if hasattr(source, "set_axis") and hasattr(source, "columns"):
        names, findings = unique_names([str(name) for name in source.columns])
        return source.set_axis(names, axis=1), None, findings
    if hasattr(source, "rename_columns") and hasattr(source, "column_names"):
        names, findings = unique_names(source.column_names)
        return source.rename_columns(names), None, findings
    if isinstance(source, pl.DataFrame):
        names, findings = unique_names(source.columns)
        return source, names, findings
    return source, None, []


def _native_to_polars(native: nw.DataFrame[Any]) -> pl.DataFrame:
    # Without pyarrow, what is missing in pandas' own types comes as the text '<NA>'.
    if native.implementation.is_pandas() and find_spec("pyarrow") is None:
        return _by_values(native)
    try:
        return _declared(native, native.to_polars())
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        return _by_values(native)  # pandas columns of mixed objects


def _declared(native: nw.DataFrame[Any], frame: pl.DataFrame) -> pl.DataFrame:
    """Keep categories that are numbers: who declares them so means no quantity."""
    numeric = [
        name
        for name, dtype in native.schema.items()
        if dtype == nw.Categorical and frame.schema[name].is_numeric()
    ]
    return frame.with_columns(pl.col(numeric).cast(pl.String).cast(pl.Categorical))


def _by_values(native: nw.DataFrame[Any]) -> pl.DataFrame:
    """Go through numpy where that is exact, and through Python's values elsewhere."""
    return pl.DataFrame([_column(native[name]) for name in native.columns])


def _column(series: nw.Series[Any]) -> pl.Series:
    dtype = getattr(series.to_native(), "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind in "iufbmM":
        return to_series(series.name, series.to_numpy())
    values = np.empty(len(series), dtype=object)
    values[:] = series.to_list()
    found = to_series(series.name, values)
    is_declared = series.dtype in (nw.Categorical, nw.Enum)
    return found.cast(pl.String).cast(pl.Categorical) if is_declared else found


def _from_array(array: np.ndarray[Any, Any]) -> tuple[pl.DataFrame, list[Finding]]:
    if array.dtype.names:
        names, findings = unique_names(array.dtype.names)
        parts = [array[field] for field in array.dtype.names]
        if any(part.ndim != 1 for part in parts):
            raise DataError(
                f"a structured array of shape {array.shape} with nested fields was given; "
                f"accepted is one value a field and row",
                "split the nested fields into columns",
            )
        return pl.DataFrame([to_series(n, p) for n, p in zip(names, parts, strict=True)]), findings
    if array.ndim != 2:
        raise DataError(
            f"an array of shape {array.shape} was given; accepted is {_ACCEPTED}",
            "reshape it to rows and columns",
        )
    columns = zip(numbered(array.shape[1]), array.T, strict=True)
    return pl.DataFrame([to_series(name, part) for name, part in columns]), []


def to_series(name: str, values: np.ndarray[Any, Any]) -> pl.Series:
    """Turn an array of any byte order into a series; what a masked one hides becomes null.

    Examples
    --------
    >>> to_series("x", np.array([1, 2], dtype=">i4")).to_list()
    [1, 2]
    """
    if isinstance(values, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(values)
        return to_series(name, np.ma.getdata(values)).set(pl.Series(hidden), None)
    if values.dtype.kind in "iufcmM":
        values = values.astype(values.dtype.newbyteorder("="))
    if values.dtype.kind == "f" and values.dtype.itemsize not in (4, 8):
        values = values.astype(np.float64)
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    if values.dtype.kind in "OU":
        items = [None if is_missing_object(item) else item for item in values.tolist()]
        if len({type(item) for item in items if item is not None}) > 1:
            items = [None if item is None else str(item) for item in items]
        return pl.Series(name, items, strict=False)
    if values.dtype.kind == "M" and values.dtype.str[4:-1] not in POLARS_UNITS:
        values = values.astype("datetime64[ms]")
    return pl.Series(name, np.ascontiguousarray(values))
