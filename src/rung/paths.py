"""Say what a path names, where it is no plain file that can be read to its end."""

from __future__ import annotations

import stat
from pathlib import Path

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def named_instead(path: str | Path) -> str:
    """Return what a path names, if that is no plain file; empty for a file or nothing at all.

    Reading a pipe waits for a writer, and reading a device may never end.

    Examples
    --------
    >>> named_instead("/"), named_instead("no such file")
    ('a folder', '')
    """
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return ""
    return next((name for is_kind, name in KINDS if is_kind(mode)), "")
