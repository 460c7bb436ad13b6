"""Fit what is explained, and give it to rung as held-out models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.peers.tables import ROOT
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem, State
from rung.core.folds import Split
from rung.explain.held_out import HeldOut
from rung.trees.convert import from_lightgbm, from_sklearn_tree
from rung.trees.join import join
from rung.trees.nodes import NodeArrays

TRAINED_SHARE, SEED = 0.8, 12


@dataclass(frozen=True)
class Rows:
    """A table of numbers, divided once.

    Attributes
    ----------
    names : tuple of str
        Columns.
    X, y : ndarray
        Features and target of all rows.
    train, test : ndarray of int
        Rows to learn from, and to explain.
    """

    names: tuple[str, ...]
    X: np.ndarray
    y: np.ndarray
    train: np.ndarray
    test: np.ndarray


def concrete() -> Rows:
    """Read the strengths of concrete: eight columns, 1,030 rows."""
    table = pl.read_csv(ROOT / "concrete" / "concrete.csv")
    names = tuple(f"column {i + 1}" for i in range(table.width - 1))
    numbers = table.to_numpy().astype(float)
    order = np.random.default_rng(SEED).permutation(len(numbers))
    cut = round(TRAINED_SHARE * len(order))
    # Trees of scikit-learn compare in single precision.
    X = numbers[:, :-1].astype(np.float32).astype(float)
    return Rows(names, X, numbers[:, -1], np.sort(order[:cut]), np.sort(order[cut:]))


def trees_of(rows: Rows) -> dict[str, NodeArrays]:
    """Grow a tree, a forest and boosted trees on the training rows."""
    import lightgbm
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.tree import DecisionTreeRegressor

    X, y = rows.X[rows.train], rows.y[rows.train]
    tree = DecisionTreeRegressor(min_samples_leaf=2, random_state=0).fit(X, y)
    forest = RandomForestRegressor(100, min_samples_leaf=2, random_state=0, n_jobs=1).fit(X, y)
    settings = {"num_threads": 1, "verbose": -1, "deterministic": True, "learning_rate": 0.05}
    boosted = lightgbm.train(settings, lightgbm.Dataset(X, y), 300)
    return {
        "tree": from_sklearn_tree(tree),
        "forest of 100 trees": join([from_sklearn_tree(each) for each in forest.estimators_]),
        "300 boosted trees": from_lightgbm(boosted),
    }


@dataclass(frozen=True)
class MatrixModel:
    """A model that is a function of a matrix."""

    function: Callable[[np.ndarray], np.ndarray]

    def predict(self, design: Dataset, rows: np.ndarray | None = None) -> np.ndarray:
        """Return values, shape (n_rows, 1)."""
        return self.function(design.numbers(rows))[:, None]

    def to_state(self) -> State:
        """Return nothing: it is never saved."""
        return State({})


def held_out(rows: Rows, function: Callable[[np.ndarray], np.ndarray]) -> HeldOut:
    """Return one model with the rows that it has not seen."""
    values = {name: rows.X[:, j] for j, name in enumerate(rows.names)}
    design = Dataset(tuple(Column(name, "number") for name in rows.names), values, len(rows.y))
    return HeldOut(
        "model",
        "Model",
        Problem("regression", design, rows.y),
        (Split(rows.train, rows.test),),
        (MatrixModel(function),),
        np.arange(len(rows.y)),
        "rmse",
    )
