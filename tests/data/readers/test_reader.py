"""Readers are found by scanning, told apart by what files hold, and named in every list."""

from pathlib import Path

import pytest

from rung.data.readers import reader as readers
from rung.data.readers.reader import (
    Source,
    accepted,
    accepted_titles,
    all_readers,
    find_reader,
    formats_table,
    reader_named,
)
from rung.errors import MissingExtra, UnreadableFile

README = Path(__file__).parents[3] / "README.md"


def test_names_are_unique_and_each_suffix_has_one_reader():
    names = [one.name for one in all_readers()]
    suffixes = [suffix for one in all_readers() for suffix in one.suffixes]
    assert sorted(set(names)) == sorted(names)
    assert sorted(set(suffixes)) == sorted(suffixes)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


def test_every_format_stands_in_every_list():
    for one in all_readers():
        assert one.title in accepted()
        assert one.title in accepted_titles()
        assert one.title in formats_table()


def test_the_readme_lists_the_formats_that_there_are():
    assert formats_table() in README.read_text(encoding="utf-8")


def test_what_a_file_holds_is_stronger_than_its_name():
    assert find_reader(Source("t.csv", data=b"PAR1")).name == "parquet"
    assert find_reader(Source("t.parquet", data=b"a,b\n")).name == "delimited"
    assert find_reader(Source("t.h5", data=b"\x89HDF\r\n\x1a\n")).name == "hdf5"
    assert find_reader(Source("t.nc", data=b"\x89HDF\r\n\x1a\n")).name == "netcdf"


def test_a_folder_is_a_table_only_if_a_reader_takes_it(tmp_path):
    (tmp_path / "t.zarr").mkdir()
    assert find_reader(Source("t.zarr", tmp_path / "t.zarr")).name == "zarr"
    with pytest.raises(UnreadableFile, match="is a folder, not a table"):
        find_reader(Source("t", tmp_path))


def test_the_suffix_of_a_packed_file_or_a_member_is_that_of_the_table():
    assert Source("t.CSV.gz").suffix == ".csv"
    assert Source("t.zip:day.tsv").suffix == ".tsv"


def test_a_format_of_an_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr(readers, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"libraries xarray, netCDF4; install them with: pip"):
        reader_named("netcdf").ensure_installed("t.nc")
    reader_named("delimited").ensure_installed("t.csv")
