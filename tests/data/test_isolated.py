"""What goes wrong in a reader ends in one message, whatever way it goes wrong."""

import json
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.readers.subjects import subjects
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
    request = {"reader": "json", "name": "t.json", "path": str(source.path), "packed": 9, "table": "",
               "options": {}, "folder": str(tmp_path), "seconds": 9, "bytes": 10**9}  # fmt: skip

    def fail_with(error):
        def read(source, options):
            raise error

        changed = replace(reader_named("json"), read=read)
        monkeypatch.setattr(isolated, "reader_named", lambda name: changed)
        return isolated._read(request, tmp_path)

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


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("form", ["fits", "votable", "ecsv", "excel", "hdf5", "duckdb"])
def test_a_damaged_file_of_an_extra_gives_a_table_or_one_clear_error(tmp_path, rng, form):
    reader, suffix, raw = subjects(tmp_path).get(form) or pytest.skip(f"no library for {form}")
    path = tmp_path / f"t{suffix}"
    request = {"reader": reader, "name": path.name, "path": str(path), "packed": len(raw),
               "table": "", "options": {}, "folder": str(tmp_path), "bytes": 10**10}  # fmt: skip
    refused: list[str] = []
    for _ in range(40):
        path.write_bytes(changed(raw, int(rng.integers(len(raw))), rng))
        refused += (
            [told["message"]] if "error" in (told := isolated._read(request, tmp_path)) else []
        )
    assert refused
    assert all(path.name in message for message in refused)


def changed(raw, place, rng):
    """Return bytes with one place cut out, doubled, zeroed or turned round."""
    size = int(rng.integers(1, 40))
    piece = raw[place : place + size]
    other = (b"", piece * 2, bytes(len(piece)), bytes(255 - byte for byte in piece))[
        int(rng.integers(4))
    ]
    return raw[:place] + other + raw[place + size :]


@pytest.mark.parametrize("form", ["sqlite", "json"])
def test_a_damaged_file_gives_a_table_or_one_clear_error(tmp_path, rng, form):
    path = tmp_path / f"t.{form}"
    if form == "json":
        path.write_text(
            json.dumps({"rows": [{"x": i, "y": "é" * i, "z": [i, None]} for i in range(30)]})
        )
    else:
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE t (a INTEGER, b TEXT)")
            base.executemany("INSERT INTO t VALUES (?, ?)", [(i, "x" * i) for i in range(60)])
        base.close()
    raw, known = path.read_bytes(), reader_named(form)
    refused: list[str] = []
    for _ in range(150):
        path.write_bytes(changed(raw, int(rng.integers(len(raw))), rng))
        try:
            known.read(Source(path.name, path, packed=len(raw)), ReadOptions())
        except UnreadableFile as error:
            refused.append(error.message)
    assert 10 < len(refused) < 150
    assert all(f"'t.{form}'" in message for message in refused)
