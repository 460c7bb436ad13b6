"""Read Zarr folders through xarray."""

from __future__ import annotations

from rung.data.grids import from_grid
from rung.data.limits import refuse_cells
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_zarr(source: Source, options: ReadOptions) -> RawTable:
    """Read a Zarr folder."""
    import xarray
    import zarr

    group = options.table or source.table or None
    with source.on_disk() as path:
        packed = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
        arrays = zarr.open_group(path, path=group, mode="r").arrays()
        refuse_cells(sum(int(one.size) for _, one in arrays), 1, packed, source.name)
        with xarray.open_zarr(
            path, decode_times=False, group=group, chunks=None, consolidated=False
        ) as grid:
            return from_grid(grid, source.name, options, packed=packed)


def is_zarr(head: bytes, suffix: str) -> bool:
    """Tell that a file, which is no folder, is none."""
    return False


READER = Reader(
    name="zarr",
    title="Zarr folder",
    suffixes=(".zarr",),
    recognises=is_zarr,
    read=read_zarr,
    needs=("xarray", "zarr"),
    extra="science",
    is_isolated=True,
    is_folder=True,
)
