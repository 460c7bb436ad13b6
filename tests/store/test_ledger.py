"""The ledger loses nothing, notices what was damaged, and never stops a run."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from rung.store import ledger
from rung.store.ledger import LEDGER, Noted, add_entry, note, read_ledger, state_folder


def entry(number: int) -> dict[str, Any]:
    return {"id": f"run {number}", "n": number}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state" / LEDGER


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({"RUNG_STATE": "/x", "XDG_STATE_HOME": "/y"}, "linux", "/x"),
        ({"RUNG_STATE": "~/x"}, "win32", "/folk/ada/x"),
        ({"RUNG_STATE": "", "XDG_STATE_HOME": "/y"}, "linux", "/y/rung"),
        ({"XDG_STATE_HOME": "y"}, "linux", "/folk/ada/.local/state/rung"),
        ({}, "linux", "/folk/ada/.local/state/rung"),
        ({"XDG_STATE_HOME": "/y"}, "darwin", "/folk/ada/Library/Application Support/rung"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/rung"),
        ({}, "win32", "/folk/ada/AppData/Local/rung"),
    ],
)
def test_the_folder_is_where_the_platform_keeps_states(
    environment: dict[str, str], system: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/folk/ada")
    assert state_folder(environment, system) == Path(expected)


def test_entries_come_back_in_their_order(path: Path) -> None:
    for number in range(3):
        assert add_entry(path, entry(number)).earlier == tuple(map(entry, range(number)))
    assert read_ledger(path) == Noted(tuple(map(entry, range(3))))


def test_only_the_user_may_read_it(path: Path) -> None:
    add_entry(path, entry(0))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_resumed_run_stands_where_it_stood(path: Path) -> None:
    for number in range(3):
        add_entry(path, entry(number))
    size = path.stat().st_size
    assert add_entry(path, entry(1)).earlier == (entry(0),)
    assert path.stat().st_size == size


def test_two_runs_at_a_time_lose_nothing(path: Path) -> None:
    seen: list[int] = []

    def work(first: int) -> None:
        numbers = range(first, first + 20)
        seen.extend(len(add_entry(path, entry(number)).earlier) for number in numbers)

    threads = [threading.Thread(target=work, args=(20 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_ledger(path)
    assert (len(found.earlier), found.n_damaged) == (80, 0)
    # each saw all that stood before it
    assert sorted(seen) == list(range(80))


def test_without_locks_entries_are_appended_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(ledger, "_lock", fail)
    assert add_entry(path, entry(0)) == Noted()
    assert add_entry(path, entry(1)) == Noted((entry(0),))


def test_a_lock_that_is_never_let_go_is_passed_by(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def fail(file: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(ledger, "_lock", fail)
    monkeypatch.setattr(ledger.time, "sleep", waits.append)
    assert add_entry(path, entry(0)).problem == ""
    assert sum(waits) == pytest.approx(5)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


DAMAGE = {
    "a value changed": lambda held: [held[0], held[1].replace(b'"n":1', b'"n":7'), *held[2:]],
    "half a line": lambda held: [held[0], held[1][:20] + b"\n", *held[2:]],
    "binary": lambda held: [held[0], b"\xff\x00\n", *held[2:]],
    "another JSON": lambda held: [held[0], b'{"entry": [[]], "digest": 3}\n', *held[2:]],
    "a line removed": lambda held: [held[0], *held[2:]],
    "a line moved": lambda held: [held[0], held[2], held[1], *held[3:]],
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damage_is_counted_once_and_the_rest_is_read(path: Path, how: str) -> None:
    for number in range(4):
        add_entry(path, entry(number))
    path.write_bytes(b"".join(DAMAGE[how](lines(path))))
    found = add_entry(path, entry(4))
    assert found.n_damaged == 1
    assert {entry(0)["id"], entry(3)["id"]} <= {one["id"] for one in found.earlier}
    assert read_ledger(path).n_damaged == 1


def test_a_line_without_its_end_does_not_swallow_the_next(path: Path) -> None:
    add_entry(path, entry(0))
    add_entry(path, entry(1))
    path.write_bytes(path.read_bytes()[:-30])
    assert add_entry(path, entry(2)) == Noted((entry(0),), 1)
    assert read_ledger(path).earlier == (entry(0), entry(2))


def test_a_full_disk_leaves_the_ledger_as_it_was(path: Path) -> None:
    resource = pytest.importorskip("resource")
    add_entry(path, entry(0))
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        found = add_entry(path, entry(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert found == Noted((entry(0),), 0, "No space left on device")
    assert path.read_bytes() == before


def test_what_does_not_reach_the_disk_is_taken_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    add_entry(path, entry(0))
    monkeypatch.setattr(ledger.os, "fsync", fail)
    assert add_entry(path, entry(1)).problem == "Input/output error"
    assert read_ledger(path).earlier == (entry(0),)


@pytest.mark.parametrize("what", ["file", "folder", "pipe"])
def test_a_place_that_cannot_be_written_is_a_problem_and_no_error(path: Path, what: str) -> None:
    if what == "file":
        path.parent.parent.mkdir(parents=True)
        path.parent.write_text("in the way")
    elif what == "folder":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True)
        os.mkfifo(path)
    found = add_entry(path, entry(0))
    assert found.problem
    assert not found.earlier


def test_what_may_be_read_only_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_entry(path, entry(0))

    def refuse(*asked: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(ledger.os, "open", refuse)
    assert add_entry(path, entry(1)) == Noted((entry(0),), 0, "Permission denied")


def test_without_a_home_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("could not determine home directory")

    monkeypatch.delenv("RUNG_STATE")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(ledger.Path, "home", fail)
    assert note(entry(0)) == Noted(problem="no home folder is known")


def test_the_user_s_ledger_is_in_the_state_folder(ledger_folder: Path) -> None:
    note(entry(0))
    assert read_ledger(ledger_folder / LEDGER).earlier == (entry(0),)


@pytest.fixture
def ledger_folder() -> Path:
    return Path(os.environ["RUNG_STATE"])
