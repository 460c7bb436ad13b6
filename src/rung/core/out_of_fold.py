"""Hold the out-of-fold predictions of every family: the matrix that all judgements read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.folds import Split
from rung.core.metrics import Metric
from rung.errors import DataError, UsageError
from rung.typing import Array, Task


@dataclass(frozen=True)
class OutOfFold:
    """Hold what every family predicted for rows that its models had not seen.

    Attributes
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    y : ndarray, shape (n_rows,)
        float64 values, or int64 class indices.
    splits : tuple of Split
        Rows that each split trained on and held out; all families share them.
    predictions : mapping of str to tuple of ndarray, each (n_test, n_outputs)
        One array a split for each family, rows in the order of `split.test`.
    unit : ndarray of int, shape (n_rows,)
        Rows of a declared group share a unit; otherwise each row is one.
    classes : tuple of str
        Class labels; empty for regression.
    positive : int or None
        Index of the positive class; the last one unless given (binary only).
    weight : ndarray, shape (n_rows,), or None
        Weights of rows.
    n_train : tuple of int
        Training rows of each split; counted from the splits unless given.
    counted : str
        What units are called, in the plural; `groups` or `rows` unless given.
    is_ordered : bool
        Whether units follow each other in time, so that neighbours are alike.
    own : Metric or None
        The metric of the run, for a loss that a user brought.

    Raises
    ------
    DataError
        If a family predicts something that is not a finite number.
    """

    task: Task
    y: Array
    splits: tuple[Split, ...]
    predictions: Mapping[str, tuple[Array, ...]]
    unit: Array
    classes: tuple[str, ...] = ()
    positive: int | None = None
    weight: Array | None = None
    n_train: tuple[int, ...] = ()
    counted: str = ""
    is_ordered: bool = False
    own: Metric | None = None

    def __post_init__(self) -> None:
        if not self.n_train:
            object.__setattr__(self, "n_train", tuple(len(s.train) for s in self.splits))
        if self.task == "binary" and self.positive is None:
            object.__setattr__(self, "positive", len(self.classes) - 1)
        if not self.predictions:
            raise UsageError("no family was scored", "name at least one that fits the task")
        for family, arrays in self.predictions.items():
            self._check(family, arrays)

    def _check(self, family: str, arrays: tuple[Array, ...]) -> None:
        expected = [(len(s.test), max(len(self.classes), 1)) for s in self.splits]
        received = [(len(a), 1 if a.ndim == 1 else a.shape[1]) for a in arrays]
        if received != expected:
            raise DataError(
                f"family '{family}' predicted arrays of shape {received}; expected {expected}",
                f"leave '{family}' out, or correct it",
            )
        broken = sum(int(np.count_nonzero(~np.isfinite(array))) for array in arrays)
        if broken:
            raise DataError(
                f"family '{family}' predicted {broken} values that are not finite numbers",
                f"leave '{family}' out, or correct it",
            )

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families."""
        return tuple(self.predictions)

    @cached_property
    def n_folds(self) -> int:
        """Number of splits in one repeat: the k of every formula."""
        return sum(split.repeat == 0 for split in self.splits)

    @cached_property
    def weights(self) -> Array:
        """Weights of rows, ones where none were declared; shape (n_rows,)."""
        return np.ones(len(self.y)) if self.weight is None else np.asarray(self.weight, float)

    @cached_property
    def times_held_out(self) -> Array:
        """How often each row was held out; more than once with repeats."""
        times = np.zeros(len(self.y), dtype=np.int64)
        for split in self.splits:
            times[split.test] += 1
        return times

    @cached_property
    def scored(self) -> Array:
        """Rows, sorted, that were held out at least once and weigh anything."""
        return np.flatnonzero((self.times_held_out > 0) & (self.weights > 0))

    @cached_property
    def unit_of_scored(self) -> Array:
        """Unit of each scored row, numbered from 0."""
        return np.unique(self.unit[self.scored], return_inverse=True)[1].ravel()

    @cached_property
    def n_units(self) -> int:
        """Number of units among the scored rows: the m of every formula."""
        return int(self.unit_of_scored.max()) + 1 if len(self.scored) else 0

    @cached_property
    def has_plain_rows(self) -> bool:
        """Whether every scored row is a unit of its own with the same weight."""
        same_weight = np.ptp(self.weights[self.scored]) == 0 if len(self.scored) else True
        return self.n_units == len(self.scored) and bool(same_weight)

    def values(self, family: str, split: int) -> Array:
        """Return a regression's predictions on one split; shape (n_test,)."""
        return self.predictions[family][split].reshape(-1)

    def to_units(self, row_influence: Array) -> Array:
        """Sum contributions of rows to an estimate into influence values of units.

        Parameters
        ----------
        row_influence : ndarray, shape (n_rows,)
            Contribution of each row to the estimate: they sum to zero where they are centred, else
            to the estimate.

        Returns
        -------
        ndarray, shape (n_units,)
            z with the scale of one unit's own value, so that the estimate's standard error is
            the standard deviation of z over the square root of n_units.
        """
        contributions = row_influence[self.scored]
        sums = np.bincount(self.unit_of_scored, weights=contributions, minlength=self.n_units)
        return self.n_units * sums
