"""The models of a family's folds, each with the rows that it has not seen.

Every explanation of a run is made from these, so that it says how a model does on new rows, with
the spread over folds and rows that the verdict's intervals have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.compare import difference_contrast
from rung.core.dataset import Column, Dataset
from rung.core.family import Model, Problem
from rung.core.field_metrics import metric_named
from rung.core.folds import Split
from rung.core.losses import Losses, unit_losses
from rung.core.metrics import Metric
from rung.core.out_of_fold import OutOfFold
from rung.core.result import Difference
from rung.typing import Array

LEVEL = 0.95
# Rows that a model predicts in one call.
MOST_TOGETHER = 20_000


@dataclass(frozen=True)
class HeldOut:
    """Models of folds and the rows that each has not seen.

    Attributes
    ----------
    family, title : str
        Name of the family, for files and for people.
    problem : Problem
        The training rows; its design is a `Dataset`.
    splits : tuple of Split
        Of the run.
    models : tuple of Model
        One a split.
    unit : ndarray of int, shape (n_rows,)
        Rows that share a number count as one observation.
    metric : str
        What the run compares families by.
    positive : int or None
        Index of the positive class of two.
    seed : int
        Of the run.
    own : Metric or None
        The metric of the run, for a loss that a user brought.
    """

    family: str
    title: str
    problem: Problem
    splits: tuple[Split, ...]
    models: tuple[Model, ...]
    unit: Array
    metric: str
    positive: int | None = None
    seed: int = 0
    own: Metric | None = None

    @property
    def design(self) -> Dataset:
        """The training rows as columns."""
        design: Any = self.problem.design
        found: Dataset = design
        return found

    @property
    def features(self) -> tuple[Column, ...]:
        """Columns that models use."""
        return tuple(
            column
            for column in self.design.inputs
            if column.role == "text" or column.kind == "category" or not column.is_coded
        )

    def thinned(self, most: int) -> HeldOut:
        """Return the same with at most so many held-out rows, drawn from each fold alike."""
        n_held = sum(len(split.test) for split in self.splits)
        if n_held <= most:
            return self
        rng = np.random.default_rng([0xE1D, self.seed])
        splits = []
        for split in self.splits:
            n_kept = max(1, round(most * len(split.test) / n_held))
            kept = np.sort(rng.choice(split.test, n_kept, replace=False))
            splits.append(Split(split.train, kept, split.repeat))
        return HeldOut(**vars(self) | {"splits": tuple(splits)})

    def predict(self, change: Callable[[Dataset, int], Dataset]) -> tuple[Array, ...]:
        """Let each model predict its held-out rows, changed.

        Parameters
        ----------
        change : callable
            `(rows, split)`: returns the rows as they shall be.
        """
        with np.errstate(all="ignore"):
            return tuple(
                np.nan_to_num(model.predict(change(self.design.take(split.test), i)))
                for i, (model, split) in enumerate(zip(self.models, self.splits, strict=True))
            )

    def predict_each(
        self, changes: Callable[[Dataset, int], Sequence[Mapping[str, Array]]]
    ) -> list[tuple[Array, ...]]:
        """Let each model predict its held-out rows, changed in several ways at once.

        One call of a model for many rows takes far less time than many calls for few.

        Parameters
        ----------
        changes : callable
            `(rows, split)`: columns to replace, a mapping for each way.

        Returns
        -------
        list of tuple of ndarray
            For each way an array a split.
        """
        found: list[list[Array]] = []
        for i, (model, split) in enumerate(zip(self.models, self.splits, strict=True)):
            rows = self.design.take(split.test)
            ways = changes(rows, i)
            found.append(_predict_ways(model, rows, ways))
        return list(zip(*found, strict=True))

    def losses(self, predictions: Mapping[str, Sequence[Sequence[Array]]]) -> Losses:
        """Return what each set of predictions loses, a row a unit.

        Parameters
        ----------
        predictions : mapping of str to sequence of sequence of ndarray
            For each name some draws, each one array a split; losses are means over draws.
        """
        n_draws = len(next(iter(predictions.values())))
        repeats = 1 + max(split.repeat for split in self.splits)
        splits = tuple(
            Split(split.train, split.test, split.repeat + draw * repeats)
            for draw in range(n_draws)
            for split in self.splits
        )
        oof = OutOfFold(
            task=self.problem.task,
            y=self.problem.y,
            splits=splits,
            predictions={
                name: tuple(each for draw in draws for each in draw)
                for name, draws in predictions.items()
            },
            unit=self.unit,
            classes=self.problem.classes,
            positive=self.positive,
            weight=self.problem.design.weight,
            own=self.own,
        )
        return unit_losses(oof, metric_named(self.metric).loss)


def _predict_ways(model: Model, rows: Dataset, ways: Sequence[Mapping[str, Array]]) -> list[Array]:
    """Predict rows changed in several ways, as many at once as fit into a block."""
    step = max(MOST_TOGETHER // max(rows.n_rows, 1), 1)
    found: list[Array] = []
    for first in range(0, len(ways), step):
        together = ways[first : first + step]
        values = {
            column.name: np.concatenate(
                [way.get(column.name, rows.values[column.name]) for way in together]
            )
            for column in rows.inputs
        }
        stacked = Dataset(rows.inputs, values, rows.n_rows * len(together))
        with np.errstate(all="ignore"):
            outputs = np.nan_to_num(model.predict(stacked))
        found.extend(np.split(outputs, len(together)))
    return found


def metric_value(metric: str, loss: float, losses: Losses) -> float:
    """Return the metric for a mean loss; of R² and skill on the scale of the target scored."""
    named = metric_named(metric)
    if named.scale:
        scale = losses.scale_of(named)
        return 1.0 - loss / scale if scale else 0.0
    return named.value(loss)


def replaced(rows: Dataset, values: Mapping[str, Array]) -> Dataset:
    """Return rows with other values in some columns."""
    return Dataset(rows.columns, {**rows.values, **values}, rows.n_rows)


def difference(losses: Losses, of: int, against: int) -> Difference:
    """Return the difference of two mean losses with its interval, paired by unit."""
    from scipy.special import stdtrit

    quantile = float(stdtrit(max(losses.m - 1, 1), (1 + LEVEL) / 2))
    found = difference_contrast(losses, of, against)
    mean = float(losses.means[of] - losses.means[against])
    low, high = float(found.lower(quantile)[0]), float(found.upper(quantile)[0])
    return Difference(mean, min(low, mean), max(high, mean))
