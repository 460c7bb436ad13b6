"""Predict with the mean of several models: those of all folds, or the members of a blend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from rung.core.family import Design, State
from rung.prep.nesting import nest, part
from rung.prep.states import take_choice, take_count
from rung.typing import Array

TASKS = ("regression", "binary", "multiclass")


class FoldModel(Protocol):
    """Predict with what one training set gave; `Model` without a file of its own."""

    def predict(self, design: Design, rows: Array | None = None) -> Array: ...
    def to_state(self) -> State: ...


Fold = TypeVar("Fold", bound=FoldModel)


def mean_prediction(
    models: Sequence[Any], design: Any, rows: Array | None = None, *, shares: Sequence[float] = ()
) -> Array:
    """Return the mean of what models predict, shape (n_rows, n_outputs).

    Parameters
    ----------
    models : sequence of Model
        At least one.
    design, rows : Design, ndarray of int
        What each is asked for.
    shares : sequence of float
        What each counts, of sum one; all the same if empty.
    """
    each = (model.predict(design, rows) for model in models)
    if shares:
        each = (share * one for share, one in zip(shares, each, strict=True))
    total = next(each)
    for one in each:
        total = total + one
    return np.asarray(total if shares else total / len(models))


@dataclass(frozen=True)
class FoldMean(Generic[Fold]):
    """Predict with the mean of the models of all folds.

    Attributes
    ----------
    task : str
        Of the run.
    n_outputs : int
        Columns of a prediction.
    models : tuple
        One a training set.
    counted : str
        How a file calls their number.
    """

    task: str
    n_outputs: int
    models: tuple[Fold, ...]
    counted: str = "n_models"

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        return mean_prediction(self.models, design, rows)

    def of_each_fold(self) -> tuple[FoldMean[Fold], ...]:
        """Return the model of each fold alone."""
        return tuple(replace(self, models=(model,)) for model in self.models)

    def to_state(self) -> State:
        """Return the fold models as numbered parts."""
        state = nest({str(i): model.to_state() for i, model in enumerate(self.models)})
        own = {"task": self.task, "n_outputs": self.n_outputs, self.counted: len(self.models)}
        return State({**own, **state.spec}, state.arrays, state.strings)


def load_mean(
    state: State, load_fold: Callable[[State, int], Fold], counted: str = "n_models"
) -> FoldMean[Fold]:
    """Rebuild a mean of fold models, checking every part of it.

    Parameters
    ----------
    state : State
        As `FoldMean.to_state` returned it.
    load_fold : callable
        Takes the state of one fold and the columns of a prediction: one for values, more for
        classes.
    counted : str
        How the file calls the number of models.
    """
    task = take_choice(state, "task", TASKS)
    low, high = {"regression": (1, 1), "binary": (2, 2)}.get(task, (2, 1_000_000))
    n_outputs = take_count(state, "n_outputs", low=low, high=high)
    n_models = take_count(state, counted, low=1, high=10_000)
    models = tuple(load_fold(part(state, str(i)), n_outputs) for i in range(n_models))
    return FoldMean(task, n_outputs, models, counted)
