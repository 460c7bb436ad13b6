"""Files are unpacked and told apart by what they hold, not by their name."""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from benchmarks.datafiles.worker import read_here
from rung.data import reading
from rung.data.files import open_source
from rung.data.reading import load_frame
from rung.data.table import ReadOptions
from rung.errors import DataError, UnreadableFile

TEXT = b"a,b\n1,2\n"
FRAME = pl.DataFrame({"a": [1], "b": [2.5]})


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def opened(path: str | Path) -> tuple[bytes, str]:
    source = open_source(path)
    return source.content(), source.name


def load_file(path: str | Path) -> pl.DataFrame:
    return load_frame(path, ReadOptions())[0].frame


def parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


def arrow() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_ipc(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [TEXT, gzip.compress(TEXT, mtime=0)])
def test_text_comes_out_unpacked(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert opened(path) == (TEXT, "t.csv")
    assert opened(str(path)) == (TEXT, "t.csv")


@pytest.mark.parametrize("make", [parquet, arrow])
def test_binary_tables_are_known_by_their_first_bytes(tmp_path: Path, make: object) -> None:
    path = tmp_path / "misnamed.csv"
    path.write_bytes(make())  # type: ignore[operator]
    assert load_file(path).equals(FRAME)


@pytest.mark.parametrize("make", [parquet, arrow])
def test_a_damaged_binary_table_is_one_clear_error(
    tmp_path: Path, make: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_isolated", read_here)  # hundreds of children take minutes
    whole: bytes = make()  # type: ignore[operator]
    path = tmp_path / "t.bin"
    for cut in range(8, len(whole) - 1, 7):
        path.write_bytes(whole[:cut])
        with pytest.raises(UnreadableFile, match=r"'t.bin' is a damaged"):
            load_file(path)
    for place in range(8, len(whole), 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with contextlib.suppress(UnreadableFile):
            load_file(path)


def test_a_zip_with_one_table_is_that_table(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "t.zip", {"Readme.txt": b"read", "x/t.csv": TEXT})
    assert opened(path) == (TEXT, "t.zip")


def test_a_zip_with_several_tables_asks_for_a_member(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "t.zip", {"day.csv": b"x\n1\n", "hour.csv": TEXT})
    with pytest.raises(
        UnreadableFile, match=r"2 tables: 'day.csv', 'hour.csv'; name one as 't.zip"
    ):
        load_file(path)
    assert opened(f"{path}:hour.csv") == (TEXT, "t.zip:hour.csv")
    with pytest.raises(UnreadableFile, match=r"has no member 'week.csv'; it holds 'day.csv'"):
        load_file(f"{path}:week.csv")


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a.jpg": b"x"}, "holds no table, but 'a.jpg'"),
        ({"[Content_Types].xml": b"x"}, "is a spreadsheet or document"),
    ],
)
def test_a_zip_without_a_table_is_refused(
    tmp_path: Path, members: dict[str, bytes], words: str
) -> None:
    path = write_zip(tmp_path / "t.zip", members)
    with pytest.raises(UnreadableFile, match=words):
        load_file(path)


@pytest.mark.parametrize("data", [gzip.compress(TEXT, mtime=0)[:-9], b"PK\x03\x04rest"])
def test_a_damaged_archive_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.gz"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"'t.gz' is a damaged compressed file"):
        load_file(path)


def test_an_absent_file_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "galaxies.csv").write_bytes(TEXT)
    with pytest.raises(
        UnreadableFile, match=r"no file '.*galaxy.csv'; did you mean 'galaxies.csv'"
    ):
        load_file(tmp_path / "galaxy.csv")
    with pytest.raises(DataError, match=r"there is no file '.*zzz'; check the path"):
        load_file(tmp_path / "zzz")


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"is a folder, not a table"):
        load_file(tmp_path)


@pytest.mark.parametrize("data", [b"", b" \n\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_called_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"'t.csv' is empty"):
        load_file(path)


def test_standard_input_may_be_read_twice(monkeypatch):
    stream = io.BytesIO(b"a,b\n1,2\n")
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
    assert open_source("-").content() == open_source("-").content() == b"a,b\n1,2\n"
