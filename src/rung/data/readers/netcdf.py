"""Read NetCDF files, versions 3 and 4, through xarray."""

from __future__ import annotations

from rung.data.grids import from_grid
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions

SUFFIXES = (".nc", ".nc4", ".cdf", ".netcdf")
HDF5 = b"\x89HDF\r\n\x1a\n"


def read_netcdf(source: Source, options: ReadOptions) -> RawTable:
    """Read a NetCDF file: packed numbers are unpacked, filled cells are missing."""
    import xarray

    group = options.table or source.table or None
    with (
        source.on_disk() as path,
        xarray.open_dataset(
            path, engine="netcdf4", decode_times=False, group=group, cache=False
        ) as grid,
    ):
        return from_grid(grid, source.name, options)


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
