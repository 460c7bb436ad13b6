"""Turn targets into what trees of a forest learn, and means over them into predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Problem
from rung.core.target_units import in_target_units, target_units
from rung.trees.forest import ForestRows
from rung.trees.sample import Sample
from rung.typing import Array


@dataclass(frozen=True)
class OutputUnits:
    """Turn means over trees into predictions.

    Attributes
    ----------
    present : ndarray of int, shape (n_present,)
        Classes of the training rows; empty for regression.
    prior : ndarray, shape (n_outputs,)
        Shares of the classes, half a row's for those without a row; zero for regression.
    offset, scale : float
        Regression: what the target was shifted and divided by.
    prior_share : float
        Weight of the prior; 0 for regression.
    """

    present: Array
    prior: Array
    offset: float = 0.0
    scale: float = 1.0
    prior_share: float = 0.0

    @classmethod
    def of(cls, problem: Problem, sample: Sample) -> OutputUnits:
        """Learn classes or units from training rows."""
        if not problem.classes:
            return cls(np.zeros(0, dtype=np.int64), np.zeros(1), *target_units(sample.y))
        mass = np.bincount(sample.y, sample.weight, minlength=len(problem.classes))
        prior = np.maximum(mass / mass.sum(), 1.0 / (2 * len(sample.y)))
        return cls(np.unique(sample.y), prior / prior.sum())

    def lesson(self, sample: Sample) -> ForestRows:
        """Return the sample with its target as the trees learn it."""
        if len(self.present):
            y = np.searchsorted(self.present, sample.y)
            return ForestRows(Sample(sample.X, y, sample.weight), len(self.present))
        y = in_target_units(sample.y, self.offset, self.scale)
        return ForestRows(Sample(sample.X, y, sample.weight), 0)

    def outputs(self, mean: Array) -> Array:
        """Return predictions, (n_rows, n_outputs), of means over trees."""
        if not len(self.present):
            return np.asarray(self.offset + self.scale * mean)
        shares = np.zeros((len(mean), len(self.prior)))
        shares[:, self.present] = mean
        # Leaves are rounded to single precision, so their sums are 1 to seven digits only.
        shares /= shares.sum(axis=1, keepdims=True)
        return np.asarray((1.0 - self.prior_share) * shares + self.prior_share * self.prior)
