"""A file in pieces is the file that is read whole."""

import numpy as np
import polars as pl
import pytest

from rung.data import pieces
from rung.data.pieces import look_into
from rung.data.reading import load_frame
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile

RNG = np.random.default_rng(3)
FRAME = pl.DataFrame(
    {
        "x": RNG.normal(size=900),
        "word": [f"a, {i % 7}" if i % 3 else f'say "{i}"\nand more' for i in range(900)],
        "gap": [None if i % 4 == 0 else i for i in range(900)],
    }
)
PLAIN = FRAME.with_columns(word=pl.col("gap").cast(pl.String))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_BYTES", 4_000)
    monkeypatch.setattr(pieces, "BLOCK_BYTES", 1_500)
    monkeypatch.setattr(pieces, "HEAD_BYTES", 3_000)


def whole(path):
    return load_frame(path, ReadOptions())[0]


def joined(path, form):
    (found,) = look_into([path], form, ReadOptions())
    read = list(found.read())
    assert len(read) > 5
    return pl.concat(read), found


@pytest.mark.parametrize("group", [40, 900])
def test_parquet_in_slices_is_the_whole(tmp_path, group):
    FRAME.write_parquet(tmp_path / "t.parquet", row_group_size=group)
    read, found = joined(tmp_path / "t.parquet", "parquet")
    assert read.equals(FRAME)
    assert found.n_rows == 900


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("", {}),
        ("", {"separator": ";"}),
        ("", {"separator": "\t", "line_terminator": "\r\n"}),
        ("# made by hand\n# unit: mJy\n", {}),
    ],
)
def test_a_text_in_blocks_is_the_whole(tmp_path, before, options):
    path = tmp_path / "t.csv"
    path.write_bytes(before.encode() + PLAIN.write_csv(**options).encode())
    read, found = joined(path, "delimited")
    assert read.equals(whole(path).frame)
    assert found.first.findings == whole(path).findings
    assert found.n_rows == pytest.approx(900, rel=0.05)


def test_quotes_that_come_late_hide_line_ends_too(tmp_path):
    path = tmp_path / "t.csv"
    lines = ["x,word", *("1,plain" for _ in range(900)), *('2,"two\nlines"' for _ in range(300))]
    path.write_text("\n".join(lines) + "\n")
    read = joined(path, "delimited")[0]
    assert read.height == 1_200
    assert read["word"][-1] == "two\nlines"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('5,5" pipe', "a quote stands inside a field, before '\" pipe'"),
        ("", "a line holds no row"),
        ("1,2,3", "'t.csv' cannot be read as a table"),
    ],
)
def test_an_odd_line_far_down_is_refused_rather_than_guessed(tmp_path, line, said):
    path = tmp_path / "t.csv"
    lines = ["x,word", *("1,plain" for _ in range(900)), line, *("2,more" for _ in range(300))]
    path.write_text("\n".join(lines) + "\n")
    (found,) = look_into([path], "delimited", ReadOptions())
    with pytest.raises(UnreadableFile, match=said):
        list(found.read())


def test_a_text_with_quotes_from_its_beginning_is_read(tmp_path):
    path = tmp_path / "t.csv"
    lines = ["x,word", *(f'{i},"a, b"' for i in range(900))]
    path.write_text("\n".join(lines) + "\n")
    assert joined(path, "delimited")[0].equals(whole(path).frame)


def test_lines_that_are_no_rows_are_refused_rather_than_guessed(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{i},{i}" + ("\n# a remark" if i == 50 else "") for i in range(900)]
    path.write_text("\n".join(["x,y", *rows]) + "\n")
    with pytest.raises(UnreadableFile, match=r"'t.csv' is larger.*convert it to Parquet"):
        look_into([path], "delimited", ReadOptions())


def test_files_with_other_columns_are_refused(tmp_path):
    FRAME.write_parquet(tmp_path / "a.parquet")
    FRAME.drop("gap").write_parquet(tmp_path / "b.parquet")
    with pytest.raises(UnreadableFile, match=r"'b.parquet' lacks 'gap', unlike 'a.parquet'"):
        look_into([tmp_path / "a.parquet", tmp_path / "b.parquet"], "parquet", ReadOptions())
