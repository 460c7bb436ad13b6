"""A shelf in memory that ends a training once so many states were laid down."""

from __future__ import annotations

from rung.core.family import State


class Killed(Exception):
    """Stand in for a kill."""


class Shelf:
    """Keep all states; raise `Killed` at one of them."""

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at, self.laid = kill_at, list[State]()

    def save(self, state: State) -> None:
        self.laid.append(state)
        if len(self.laid) == self.kill_at:
            raise Killed

    def restore(self) -> State | None:
        return self.laid[-1] if self.laid else None
