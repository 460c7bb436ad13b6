from __future__ import annotations

import errno
import io
import os
import sys
import threading

import pytest

from rung import errors
from rung.cli.guard import guarded, leave


def fail(error: BaseException):
    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("m", "r"), 2),
        (errors.DataError("m", "r"), 3),
        (errors.TargetProblem("m", "r"), 3),
        (errors.BadModelFile("m", "r"), 3),
        (errors.ResourceError("m", "r"), 4),
        (errors.MissingExtra("m", "r"), 4),
        (MemoryError(), 4),
        (OSError(errno.ENOSPC, "No space left on device", "model.rung"), 4),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 4),
        (PermissionError(errno.EACCES, "Permission denied", "out"), 2),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "x.csv"), 2),
        (OSError(errno.EIO, "Input/output error"), 4),
        (KeyboardInterrupt(), 130),
        (RuntimeError("a fault"), 1),
        (ValueError("line one\nline two\nline three\nline four"), 1),
    ],
)
def test_every_error_has_its_exit_code_and_at_most_three_lines(error, code, capsys):
    assert guarded(fail(error), []) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert 1 <= len(captured.err.splitlines()) <= 3
    assert "Traceback" not in captured.err


def test_message_and_remedy_stand_on_their_own_lines(capsys):
    guarded(fail(errors.UsageError("no column 'mas'", "did you mean 'Mass'?")), [])
    assert capsys.readouterr().err == "error: no column 'mas'\n  → did you mean 'Mass'?\n"


def test_a_message_of_many_lines_and_terminal_commands_becomes_one_clean_line(capsys):
    guarded(fail(errors.DataError("a\nb \x1b[31m" + "x" * 9000)), [])
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "\x1b" not in err
    assert len(err) < 600


def test_debug_shows_the_trace_before_the_message(capsys):
    assert guarded(fail(errors.DataError("m")), ["fit", "--debug"]) == 3
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.endswith("error: m\n")


def test_a_full_disk_is_named(capsys):
    guarded(fail(OSError(errno.ENOSPC, "No space left on device", "model.rung")), [])
    assert "the disk is full: 'model.rung'" in capsys.readouterr().err


def test_a_reader_that_has_gone_is_no_error(capsys):
    assert guarded(fail(BrokenPipeError()), []) == 0
    assert capsys.readouterr().err == ""


def test_an_interrupt_is_one_line(capsys):
    guarded(fail(KeyboardInterrupt()), [])
    assert capsys.readouterr().err == "interrupted\n"


def test_exit_codes_of_the_command_are_kept():
    assert guarded(lambda: None, []) == 0
    assert guarded(lambda: 0, []) == 0
    assert guarded(lambda: 130, []) == 130


def test_a_terminal_without_unicode_loses_no_minus_sign(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    guarded(lambda: print("−1.0 ± 0.2 星"), [])
    assert stream.buffer.getvalue().strip() == b"-1.0 +- 0.2 ?"


def test_a_reader_that_left_is_no_error_though_a_library_leaves_with_one():
    def leave():
        try:
            raise BrokenPipeError  # noqa: TRY301 -- as rich does
        except BrokenPipeError:
            raise SystemExit(1)  # noqa: B904 -- as rich does

    assert guarded(leave, []) == 0


@pytest.mark.parametrize("is_daemon", [True, False])
def test_an_interrupt_does_not_wait_for_threads_at_work_and_none_has_to_for_daemons(
    monkeypatch, is_daemon
):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=is_daemon)
    thread.start()
    try:
        with pytest.raises(SystemExit) as left:
            leave(130)
    finally:
        stop.set()
        thread.join()
    assert left.value.code == 130
    assert ended == ([] if is_daemon else [130])
