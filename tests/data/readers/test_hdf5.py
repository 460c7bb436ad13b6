"""Tables in HDF5 are groups, records and matrices."""

import numpy as np
import pytest

from rung.errors import DataError
from tests.data.readers.samples import read


def test_hdf5_tables_are_groups_records_and_matrices(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        file["photometry/mag"] = np.array([20.5, 21.5])
        file["photometry/mag"].attrs["units"] = "mag"
        file["photometry/name"] = np.array([b"a", b"b"])
        file["records"] = np.array([(1, 2.5)], dtype=[("n", ">i4"), ("x", "f8")])
    with pytest.raises(DataError, match=r"2 tables: photometry \(2 rows\); records \(1 rows\)"):
        read(path)
    found = read(path, table="photometry")
    assert found.frame.to_dict(as_series=False) == {"mag": [20.5, 21.5], "name": ["a", "b"]}
    assert found.units == {"mag": "mag"}
    assert read(path, table="records").frame.row(0) == (1, 2.5)


def test_what_has_another_number_of_rows_is_left_out_and_said(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        file["x"], file["y"] = np.arange(3.0), np.arange(6).reshape(3, 2)
        file["edges"] = np.arange(9)
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
    found = read(path)
    assert found.frame.columns == ["x", "y_1", "y_2"]
    assert [one.message for one in found.findings] == ["'edges' have another number of rows"]


def test_a_frame_as_pandas_writes_it_has_its_names(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        group = file.create_group("frame")
        group.attrs["pandas_type"] = "frame"
        group["axis0"], group["axis1"] = np.array([b"a", b"b"]), np.array([5, 6])
        group["block0_items"] = np.array([b"a", b"b"])
        group["block0_values"] = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert read(path).frame.to_dict(as_series=False) == {
        "axis1": [5, 6],
        "a": [1.0, 3.0],
        "b": [2.0, 4.0],
    }
