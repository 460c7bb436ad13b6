"""Tell whoever listens how each family stands as soon as it is scored, and what is left."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from rung.core.events import Event, Listener, Standing, ignore
from rung.core.family import CrossFit, Family
from rung.core.result import Choice
from rung.core.verdict import decide
from rung.families import baseline, missing_needs
from rung.families.pace import seconds_of
from rung.kinds.attempt import Climbed
from rung.kinds.kind import Kind, Prepared

# One family alone has nothing to be compared with.
FEWEST_COMPARED = 2


class Interim:
    """Score families as they end, and say what the verdict would be if the run ended there.

    Parameters
    ----------
    kind : Kind
        Of the data.
    prepared : Prepared
        The data themselves.
    options : Options
        For the rule of the choice.
    listener : callable
        Told of every family; where nobody listens, nothing is computed.
    seconds : mapping of str to float
        Wall time of every family that ended.
    """

    def __init__(
        self,
        kind: Kind,
        prepared: Prepared,
        options: Any,
        listener: Listener,
        seconds: Mapping[str, float],
    ) -> None:
        self._judge = kind.judge
        self._baseline = baseline(kind.name)
        self._prepared = prepared
        self._options = options
        self._listener = listener
        self._seconds = seconds
        self._fits: dict[str, CrossFit] = {}
        self._steps: dict[str, int] = {}
        self._ended: list[str] = []
        self._expected: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def expect(self, families: Sequence[Family]) -> None:
        """Take note of the families that will be tried; those that cannot climb take no time."""
        task = self._prepared.problem.task
        able = (one for one in families if task in one.tasks and not missing_needs(one))
        self._expected = tuple(family.name for family in able)

    def tell(self, climbed: Climbed) -> Climbed:
        """Tell how a family ended, and hand it back."""
        if self._listener is ignore:
            return climbed
        with self._lock:
            self._ended.append(climbed.family.name)
            self._listener(self._event(climbed))
        return climbed

    def _event(self, climbed: Climbed) -> Event:
        name = climbed.family.name
        if climbed.fitted is None:
            return Event("skipped", name, climbed.reason)
        self._fits[name], self._steps[name] = climbed.fitted, climbed.family.step
        # what is side by side may end before the baseline, by which all others are judged
        standing = self._standing(name) if self._baseline in self._fits else None
        return Event("scored", name, climbed.family.title, standing=standing)

    def _standing(self, name: str) -> Standing:
        judged = self._judge(self._prepared, self._fits)
        metric = self._prepared.metric.key
        choice = decide(
            judged.losses,
            steps=self._steps,
            metric=metric,
            margin=self._options.margin,
            choose=self._options.choose,
            seed=self._options.seed,
        ).choice
        return Standing(
            metric=metric,
            score=judged.scores[name][metric],
            seconds=self._seconds.get(name, 0.0),
            so_far=said_so_far(choice) if len(self._fits) >= FEWEST_COMPARED else "",
            seconds_left=self._left(),
        )

    def _left(self) -> float | None:
        rest = [name for name in self._expected if name not in self._ended]
        spent = sum(self._seconds.get(name, 0.0) for name in self._fits)
        return seconds_of(rest, self._fits, spent, n_rows=self._prepared.folds.n_rows)


def said_so_far(choice: Choice) -> str:
    """Say in a few words what would be chosen by now.

    Examples
    --------
    >>> rest = {"metric": "rmse", "margin": 1.0, "margin_loss": 1.0, "margin_source": "default"}
    >>> rest |= {"sentence": "", "rule": "simplest"}
    >>> said_so_far(Choice("tree", "mlp", verdict="undecided", is_claim=False, **rest))
    'tree, near the best (mlp); undecided'
    """
    if choice.family == choice.leader:
        return f"{choice.family} leads{'' if choice.is_claim else '; undecided'}"
    if choice.is_claim:
        return f"{choice.family} is as good as the best ({choice.leader})"
    return f"{choice.family}, near the best ({choice.leader}); undecided"
