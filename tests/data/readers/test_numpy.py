"""Arrays that numpy saved are tables; what only claims to be large takes no memory."""

import numpy as np
import pytest

from rung.data.readers.numpy import READER
from rung.data.readers.reader import Source, find_reader
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile

X, Y = np.arange(12.0).reshape(6, 2), np.array(["a", "b"] * 3)


def read(path, table=""):
    source = Source(path.name, path, packed=path.stat().st_size, table=table)
    assert find_reader(source).name == "numpy"
    return READER.read(source, ReadOptions())


@pytest.mark.parametrize("array", [X, np.asfortranarray(X), X.astype(">f4")])
def test_a_matrix_has_numbered_columns(tmp_path, array):
    np.save(tmp_path / "t.npy", array)
    frame = read(tmp_path / "t.npy").frame
    assert frame.columns == ["column_1", "column_2"]
    assert frame["column_2"].to_list() == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]


def test_records_give_their_fields_and_a_vector_one_column(tmp_path):
    np.save(tmp_path / "t.npy", np.rec.fromarrays([X[:, 0], Y], names=["x", "class"]))
    assert read(tmp_path / "t.npy").frame.row(1) == (2.0, "b")
    np.save(tmp_path / "t.npy", X[:, 1])
    assert read(tmp_path / "t.npy").frame.columns == ["column_1"]


def test_arrays_with_equally_many_rows_are_one_table(tmp_path):
    np.savez(tmp_path / "t.npz", X=X, y=Y, seed=np.array(3))
    found = read(tmp_path / "t.npz")
    assert found.frame.row(2) == (4.0, 5.0, "a")
    assert found.frame.columns == ["X_1", "X_2", "y"]
    assert [one.columns for one in found.findings] == [("seed",)]


def test_of_two_tables_one_is_named(tmp_path):
    np.savez(tmp_path / "t.npz", X_train=X, y_train=Y, X_test=X[:2], y_test=Y[:2])
    with pytest.raises(UnreadableFile, match=r"2 tables: X_train \(6 rows of X_train, y_train\)"):
        read(tmp_path / "t.npz")
    assert read(tmp_path / "t.npz", "X_test").frame.shape == (2, 3)


def test_objects_of_python_are_refused_unread(tmp_path):
    np.save(tmp_path / "t.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile, match=r"'t.npy' holds objects of Python.*astype\('U'\)"):
        read(tmp_path / "t.npy")


def test_a_header_that_claims_more_than_is_there_is_refused(tmp_path):
    np.save(tmp_path / "t.npy", X)
    raw = (tmp_path / "t.npy").read_bytes()
    (tmp_path / "t.npy").write_bytes(raw.replace(b"(6, 2)", b"(6000000000, 2)"))
    with pytest.raises(UnreadableFile, match=r"'t.npy' is damaged: its header says \(6000000000, "):
        read(tmp_path / "t.npy")
