"""A run folder holds a whole run, or does not look like one."""

import errno
import os

import numpy as np
import polars as pl
import pytest

from rung.errors import DiskError, ResourceError, UsageError
from rung.store import durable
from rung.store.runfolder import NAMES, RunFolder, encode_parquet, write_parquet


def write_all(folder, content=b"{}"):
    for name in NAMES:
        if name != "results.json":
            folder.write_bytes(name, content)
    folder.write_bytes("results.json", content)


def names(path):
    return sorted(item.name for item in path.iterdir())


def test_a_new_folder_is_made_with_its_parents_and_holds_only_what_was_written(tmp_path):
    folder = RunFolder.create(tmp_path / "a" / "b")
    assert names(folder.path) == []
    write_all(folder)
    assert names(folder.path) == sorted(NAMES)


def test_a_folder_with_files_is_refused_without_force_and_stays_as_it_is(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match=r"not empty; it holds 'thesis\.tex'.*force=True"):
        RunFolder.create(tmp_path)
    assert names(tmp_path) == ["thesis.tex"]


def test_force_replaces_the_run_and_never_a_foreign_file(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    write_all(RunFolder.create(tmp_path, force=True), b"old")
    again = RunFolder.create(tmp_path, force=True)
    again.write_json("results.json", {"b": 1, "a": 2})
    assert (tmp_path / "thesis.tex").read_text() == "years of work"
    assert (tmp_path / "results.json").read_text() == '{\n  "a": 2,\n  "b": 1\n}\n'
    assert names(tmp_path) == ["results.json", "seal.json", "thesis.tex"]


def test_an_earlier_run_stays_whole_until_the_first_file_is_written(tmp_path):
    write_all(RunFolder.create(tmp_path), b"old")
    RunFolder.create(tmp_path, force=True)
    assert {(tmp_path / name).read_bytes() for name in NAMES} == {b"old"}


def test_an_aborted_replacement_does_not_look_finished(tmp_path):
    write_all(RunFolder.create(tmp_path), b"old")
    RunFolder.create(tmp_path, force=True).write_bytes("seal.json", b"new")
    assert names(tmp_path) == ["seal.json"]


def test_unfinished_files_of_a_killed_run_do_not_count_and_are_removed(tmp_path):
    (tmp_path / ".rung-0123.part").write_bytes(b"half")
    (tmp_path / ".rung-notes").write_bytes(b"foreign")
    with pytest.raises(UsageError, match=r"'\.rung-notes'"):
        RunFolder.create(tmp_path)
    (tmp_path / ".rung-notes").unlink()
    RunFolder.create(tmp_path).write_bytes("results.json", b"{}")
    assert names(tmp_path) == ["results.json"]


def test_a_full_disk_is_known_before_the_work_starts(tmp_path, monkeypatch):
    def full(_part, _data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(durable, "_write_part", full)
    with pytest.raises(ResourceError, match="disk full"):
        RunFolder.create(tmp_path / "run")
    assert names(tmp_path / "run") == []


def test_a_file_in_the_way_is_a_usage_error(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(UsageError, match="run' cannot be made: File exists"):
        RunFolder.create(tmp_path / "run", force=True)
    (tmp_path / "other" / "results.json").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"results\.json' is a folder, where a run writes a file"):
        RunFolder.create(tmp_path / "other", force=True)


def test_a_name_that_is_no_part_of_a_run_is_refused(tmp_path):
    folder = RunFolder.create(tmp_path)
    with pytest.raises(ValueError, match=r"'\.\./escape' is not a file of a run"):
        folder.write_bytes("../escape", b"")


def test_parquet_reads_back_every_column_and_has_the_same_bytes_again(tmp_path):
    columns = {
        "row": np.arange(5),
        "fold": np.arange(5, dtype=np.int32),
        "y": np.array([0.5, np.nan, -np.inf, 1e300, 0.0]),
        "is_test": np.array([True, False, True, False, True]),
        "class": np.array(["a", "é", "", "d", "e"]),
    }
    write_parquet(tmp_path / "a.parquet", columns)
    folder = RunFolder.create(tmp_path / "run")
    folder.write_parquet("out_of_fold.parquet", columns)
    found = pl.read_parquet(tmp_path / "a.parquet")
    for name, column in columns.items():
        assert np.array_equal(found[name].to_numpy(), column, equal_nan=column.dtype.kind == "f")
    assert (folder.path / "out_of_fold.parquet").read_bytes() == encode_parquet(columns)


def test_a_folder_that_goes_away_under_a_run_is_no_mistake_of_its_user(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    (tmp_path / "run").rmdir()
    with pytest.raises(DiskError, match=r"run' could not be written or read \(No such file"):
        folder.write_bytes("seal.json", b"{}")
    again = RunFolder.create(tmp_path / "run")
    again.write_bytes("seal.json", b"{}")
    (tmp_path / "run" / "seal.json").unlink()
    (tmp_path / "run").rmdir()
    with pytest.raises(DiskError, match=r"results\.json' cannot be written: No such file"):
        again.write_bytes("results.json", b"{}")
