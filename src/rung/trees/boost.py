"""Grow boosted trees with LightGBM, on one thread and from fixed seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.trees.convert import from_lightgbm
from rung.trees.nodes import NodeArrays, single_leaf
from rung.typing import Array, Settings, Untyped

MAX_ROUNDS = 2_000
# Trees of all classes together: 300 classes get 20 rounds.
MAX_TREES = 6_000
PATIENCE = 50


@dataclass(frozen=True)
class Sample:
    """Hold rows to learn from: features, target, weights (mean 1)."""

    X: Array
    y: Array
    weight: Array

    def take(self, rows: Array) -> Sample:
        """Return the sample of these rows."""
        return Sample(self.X[rows], self.y[rows], self.weight[rows])


@dataclass(frozen=True)
class Goal:
    """Say what the trees are to lower.

    `objective` is LightGBM's name; `n_classes` counts classes for `multiclass`, else 1.
    """

    objective: str
    n_classes: int = 1
    seed: int = 0

    @property
    def max_rounds(self) -> int:
        """Most rounds to grow; a round is one tree a class."""
        return max(min(MAX_ROUNDS, MAX_TREES // self.n_classes), 1)


def candidates(n_rows: int, goal: Goal) -> tuple[Settings, ...]:
    """Return the settings to try, by counts alone."""
    # With a fifth of twenty rows a leaf as LightGBM's default has it, 12 rows would not be cut.
    smallest = max(min(20, n_rows // 10), 1)
    rate = 0.05 if goal.max_rounds >= 1_000 else min(20.0 / goal.max_rounds, 0.3)
    leaves = 31 if goal.n_classes <= 30 else 7
    return ({"leaves": leaves, "learning_rate": rate, "min_rows_in_leaf": smallest},)


def choose(train: Sample, test: Sample, goal: Goal, tried: Sequence[Settings]) -> Settings:
    """Return the settings, with the number of rounds, that do best on the test rows.

    Parameters
    ----------
    train, test : Sample
        Two parts of the training rows of a fold.
    goal : Goal
        What to lower.
    tried : sequence of mapping
        As `candidates` gives them; the first wins ties.
    """
    best: tuple[float, Settings] | None = None
    for settings in tried:
        loss, rounds = _stop_early(train, test, goal, settings)
        if best is None or loss < best[0]:
            best = loss, {**settings, "rounds": rounds}
    assert best is not None
    return best[1]


def grow(sample: Sample, goal: Goal, settings: Settings) -> NodeArrays:
    """Grow `settings["rounds"]` rounds of trees on all rows of a sample."""
    import lightgbm

    if not sample.X.shape[1]:
        return _guess(sample, goal)
    options = _options(goal, settings)
    booster = lightgbm.train(options, _dataset(sample, options), settings["rounds"])
    return from_lightgbm(booster, settings["rounds"])


def _guess(sample: Sample, goal: Goal) -> NodeArrays:
    """Return one leaf: what can be said without features."""
    mean = np.average(sample.y, weights=sample.weight)
    if goal.objective == "binary":
        return single_leaf(np.log(mean / (1 - mean)))
    if goal.objective == "multiclass":
        shares = np.bincount(sample.y, sample.weight, minlength=goal.n_classes)
        return single_leaf(np.log(shares / shares.sum()))
    return single_leaf(np.median(sample.y) if goal.objective == "regression_l1" else mean)


def _stop_early(
    train: Sample, test: Sample, goal: Goal, settings: Settings
) -> tuple[float, int]:
    """Return the lowest loss on the test rows and the rounds that reach it."""
    import lightgbm

    if not train.X.shape[1]:
        return 0.0, 1
    options = _options(goal, settings)
    learning = _dataset(train, options)
    watching = learning.create_valid(test.X, test.y, weight=test.weight)
    booster = lightgbm.train(
        options,
        learning,
        goal.max_rounds,
        valid_sets=[watching],
        valid_names=["test"],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    (loss,) = booster.best_score["test"].values()
    return float(loss), max(int(booster.best_iteration), 1)


def _dataset(sample: Sample, options: Settings) -> Untyped:
    import lightgbm

    return lightgbm.Dataset(
        sample.X, sample.y, weight=sample.weight, params=dict(options), free_raw_data=True
    )


def _options(goal: Goal, settings: Settings) -> dict[str, Untyped]:
    """Return LightGBM's parameters."""
    options = {
        "objective": goal.objective,
        "num_leaves": settings["leaves"],
        "learning_rate": settings["learning_rate"],
        "min_data_in_leaf": settings["min_rows_in_leaf"],
        "feature_fraction": settings.get("feature_share", 1.0),
        "bagging_fraction": settings.get("row_share", 1.0),
        "bagging_freq": int(settings.get("row_share", 1.0) < 1.0),
        "lambda_l2": settings.get("ridge", 0.0),
        "min_data_in_bin": min(3, settings["min_rows_in_leaf"]),
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": goal.seed,
        "verbosity": -1,
    }
    return options | ({"num_class": goal.n_classes} if goal.objective == "multiclass" else {})
