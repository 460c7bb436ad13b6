"""An Arrow file that makes polars abort is one error."""

import subprocess

import pytest

from benchmarks.datafiles import worker
from rung.data import probing
from rung.data.binary import read_binary
from rung.errors import UnreadableFile


def test_a_file_that_ends_the_process_by_a_signal_is_refused():
    """Its sizes were moved by pieces put in between: polars asks for memory that nobody has."""
    _, data = worker.changed(worker.subjects()["ipc"], (2, 1079))
    with pytest.raises(UnreadableFile, match="'t' is a damaged Arrow file"):
        read_binary(data, "t", len(data))


def test_a_file_that_takes_too_long_is_refused_as_well(monkeypatch):
    def late(*words, timeout, **options):
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(probing.subprocess, "run", late)
    assert not probing.survives(b"ARROW1")


def test_the_signal_is_what_counts(monkeypatch):
    for code, survived in ((0, True), (1, True), (-6, False)):
        done = subprocess.CompletedProcess("python", code)
        monkeypatch.setattr(probing.subprocess, "run", lambda *_, done=done, **__: done)
        assert probing.survives(b"ARROW1") is survived
