"""Know whether a function is being recorded, since a recording has no branches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rung.errors import UsageError

_recording: ContextVar[bool] = ContextVar("recording", default=False)


@contextmanager
def recording() -> Iterator[None]:
    """Refuse comparisons of Values inside the block."""
    token = _recording.set(True)
    try:
        yield
    finally:
        _recording.reset(token)


def refuse_while_recording(operation: str) -> None:
    """Stop where a function that is being recorded looks at the number of a Value."""
    if not _recording.get():
        return
    if operation == ".data":
        raise UsageError(
            "a recorded function took a number out of its Value with '.data'; the recording would "
            "keep that number for every input, and its steps may not change with its numbers",
            "keep .data, random numbers and choices out of it",
        )
    raise UsageError(
        f"a recorded function compared Values with '{operation}'; a recording takes the same "
        "way for every input, so it accepts no choice that depends on a number",
        "write the choice as an operation: relu, abs, or a.max(b) instead of max(a, b)",
    )
