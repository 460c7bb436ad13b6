"""Tell whoever listens how far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rung.core.result import Score


@dataclass(frozen=True)
class Standing:
    """What is known at the moment when a family was scored.

    Attributes
    ----------
    metric : str
        What families are compared by.
    score : Score
        Of the family.
    seconds : float
        Wall time that it took.
    so_far : str
        What the verdict would be if the run ended here.
    seconds_left : float or None
        What the rest of the run takes by an estimate; None while too little is known.
    """

    metric: str
    score: Score
    seconds: float
    so_far: str
    seconds_left: float | None = None


@dataclass(frozen=True)
class Event:
    """One step of a run.

    `kind` is `asked` (`text` says how the question was understood), `stage` (a new part of the
    run, `text` says which), `family` (a family begins), `progress` (`done` of `total` jobs),
    `scored` (a family ended: `standing` says how it stands) or `skipped` (`text` says why).
    """

    kind: Literal["asked", "stage", "family", "progress", "scored", "skipped"]
    family: str = ""
    text: str = ""
    done: int = 0
    total: int = 0
    standing: Standing | None = None


Listener: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
