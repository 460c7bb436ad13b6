"""Turn whatever goes wrong into a few lines and an exit code.

0 done · 1 a fault of rung itself · 2 usage · 3 data · 4 resource (disk, memory, an optional
library) · 130 interrupted · 143 terminated
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from rung.cli.shown import warnings_as_notes
from rung.errors import ResourceError, RungError, UsageError

FAULT, INTERRUPTED, TERMINATED = 1, 130, 143
LONGEST_LINE = 500
PLAIN = "rung-plain-letters"
ASCII_SIGNS = {"−": "-", "±": "+-", "→": "->", "–": "-", "…": "..", "²": "2", "×": "x"}
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def guarded(work: Callable[[], object], words: Sequence[str]) -> int:
    """Call `work` and return the exit code; errors become at most three lines.

    Parameters
    ----------
    work : callable
        Returns an exit code, or anything else for success.
    words : sequence of str
        The command line; with `--debug` the trace of an error is shown too.
    """
    codecs.register_error(PLAIN, _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
    with _termination() as signals:
        code = _code(work, words)
    if code != INTERRUPTED:
        return code
    print("terminated" if signals else "interrupted", file=sys.stderr)
    return TERMINATED if signals else INTERRUPTED


def leave(code: int) -> None:
    """End the program; threads that are still at work when it was interrupted are not waited for."""
    this = threading.current_thread()
    others = [one for one in threading.enumerate() if one is not this and not one.daemon]
    if code in (INTERRUPTED, TERMINATED) and others:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


@contextmanager
def _termination() -> Iterator[list[int]]:
    """Let a request to terminate end a run as an interrupt from the keyboard does; list it."""
    signals: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        signals.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield signals
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield signals
    finally:
        signal.signal(signal.SIGTERM, before)


def _code(work: Callable[[], object], words: Sequence[str]) -> int:
    try:
        with warnings_as_notes(words):
            code = work()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        return _close_pipe()
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # rich leaves so, with an error
            return _close_pipe()
        raise
    except BaseException as error:  # noqa: BLE001 -- the last stop before a user
        if "--debug" in words:
            _print_trace()
        return _report(error)


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Write signs that a terminal has no letter for in ASCII; a lost minus would be a lie."""
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    return "".join(ASCII_SIGNS.get(sign, "?") for sign in signs), error.end


def _report(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return INTERRUPTED
    known = as_rung_error(error)
    if known is None:
        kind = type(error).__name__
        _print_lines(f"unexpected {kind}: {error}", "run again with --debug and report the trace")
        return FAULT
    _print_lines(known.message, "; ".join([known.remedy, *getattr(error, "__notes__", ())]))
    return known.exit_code


def as_rung_error(error: BaseException) -> RungError | None:
    """Return the error that a user should see for this one; None for a fault of rung itself.

    Examples
    --------
    >>> as_rung_error(MemoryError()).exit_code
    4
    """
    from rung.core.memory import is_want_of_memory

    if isinstance(error, RungError):
        return error
    if is_want_of_memory(error):
        return ResourceError("there is not enough memory", "use fewer rows, columns or --threads 1")
    if isinstance(error, OSError):
        return _from_system(error)
    format_message = getattr(error, "format_message", None)
    if callable(format_message):
        return UsageError(str(format_message()).rstrip("."), "see the options with --help")
    return None


def _from_system(error: OSError) -> RungError:
    where = f": {error.filename!r}" if error.filename else ""
    what = f"{error.strerror or error}{where}"
    if error.errno in FULL_DISK:
        return ResourceError(f"the disk is full{where}", "free some space or choose another --out")
    if isinstance(error, (PermissionError, FileExistsError, IsADirectoryError, NotADirectoryError)):
        return UsageError(what, "choose another path")
    if isinstance(error, FileNotFoundError):
        return UsageError(what, "check the path")
    return ResourceError(what, "check the disk and try again")


def _print_lines(message: str, remedy: str) -> None:
    print(f"error: {_one_line(message)}", file=sys.stderr)
    if remedy:
        print(f"  → {_one_line(remedy)}", file=sys.stderr)


def _one_line(text: str) -> str:
    from rung.report.numbers import clean, shorten

    return shorten(clean(text), LONGEST_LINE)


def _print_trace() -> None:
    import traceback

    traceback.print_exc()


def _close_pipe() -> int:
    """Leave quietly when the reader, such as `head`, has gone."""
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return 0
