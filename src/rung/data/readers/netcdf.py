"""Read NetCDF files, versions 3 and 4, through xarray."""

from __future__ import annotations

from rung.data.grids import from_grid
from rung.data.limits import refuse_cells
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.typing import Untyped

SUFFIXES = (".nc", ".nc4", ".cdf", ".netcdf")
HDF5 = b"\x89HDF\r\n\x1a\n"


def read_netcdf(source: Source, options: ReadOptions) -> RawTable:
    """Read a NetCDF file: packed numbers are unpacked, filled cells are missing."""
    import netCDF4
    import xarray

    group = options.table or source.table or None
    with source.on_disk() as path:
        with netCDF4.Dataset(path) as file:
            # xarray loads coordinates at once, whatever size the file claims for them.
            refuse_cells(_claimed(file), 1, source.packed, source.name)
        with xarray.open_dataset(
            path, engine="netcdf4", decode_times=False, group=group, cache=False
        ) as grid:
            return from_grid(grid, source.name, options, packed=source.packed)


def _claimed(group: Untyped) -> int:
    """Return how many values a file claims to hold, in all groups."""
    own = sum(int(one.size) for one in group.variables.values())
    return own + sum(_claimed(one) for one in group.groups.values())


def is_netcdf(head: bytes, suffix: str) -> bool:
    """Tell a NetCDF file: version 4 is HDF5 inside, and says what it is by name or by a property."""
    classic = head.startswith((b"CDF\x01", b"CDF\x02", b"CDF\x05"))
    return classic or (head.startswith(HDF5) and (suffix in SUFFIXES or b"_NCProperties" in head))


READER = Reader(
    name="netcdf",
    title="NetCDF",
    suffixes=SUFFIXES,
    recognises=is_netcdf,
    read=read_netcdf,
    needs=("xarray", "netCDF4"),
    extra="science",
    is_isolated=True,
)
