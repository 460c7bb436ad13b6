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
