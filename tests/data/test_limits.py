"""Small files that stand for large ones are refused with size and limit."""

import io

import numpy as np
import pytest

from rung.core.memory import GB, MB
from rung.data.limits import MOST_COLUMNS, read_all, refuse_cells, room_for
from rung.data.reading import read_table
from rung.errors import UnreadableFile


def write(folder, n_columns, *, quote=""):
    row = ",".join([f"{quote}1{quote}"] * n_columns)
    path = folder / "wide.csv"
    path.write_text(f"{row}\n{row}\n", encoding="ascii")
    return path


def test_room_is_a_hundred_times_the_packed_size_within_two_bounds():
    sizes = (0, 2_500_000, 2_500_001, 80 * MB, 81 * MB)
    assert [room_for(size) for size in sizes] == [250 * MB, 250 * MB, 250_000_100, 8 * GB, 8 * GB]


def test_a_stream_may_fill_its_room_and_not_a_byte_more(monkeypatch):
    monkeypatch.setattr("rung.data.limits.LEAST", 3 * MB)
    assert len(read_all(io.BytesIO(bytes(3 * MB)), 1, "t")) == 3 * MB
    with pytest.raises(UnreadableFile, match="unpacks to more than 3 MB; accepted are 3 MB"):
        read_all(io.BytesIO(bytes(3 * MB + 1)), 1, "t")


def test_cells_are_counted_as_eight_bytes():
    refuse_cells(250 * MB // 16, 2, 1, "t")
    with pytest.raises(UnreadableFile, match=r"'t' unpacks to about 8\.0 GB"):
        refuse_cells(10**9, 1, 1, "t")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_million_columns_are_refused_with_the_limit(tmp_path, quote):
    with pytest.raises(UnreadableFile, match=r"1,000,000 columns; accepted are 100,000 at most"):
        read_table(write(tmp_path, 1_000_000, quote=quote))


def test_a_frame_is_bounded_as_a_file_is(monkeypatch):
    assert MOST_COLUMNS == 100_000
    monkeypatch.setattr("rung.data.limits.MOST_COLUMNS", 10)
    with pytest.raises(UnreadableFile, match=r"'array' has 11 columns; accepted are 10 at most"):
        read_table(np.zeros((1, 11)))


def test_thousands_of_columns_are_read(tmp_path):
    assert len(read_table(write(tmp_path, 1_000)).dataset.columns) == 1_000
