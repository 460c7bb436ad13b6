"""Tables of a database are read, and nothing is written into it."""

import sqlite3

import pytest

from rung.data.readers.reader import Source
from rung.data.readers.sqlite import READER
from rung.data.reading import load_frame
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "t.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE stars (id INTEGER, mag REAL, kind TEXT)")
        opened.executemany(
            "INSERT INTO stars VALUES (?, ?, ?)", [(1, 20.5, "a"), (2, None, "b"), (3, 19, None)]
        )
        opened.execute("CREATE VIEW bright AS SELECT id FROM stars WHERE mag < 20")
    opened.close()
    return path


def read(path, table=""):
    return READER.read(Source(path.name, path, packed=10**6, table=table), ReadOptions()).frame


def test_a_table_and_a_view_are_read_as_they_are(base):
    before = base.read_bytes()
    assert read(base, "stars").to_dict(as_series=False) == {
        "id": [1, 2, 3],
        "mag": [20.5, None, 19.0],
        "kind": ["a", "b", None],
    }
    assert load_frame(f"{base}::bright", ReadOptions())[0].frame.rows() == [(3,)]
    assert base.read_bytes() == before


def test_several_tables_are_named(base):
    with pytest.raises(
        UnreadableFile,
        match=r"2 tables: bright \(1 rows\); stars \(3 rows\); name one as 't.db::bright'",
    ):
        read(base)
    with pytest.raises(UnreadableFile, match=r"has no table 'star'.*did you mean 'stars'"):
        read(base, "star")


def test_a_damaged_database_is_one_clear_error(base):
    raw = base.read_bytes()
    base.write_bytes(raw[:100] + b"\xff" * 900 + raw[1000:])
    with pytest.raises(
        UnreadableFile, match=r"'t.db' (cannot be read as a database|holds no table)"
    ):
        read(base)
