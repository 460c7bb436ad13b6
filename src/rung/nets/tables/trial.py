"""Read from a trial of settings which of its passes was best, and whether more would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.typing import Array, Settings

# Share of their passes after which short trainings do best, on average, if more may help.
NEAR_ITS_END = 0.9


@dataclass(frozen=True)
class Trial:
    """Record how one candidate fared before one judge.

    Attributes
    ----------
    settings : mapping
        Of the candidate.
    of_epochs : int
        Passes that its schedule was laid out for.
    learned_loss, held_loss : tuple of float
        Of the rows it learned from and of the judge's, one a pass, until the judge saw no lower
        loss for long.
    n_held : int
        Rows of the judge; 0 for one that does not err.
    is_given_up : bool
        Whether the judge gave it up half-way.
    """

    settings: Settings
    of_epochs: int
    learned_loss: tuple[float, ...]
    held_loss: tuple[float, ...]
    n_held: int = 0
    is_given_up: bool = False

    @property
    def curve(self) -> Array:
        """Return the held loss after each pass, as the mean with its neighbours.

        The lowest of many single ones is low by luck.
        """
        held = np.array(self.held_loss)
        if not len(held):
            return held
        padded = np.concatenate([held[:1], held, held[-1:]])
        return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3.0)

    @property
    def latest_good(self) -> int:
        """Return the latest number of passes after which the loss was as low as the judge can tell.

        Losses of rows spread about as widely as they are large, so their mean over n rows errs by
        one part in the root of n. Little above the least is no reason to end earlier: a training
        that is laid out for few passes ends worse.

        Examples
        --------
        >>> Trial({}, 4, (), (3.0, 1.0, 1.0, 1.1)).latest_good
        3
        >>> Trial({}, 4, (), (3.0, 1.0, 1.0, 1.1), n_held=100).latest_good
        4
        """
        curve = self.curve
        error = self.n_held**-0.5 if self.n_held else 0.0
        good = np.flatnonzero(curve <= (1.0 + error) * curve.min())
        return int(good[-1] if len(good) else curve.argmin()) + 1  # none is where training broke

    @property
    def lowest(self) -> float:
        """Return the least of the curve; infinite where training broke."""
        curve = self.curve
        return float(curve.min()) if len(curve) and np.isfinite(curve).all() else float("inf")


def wants_more(trials: Sequence[Trial]) -> bool:
    """Say whether short trainings did best near their ends, so that a long one may do better.

    Parameters
    ----------
    trials : sequence of Trial
        Short ones before one judge.

    Examples
    --------
    >>> falling = Trial({}, 8, (), (8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0))
    >>> rising = Trial({}, 8, (), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0))
    >>> wants_more([falling, falling]), wants_more([falling, rising])
    (True, False)
    """
    parts = [
        (trial.curve.argmin() + 1) / trial.of_epochs
        for trial in trials
        if trial.held_loss and not trial.is_given_up
    ]
    return bool(parts) and float(np.mean(parts)) >= NEAR_ITS_END
