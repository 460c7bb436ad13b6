"""Guess the same for every row: what all other families are measured by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile
from rung.prep.formula import Formula
from rung.prep.states import REMEDY, take_array, take_count
from rung.typing import Array


@dataclass(frozen=True)
class ConstantModel:
    """Predict one value, or one set of class shares.

    Attributes
    ----------
    value : ndarray, shape (n_outputs,)
        What is predicted for every row.
    """

    value: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the value for each row; shape (n_rows, n_outputs)."""
        n_rows = design.n_rows if rows is None else len(rows)
        return np.tile(self.value, (n_rows, 1))

    def to_state(self) -> State:
        """Return the value as a state."""
        return State({"n_outputs": len(self.value)}, {"value": self.value})


def weighted_median(values: Array, weight: Array) -> float:
    """Return the value that halves the weight; the midpoint where two do.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 10.0]), np.ones(3))
    2.0
    """
    if not weight.any():
        weight = np.ones(len(values))
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    half = below[-1] / 2
    first = int(np.searchsorted(below, half))
    last = int(np.searchsorted(below, half, side="right")) if below[first] == half else first
    return float((values[order[first]] + values[order[last]]) / 2)


def class_shares(classes: Array, weight: Array, n_classes: int) -> Array:
    """Return weighted shares of the classes, with 1 / (2 n_rows) for those absent.

    Examples
    --------
    >>> class_shares(np.array([0, 0, 1, 0]), np.ones(4), 2)
    array([0.75, 0.25])
    """
    if not weight.any():
        weight = np.ones(len(classes))
    total = np.bincount(classes, weights=weight, minlength=n_classes)
    shares = np.maximum(total / total.sum(), 1 / (2 * len(classes)))
    return np.asarray(shares / shares.sum())


def fit_constant(problem: Problem, train: Array) -> ConstantModel:
    """Fit the best constant for the loss: mean, median or class shares."""
    y, weight = problem.y[train], problem.weights(train)
    if problem.task != "regression":
        return ConstantModel(class_shares(y, weight, len(problem.classes)))
    if problem.loss == "absolute_error":
        return ConstantModel(np.array([weighted_median(y, weight)]))
    if problem.loss == "relative_error":
        # |y - p| / |y| is least at the median weighted by 1 / |y|; zeros keep a finite weight.
        size = np.abs(y)
        floor = max(float(size.mean()) * 1e-3, np.finfo(float).tiny)
        return ConstantModel(np.array([weighted_median(y, weight / np.maximum(size, floor))]))
    usable = weight if weight.any() else None
    return ConstantModel(np.array([np.average(y, weights=usable)]))


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one constant for each split, and one for all rows."""
    models = [fit_constant(problem, split.train) for split in folds.splits]
    return CrossFit(
        predictions=tuple(
            model.predict(problem.design, split.test)
            for model, split in zip(models, folds.splits, strict=True)
        ),
        settings=tuple({} for _ in folds.splits),
        model=fit_constant(problem, np.arange(folds.n_rows)),
        models=tuple(models),
    )


def load(state: State) -> ConstantModel:
    """Return the model that a state describes."""
    n_outputs = take_count(state, "n_outputs", low=1)
    value = take_array(state, "value", (n_outputs,))
    if n_outputs > 1 and (value.min() < 0 or abs(value.sum() - 1) > 1e-9):
        raise BadModelFile("class shares of the model are negative or do not sum to one", REMEDY)
    return ConstantModel(value)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from one pass over the target."""
    return MemoryEstimate(job=4 * sizes.matrix(sizes.n_rows, 1))


def formula(model: ConstantModel) -> Formula:
    """Return the value, or the shares of the classes."""
    is_value = len(model.value) == 1
    return Formula(intercept=tuple(model.value.tolist()), link="value" if is_value else "shares")


FAMILY = Family(
    name="constant",
    title="Constant",
    step=0,
    tasks=("regression", "binary", "multiclass"),
    sources=("Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 2.4",),
    final="refit",
    texts="none",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    order_only=True,
    memory=memory,
    formula=formula,
)
