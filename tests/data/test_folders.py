"""Files with the same columns are one table, and each row knows its file."""

import io
import sys

import pytest

from rung.data import read_table
from rung.errors import UnreadableFile


@pytest.fixture
def stations(tmp_path):
    (tmp_path / "README.txt").write_text("about")
    (tmp_path / "aa.csv").write_text("x,y\n1,2\n3,5\n")
    (tmp_path / "bb.csv").write_text("y,x\n6,5\n8,7\n")
    return tmp_path


@pytest.mark.parametrize("pattern", ["", "*.csv", "??.csv"])
def test_a_folder_and_a_pattern_are_one_table_with_the_name_of_the_file(stations, pattern):
    table = read_table(f"{stations}/{pattern}" if pattern else stations)
    assert table.dataset.strings("file") == ["aa", "aa", "bb", "bb"]
    assert table.dataset.values["x"].tolist() == [1.0, 3.0, 5.0, 7.0]
    assert "--groups file" in next(one.remedy for one in table.findings if one.code == "folder")


def test_a_file_with_other_columns_is_named(stations):
    (stations / "cc.csv").write_text("x,z\n1,2\n3,4\n")
    with pytest.raises(UnreadableFile, match=r"'cc.csv' lacks 'y' and has 'z', unlike 'aa.csv'"):
        read_table(stations)


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="is a folder, not a table"):
        read_table(tmp_path)


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x,y\n1,2\n3,4\n")))
    table = read_table("-")
    assert (table.source, table.dataset.n_rows) == ("standard input", 2)


@pytest.mark.parametrize(
    "address", ["https://example.org/t.csv", "s3://bucket/t.parquet", "file:///t.csv"]
)
def test_an_address_on_the_network_is_refused(address):
    with pytest.raises(UnreadableFile, match=r"is an address on the network.*download it first"):
        read_table(address)
