"""A Zarr folder is a grid."""

import numpy as np
import pytest

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
