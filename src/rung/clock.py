"""Measure time, for people: no result depends on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stopwatch(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the wall time of a block to `seconds[name]`.

    Examples
    --------
    >>> seconds = {}
    >>> with stopwatch(seconds, "sleep"):
    ...     pass
    >>> list(seconds)
    ['sleep']
    """
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start


def utc() -> str:
    """Return the time now, to the second, as `2026-01-31T12:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
