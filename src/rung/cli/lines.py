"""Write for other programs: whole lines, without blanks at their ends."""

from __future__ import annotations

import io
import os
from typing import TextIO

WHOLE_LINES = 10_000


def is_watched(stream: TextIO) -> bool:
    """Tell whether a terminal takes the text, or a program that asks for what a terminal gets."""
    return stream.isatty() or any(name in os.environ for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def line_width() -> int | None:
    """Return how wide lines for another program are; none where the environment says it."""
    return None if "COLUMNS" in os.environ else WHOLE_LINES


class Trimmed(io.TextIOBase):
    r"""Pass text on line by line, each without blanks at its end.

    Parameters
    ----------
    stream : file
        Takes the lines.

    Examples
    --------
    >>> import io
    >>> out = io.StringIO()
    >>> lines = Trimmed(out)
    >>> lines.write("one   \ntwo ")
    11
    >>> lines.write("  three\n")
    8
    >>> out.getvalue()
    'one\ntwo   three\n'
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rest = ""

    def write(self, text: str) -> int:
        """Write the lines that are whole; keep the rest until it is."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._stream.write(f"{line.rstrip(' ')}\n")
        return len(text)

    def flush(self) -> None:
        """Hand on what was written; a line that is not whole waits."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Say that nobody looks."""
        return False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding
