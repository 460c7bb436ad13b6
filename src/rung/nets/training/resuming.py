"""Lay a training down while it goes on, so that a run that was killed takes it up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rung.core.family import CheckpointStore, State
from rung.errors import BadModelFile
from rung.nets.training.checkpoint import capture, restore
from rung.typing import Settings, Untyped

Parts = Mapping[str, Mapping[str, Untyped]]


@dataclass(frozen=True)
class TrainingCheckpoint:
    """Keep what `rung.nets.training.checkpoint.capture` takes out of a training.

    Attributes
    ----------
    shelf : CheckpointStore or None
        Where; None keeps nothing.
    settings : mapping
        Sizes and budget, JSON-ready: a training with others is not taken up.
    """

    shelf: CheckpointStore | None
    settings: Settings

    def lay(self, parts: Parts, counters: Mapping[str, Any]) -> None:
        """Lay down the parts, keywords of `capture`, and what the training counts."""
        if self.shelf is None:
            return
        state = capture(**parts, counters=counters)
        spec = {"settings": dict(self.settings), "training": dict(state.spec)}
        self.shelf.lay(State(spec, state.arrays))

    def take(self, parts: Parts) -> dict[str, Any] | None:
        """Put back what was laid down, into parts made anew; return the counters, or None."""
        found = None if self.shelf is None else self.shelf.take()
        if found is None or found.spec.get("settings") != self.settings:
            return None
        try:
            return restore(State(found.spec["training"], found.arrays), **parts)
        except (BadModelFile, KeyError):
            return None  # written by other code: training begins anew
