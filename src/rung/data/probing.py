"""Try an Arrow file in a child process first: on damaged ones polars aborts, and takes us along.

Sizes that stand in such a file are asked for as memory before anything else is looked at, and what
cannot be had ends the process by a signal, which no exception handler sees.
"""

from __future__ import annotations

import subprocess
import sys

SECONDS = 600
_TRY = "import io, sys, polars; polars.read_ipc(io.BytesIO(sys.stdin.buffer.read()))"


def survives(raw: bytes) -> bool:
    """Tell whether a process that reads these bytes as an Arrow file comes to its end.

    Examples
    --------
    >>> survives(b"ARROW1 and no more")
    True
    """
    words = [sys.executable, "-c", _TRY]
    try:
        done = subprocess.run(words, input=raw, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode >= 0
