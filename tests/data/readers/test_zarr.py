"""A Zarr folder is a grid."""

import numpy as np
import pytest

from rung.errors import UnreadableFile
from tests.data.readers.samples import read


def test_a_zarr_folder_is_read_as_a_grid(tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("zarr")
    path = tmp_path / "t.zarr"
    xarray.Dataset({"u": ("x", np.array([1.0, 2.0]), {"units": "m"})}, {"x": [5.0, 6.0]}).to_zarr(
        path, consolidated=False
    )
    table = read(path)
    assert table.frame.rows() == [(5.0, 1.0), (6.0, 2.0)]
    assert table.units == {"u": "m"}


def test_sizes_that_a_folder_only_claims_take_no_memory(tmp_path):
    zarr = pytest.importorskip("zarr")
    group = zarr.open_group(tmp_path / "t.zarr", mode="w")
    group.create_array("t", shape=(10**9,), chunks=(10**6,), dtype="f8", dimension_names=("t",))
    with pytest.raises(UnreadableFile, match=r"'t.zarr' unpacks to about 8.0 GB; accepted are 250"):
        read(tmp_path / "t.zarr")
