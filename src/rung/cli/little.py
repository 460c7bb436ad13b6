"""Work in little memory: where the address space of the process is limited, see what can be done.

Libraries that start threads end the process if they get no memory, and no message is left. So the
least that a command needs is asked for before anything is imported, and threads are few.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

from rung.core.addresses import address_limit, can_take
from rung.core.memory import MB, say_bytes
from rung.errors import ResourceError

# Measured on small tables with one thread, and a quarter more.
NEEDED = {"fit": 800 * MB, "demo": 800 * MB, "predict": 450 * MB, "check": 450 * MB}
OTHERS = 300 * MB
THREADS = (
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
)
# Of glibc's mallopt: without it every thread sets 128 MB of addresses aside.
ARENAS = -8


def settle(words: Sequence[str]) -> None:
    """Make a command do with a limited address space, or say that it cannot.

    Parameters
    ----------
    words : sequence of str
        The command line.

    Raises
    ------
    ResourceError
        If less is left than the command needs to begin.
    """
    limit = address_limit()
    if limit is None:
        return
    for name in THREADS:
        os.environ[name] = "1"
    one_arena = getattr(ctypes.CDLL(None), "mallopt", None)
    if one_arena is not None:
        one_arena(ARENAS, 1)
    command = next((word for word in words if not word.startswith("-")), "")
    needed = NEEDED.get(command, OTHERS)
    if not can_take(needed):
        raise ResourceError(
            f"the address space of this process is limited to {say_bytes(limit)}; "
            f"{f'rung {command}'.strip()} needs {say_bytes(needed)} more than Python itself",
            "raise the limit (ulimit -v, or the memory asked for in a batch system)",
        )
