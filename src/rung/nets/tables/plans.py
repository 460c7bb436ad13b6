"""State how one network is trained, and record how it went; whatever computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from rung.nets.training.schedule import one_cycle
from rung.typing import Array


@dataclass(frozen=True)
class TrainingPlan:
    """State how one model is trained.

    Attributes
    ----------
    rows : ndarray of int
        Rows of the lesson to learn from.
    watched : tuple of ndarray of int
        Sets of rows by which it is watched, each for itself; maybe none. They change no step.
    generator : Generator
        Draws first weights, orders of rows and dropped units, for this model alone.
    learning_rate, weight_decay, dropout : float
        The largest rate; decay in units of it; share of hidden units dropped.
    orthogonal : int
        Iterations of Muon by which the matrices between layers are stepped; 0 for AdamW.
    scale : ndarray, shape (n_inputs,), or None
        What each column is multiplied by: how fast it is learned, 0 for not at all.
    epochs, last : int
        Passes over the rows that the schedule is laid out for; passes after which to stop.
    patience : int
        Passes without a lower loss after which a set of watched rows is watched no longer; training
        stops where none is left. 0 for never.
    rise : float
        How many times the least loss the last one must then be, at least.
    schedule : callable
        Share of the learning rate at each point of training, 0 to 1.
    """

    rows: Array
    watched: tuple[Array, ...]
    generator: np.random.Generator
    learning_rate: float = 3e-3
    weight_decay: float = 0.0
    dropout: float = 0.0
    orthogonal: int = 0
    scale: Array | None = None
    epochs: int = 10
    last: int = 0
    patience: int = 0
    rise: float = 1.0
    schedule: Callable[[float], float] = one_cycle

    @property
    def end(self) -> int:
        """Passes after which training ends."""
        return self.last or self.epochs


@dataclass
class Held:
    """Record how one model fared on rows by which it is watched.

    Attributes
    ----------
    loss : list of float
        One a pass over its rows.
    best : int
        Passes done when the loss was lowest.
    parameters : dict of str to ndarray
        Weights then.
    is_closed : bool
        Whether these rows are watched no longer, whatever they would say.
    """

    loss: list[float] = field(default_factory=list)
    best: int = 0
    parameters: dict[str, Array] = field(default_factory=dict)
    is_closed: bool = False


@dataclass
class Course:
    """Record how one model went.

    Attributes
    ----------
    held : tuple of Held
        One for each set of rows by which it is watched.
    parameters : dict of str to ndarray
        Weights at its end.
    train_loss : list of float
        One a pass over its rows.
    step_size : list of float
        Length of the next step by the length of the weights, one a pass.
    """

    held: tuple[Held, ...] = ()
    parameters: dict[str, Array] = field(default_factory=dict)
    train_loss: list[float] = field(default_factory=list)
    step_size: list[float] = field(default_factory=list)


def is_watched(plan: TrainingPlan, course: Course, number: int) -> bool:
    """Say whether a model is still watched by one set of rows, whatever the others saw."""
    if number >= len(course.held):
        return False
    held = course.held[number]
    if not len(plan.watched[number]) or held.is_closed:
        return False
    seen = held.loss
    if not plan.patience or len(seen) - held.best < plan.patience:
        return True
    return seen[-1] < plan.rise * seen[held.best - 1]


def is_over(plan: TrainingPlan, course: Course, passes: int) -> bool:
    """Say whether a model that has done so many passes has come to its end."""
    is_left = any(is_watched(plan, course, number) for number in range(len(course.held)))
    has_waited = bool(plan.patience) and any(each.loss for each in course.held) and not is_left
    return passes >= plan.end or has_waited
