"""Tables of a database are read."""

import pytest

from tests.data.readers.samples import read


def test_duckdb_tables_are_read(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "t.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute(
            "CREATE TABLE a AS SELECT * FROM (VALUES (1, 'x', 1.5), (2, NULL, 2.5)) t(n, s, v)"
        )
    assert read(path).frame.rows() == [(1, "x", 1.5), (2, None, 2.5)]
