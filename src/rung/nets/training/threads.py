"""Hold torch to a number of threads while jobs run side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch


@dataclass
class _Held:
    """Who holds torch: jobs at work, the threads they asked for, and those that were set before."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    jobs: int = 0
    threads: int = 0
    before: int = 0


_HELD = _Held()


@contextmanager
def torch_threads(number: int) -> Iterator[None]:
    """Let torch work with so many threads; what was set before comes back when the last job ends.

    The number is one of the whole process, and another number gives other last bits. So jobs that
    want the same one share it, and a job that wants another waits until they are done.

    Parameters
    ----------
    number : int
        Threads.

    Examples
    --------
    >>> with torch_threads(1):
    ...     torch.get_num_threads()
    1
    """
    with _HELD.changed:
        _HELD.changed.wait_for(lambda: not _HELD.jobs or _HELD.threads == number)
        if not _HELD.jobs:
            _HELD.before = torch.get_num_threads()
        _HELD.jobs, _HELD.threads = _HELD.jobs + 1, number
        torch.set_num_threads(number)
    try:
        yield
    finally:
        with _HELD.changed:
            _HELD.jobs -= 1
            if not _HELD.jobs:
                torch.set_num_threads(_HELD.before)
            _HELD.changed.notify_all()
