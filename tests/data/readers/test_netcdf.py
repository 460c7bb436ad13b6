"""A grid in a NetCDF file gives one row a cell, with packed numbers unpacked."""

import datetime as dt

import numpy as np
import pytest

from rung.data.readers.netcdf import READER, is_netcdf
from rung.data.readers.reader import Source
from rung.data.table import ReadOptions
from rung.errors import DataError, UnreadableFile
from tests.data.readers.samples import read


@pytest.fixture
def grid_file(tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("netCDF4")
    values = np.array([[[1.0, np.nan], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
    grid = xarray.Dataset(
        {
            "t2m": (("time", "lat", "lon"), values, {"units": "K", "long_name": "Temperature"}),
            "height": (("lat", "lon"), np.ones((2, 2))),
        },
        {
            "time": ("time", [0.0, 1.5], {"units": "days since 2000-01-01"}),
            "lat": [10.0, 20.0],
            "lon": [5.0, 6.0],
        },
    )
    path = tmp_path / "t.nc"
    packed = {"t2m": {"dtype": "int16", "scale_factor": 0.5, "add_offset": 1.0, "_FillValue": -999}}
    grid.to_netcdf(path, encoding=packed)
    return path


def test_a_grid_gives_one_row_a_cell_with_its_coordinates(grid_file):
    table = read(grid_file)
    assert table.frame.height == 8
    assert table.frame.row(1, named=True) | {"t2m": None} == {
        "time": dt.datetime(2000, 1, 1),  # noqa: DTZ001 - times of a file without a zone
        "lat": 10.0,
        "lon": 6.0,
        "t2m": None,
        "height": 1.0,
    }
    assert table.frame["t2m"].fill_nan(None).to_list() == [1, None, 3, 4, 5, 6, 7, 8]
    assert table.frame["time"][7] == dt.datetime(2000, 1, 2, 12)  # noqa: DTZ001
    assert (table.units["t2m"], table.titles["t2m"]) == ("K", "Temperature")
    [said] = [one for one in table.findings if one.code == "grid"]
    assert "time (2) x lat (2) x lon (2): 8 cells" in said.message


def test_variables_are_chosen_and_an_unknown_one_is_named(grid_file):
    assert "t2m" not in read(grid_file, variables=("height",)).frame.columns
    with pytest.raises(DataError, match=r"no variable 'heigth'.*did you mean 'height'"):
        read(grid_file, variables=("heigth",))


def test_netcdf_4_is_told_from_other_hdf5_by_its_name_or_its_property():
    head = b"\x89HDF\r\n\x1a\n"
    assert is_netcdf(head, ".nc")
    assert is_netcdf(head + b"_NCProperties", ".h5")
    assert not is_netcdf(head, ".h5")
    assert is_netcdf(b"CDF\x02", ".dat")


def test_sizes_that_a_file_only_claims_take_no_memory(tmp_path):
    netcdf = pytest.importorskip("netCDF4")
    path = tmp_path / "t.nc"
    with netcdf.Dataset(path, "w", format="NETCDF4") as file:
        deep = file.createGroup("one").createGroup("two")
        deep.createDimension("x", 10**9)
        deep.createVariable("x", "f8", ("x",), zlib=True, chunksizes=(10**6,))
    source = Source(path.name, path, packed=path.stat().st_size)
    with pytest.raises(UnreadableFile, match=r"'t.nc' unpacks to about 8.0 GB; accepted are 250"):
        READER.read(source, ReadOptions())
