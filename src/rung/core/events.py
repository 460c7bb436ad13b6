"""Tell whoever listens how far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Event:
    """One step of a run.

    `kind` is `asked` (`text` says how the question was understood), `stage` (a new part of the
    run, `text` says which), `family` (a family begins), `progress` (`done` of `total` jobs),
    `scored` or `skipped` (a family ended, `text` says how).
    """

    kind: Literal["asked", "stage", "family", "progress", "scored", "skipped"]
    family: str = ""
    text: str = ""
    done: int = 0
    total: int = 0


Listener: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
