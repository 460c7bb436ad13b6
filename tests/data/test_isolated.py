"""What goes wrong in a reader ends in one message, whatever way it goes wrong."""

import json
from dataclasses import replace

import pytest

from rung.data import isolated, reading
from rung.data.isolated import read_isolated
from rung.data.readers import reader as readers
from rung.data.readers.reader import Source, reader_named
from rung.data.table import ReadOptions
from rung.errors import MissingExtra, UnreadableFile


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "t.json"
    path.write_text(json.dumps([{"x": 1, "y": "a"}, {"x": None, "y": "b"}]))
    return Source("t.json", path, packed=100)


def test_a_table_comes_back_from_the_child_as_it_was_read(source):
    json_reader = reader_named("json")
    here, there = (
        json_reader.read(source, ReadOptions()),
        read_isolated(json_reader, source, ReadOptions()),
    )
    assert there.frame.equals(here.frame)
    assert there.findings == here.findings


def test_an_error_of_the_child_is_raised_as_it_is(source):
    source.path.write_text("[3, {}]")
    with pytest.raises(
        UnreadableFile, match=r"a list of 2 items that are not all records.*a record a line"
    ):
        read_isolated(reader_named("json"), source, ReadOptions())


def test_a_child_that_takes_too_long_is_ended(source):
    with pytest.raises(UnreadableFile, match=r"'t.json' cannot be read as JSON.* within 0 seconds"):
        read_isolated(reader_named("json"), source, ReadOptions(), seconds=0.01)


def test_a_child_that_dies_is_named(source, monkeypatch):
    monkeypatch.setattr(
        isolated, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    )
    with pytest.raises(UnreadableFile, match=r"it ended the process that read it \(signal 11\)"):
        read_isolated(reader_named("json"), source, ReadOptions())


def test_a_want_of_memory_and_an_odd_failure_are_told(source, tmp_path, monkeypatch):
    json_reader = reader_named("json")
    asked = isolated.request(
        json_reader, source, ReadOptions(), source.path, tmp_path, seconds=9.0
    ) | {"bytes": 10**9}  # fmt: skip

    def fail_with(error):
        def read(source, options):
            raise error

        changed = replace(reader_named("json"), read=read)
        monkeypatch.setattr(isolated, "reader_named", lambda name: changed)
        return isolated.told_by(asked)

    assert "asks for more memory than 1.0 GB" in fail_with(MemoryError())["message"]
    assert "seems to be damaged (KeyError: 'axis')" in fail_with(KeyError("axis"))["message"]


def test_an_absent_library_is_named_with_the_command_that_adds_it(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "find_spec", lambda name: None)
    path = tmp_path / "t.fits"
    path.write_bytes(b"SIMPLE  =                    T")
    with pytest.raises(
        MissingExtra, match=r"FITS, which needs the library astropy; .*\[science\]'"
    ):
        reading.load_frame(path, ReadOptions())
