"""Take tables and grids from Python, with the units that they carry."""

from __future__ import annotations

from rung.data.astropy_tables import from_astropy
from rung.data.frames import to_polars
from rung.data.grids import from_grid
from rung.data.limits import refuse_width
from rung.data.table import RawTable, ReadOptions
from rung.typing import Untyped


def from_memory(source: Untyped, options: ReadOptions) -> tuple[RawTable, str]:
    """Turn a table in memory into a frame.

    Examples
    --------
    >>> import numpy as np
    >>> from_memory(np.eye(2), ReadOptions())[1]
    'array'
    """
    home, kind = type(source).__module__.split(".")[0], type(source).__name__
    if home == "astropy" and hasattr(source, "itercols"):
        return from_astropy(source, kind), kind
    if home == "xarray" and kind == "DataArray":
        return from_grid(source.to_dataset(name=source.name or "value"), kind, options), kind
    if home == "xarray" and kind == "Dataset":
        return from_grid(source, kind, options), kind
    frame, name, findings = to_polars(source)
    refuse_width(frame.width, name)
    return RawTable(frame, tuple(findings)), name
