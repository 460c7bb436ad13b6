"""Turn what polars raises into one message: its panics are no `Exception`, and print to the terminal."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from rung.core.memory import is_want_of_memory
from rung.errors import RungError, UnreadableFile

NOT_OURS = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, RungError)
LONGEST = 120
STANDARD_ERROR = 2


@contextlib.contextmanager
def explained(what: str, remedy: str) -> Iterator[None]:
    """Raise `UnreadableFile` for whatever polars raises inside.

    Parameters
    ----------
    what : str
        Beginning of the message, such as `'t.parquet' is a damaged Parquet file`.
    remedy : str
        What to do.

    Examples
    --------
    >>> with explained("'t.csv' cannot be read", "check it"):
    ...     raise ValueError("odd")
    Traceback (most recent call last):
    rung.errors.UnreadableFile: 't.csv' cannot be read: odd; check it
    """
    try:
        with _without_print():
            yield
    except NOT_OURS:
        raise
    except BaseException as error:
        if is_want_of_memory(error):
            raise MemoryError(str(error)) from error
        raise UnreadableFile(f"{what}: {first_line(error)}", remedy) from error


def first_line(error: BaseException) -> str:
    """Return the beginning of an error's text, else its type.

    Examples
    --------
    >>> first_line(ValueError("a" * 200))[:3], first_line(ValueError())
    ('aaa', 'ValueError')
    """
    lines = str(error).splitlines()
    return lines[0][:LONGEST] if lines else type(error).__name__


@contextlib.contextmanager
def _without_print() -> Iterator[None]:
    """Keep the report of a panic, which is written past Python, from the terminal."""
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:  # closed already
        yield
        return
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)
        os.close(silence)
