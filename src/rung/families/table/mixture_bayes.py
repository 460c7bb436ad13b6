"""Give each class a density of its own, a mixture of Gaussians, and decide by Bayes' rule.

One Gaussian a class is discriminant analysis: linear where all have one covariance, quadratic where
each has its own, and Gaussian naive Bayes where columns are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.density.gaussians import GaussianMix, log_sum
from rung.density.mixtures import first_shares
from rung.errors import BadModelFile, NotApplicable
from rung.families.class_mixtures import (
    LEAST_ROWS,
    SHAPES,
    ClassRows,
    component_logs,
    fit_class_mixtures,
    owners,
)
from rung.families.searched import Loss, Setting, SettingSearch, cross_fit_searched
from rung.prep.levels import KeptLevels
from rung.prep.one_hot import TableEncoder, cells, describe, moments, standardise
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array, take_choice
from rung.typing import Array

COMPONENTS = (1, 2, 4, 8)
DRAWN = (1.0, 0.1)  # rows a column that draw covariances towards the common one
FALLBACK = ("tied", 1, 1.0)
MOST_NUMBERS, MOST_ROWS = 100, 4_000
BLOCK = 1_024


@dataclass(frozen=True)
class MixtureBayesModel:
    """Predict by Bayes' rule from a mixture of Gaussians a class.

    Attributes
    ----------
    columns : TableEncoder
        Standardisation of numbers, and the levels that training rows show.
    mixture : GaussianMix
        The components of all classes; their weights hold the shares of the classes.
    owner : ndarray of int, shape (n_components,)
        The class of each component, among those seen in training; ascending.
    present, absent : ndarray
        As in every classifier: classes seen, and probability of the others.
    """

    columns: TableEncoder
    mixture: GaussianMix
    owner: Array
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return probabilities, shape (n_rows, n_classes); missing cells are summed out."""
        X, codes = read_cells(self.columns, design, rows)
        score = np.empty((len(X), len(self.present)))
        for at in range(0, len(X), BLOCK):
            part = slice(at, at + BLOCK)
            joint = component_logs(self.mixture, X[part], codes[part])
            for label in range(len(self.present)):
                score[part, label] = log_sum(joint[:, self.owner == label])
        return spread_shares(softmax(score), self.present, self.absent)

    def to_state(self) -> State:
        """Return all that it is."""
        mixture = self.mixture
        covariances = mixture.covariances[:1] if mixture.shape == "tied" else mixture.covariances
        if mixture.shape == "diagonal":
            covariances = np.ascontiguousarray(np.diagonal(covariances, axis1=1, axis2=2))
        arrays = {
            "weights": mixture.weights,
            "means": mixture.means,
            "covariances": covariances,
            "tables": np.concatenate([np.empty((len(self.owner), 0)), *mixture.tables], axis=1),
            "owner": self.owner,
            "present": self.present,
            "absent": self.absent,
        }
        spec = {"shape": mixture.shape, "n_outputs": len(self.absent)}
        return merge(State(spec, arrays), self.columns.to_state())


def read_cells(
    columns: TableEncoder, design: Design, rows: Array | None = None
) -> tuple[Array, Array]:
    """Return standardised numbers in use, NaN for missing, and levels, -1 for missing or unseen."""
    columns.require(design)
    numbers, codes = design.numbers(rows), design.codes(rows)
    used = np.flatnonzero(columns.in_use)
    X = np.empty((len(numbers), len(used)))
    for position, j in enumerate(used):
        z = standardise(numbers[:, j], columns.shift[j], columns.scale[j])
        X[:, position] = np.where(np.isfinite(numbers[:, j]), z, np.nan)
    found = np.empty((len(numbers), len(columns.categories)), dtype=np.int64)
    for i, category in enumerate(columns.categories):
        levels = design.category_columns[i].levels
        level = category.positions(levels)[cells(codes[:, i], len(levels))]
        found[:, i] = np.where(level < category.width, level, -1)
    return X, found


def fit_mixture_bayes(
    problem: Problem, train: Array, *, shape: str, k: int, drawn: float, context: Context
) -> MixtureBayesModel:
    """Fit the mixtures of all classes on training rows.

    Parameters
    ----------
    problem : Problem
        A classification.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    shape : str
        Of the covariances: `diagonal`, `tied` or `full`.
    k : int
        Components of each class.
    drawn : float
        Rows a column that draw covariances towards the common one; 0 for none.
    context : Context
        Gives the random numbers that components begin from.
    """
    weight = problem.weights(train)
    weight = weight if weight.any() else np.ones(len(train))
    train_with, weight = train[weight > 0], weight[weight > 0]
    columns = _learn_columns(problem, train_with, weight)
    X, codes = read_cells(columns, problem.design, train_with)
    present = np.unique(problem.y[train_with])
    sizes = tuple(max(category.width, 1) for category in columns.categories)
    masks = [problem.y[train_with] == label for label in present]
    parts = [ClassRows(X[own], codes[own], weight[own], sizes) for own in masks]
    rng = context.rng("start", k)
    mixture = fit_class_mixtures(
        parts,
        k,
        shape,
        start=lambda one, levels, count: first_shares(one, levels, count, rng),
        drawn=drawn * (X.shape[1] + 1),
    )
    absent = absent_shares(present, len(problem.classes), len(train))
    return MixtureBayesModel(columns, mixture, owners(parts, k)[0], present, absent)


def _learn_columns(problem: Problem, rows: Array, weight: Array) -> TableEncoder:
    design = problem.design
    numbers = [moments(values, weight) for values in design.numbers(rows).T]
    shift, scale, in_use = (
        np.array([number[part] for number in numbers], dtype=kind)
        for part, kind in enumerate((float, float, bool))
    )
    seen = [np.unique(codes[codes >= 0]) for codes in design.codes(rows).T]
    categories = tuple(
        describe(column.name, column.levels, KeptLevels(codes, missing=False, other=False))
        for column, codes in zip(design.category_columns, seen, strict=True)
    )
    nowhere = np.zeros(len(shift), dtype=bool)
    return TableEncoder(design.number_names, shift, scale, in_use, nowhere, categories)


def _setting(shape: str, k: int, drawn: float) -> Setting:
    return (("shape", shape), ("components", k), ("drawn", drawn))


def _seek(loss: Loss, most: int) -> Setting:
    """For each shape, say how much the common covariance draws; double components while it helps."""
    best, least = _setting(*FALLBACK), np.inf
    for shape in SHAPES:
        tried = [_setting(shape, 1, drawn) for drawn in DRAWN[: 1 if shape == "tied" else None]]
        losses = [loss(one) for one in tried]
        first = int(np.argmin(losses))
        before, own = losses[first], tried[first]
        for k in (k for k in COMPONENTS[1:] if k <= most):
            if before < least:
                best, least = own, before
            own = _setting(shape, k, DRAWN[first])
            found = loss(own)
            if found >= before:
                break
            before = found
        if before < least:
            best, least = own, before
    return best


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split, its shape chosen inside, and one for all rows."""
    if problem.task == "regression":
        raise NotApplicable("a mixture a class predicts classes, and the target is a number")
    design = problem.design
    if not (design.number_names or design.category_columns):
        raise NotApplicable("there are no features to weigh")
    if len(design.number_names) > MOST_NUMBERS:
        raise NotApplicable(
            f"has a covariance of {len(design.number_names)} numbers; up to {MOST_NUMBERS} are taken"
        )

    def fit(train: Array, setting: Setting) -> MixtureBayesModel:
        (_, shape), (_, k), (_, drawn) = setting
        return fit_mixture_bayes(problem, train, shape=shape, k=k, drawn=drawn, context=context)

    least = min(len(split.train) for split in folds.splits)
    most = least // (LEAST_ROWS * len(problem.classes))
    how = SettingSearch(fit, lambda loss: _seek(loss, most), _setting(*FALLBACK), MOST_ROWS)
    return cross_fit_searched(problem, folds, context, how)


def load(state: State) -> MixtureBayesModel:
    """Return the model that a state describes."""
    columns = TableEncoder.from_state(state)
    shape = take_choice(state, "shape", SHAPES)
    weights = take_array(state, "weights", (None,), low=1e-300, high=1 + 1e-9)
    n, d = len(weights), int(columns.in_use.sum())
    means = take_array(state, "means", (n, d))
    sizes = [max(category.width, 1) for category in columns.categories]
    flat = take_array(state, "tables", (n, sum(sizes)), low=1e-300, high=1 + 1e-9)
    tables = tuple(np.split(flat, np.cumsum(sizes)[:-1], axis=1)) if sizes else ()
    owner = take_array(state, "owner", (n,), low=0, high=max(n - 1, 0), whole=True)
    n_present = int(owner.max(initial=-1)) + 1
    absent, present = take_outputs(state, "present", n_present)
    if len(np.unique(owner)) != n_present or columns.indicator.any():
        raise BadModelFile("classes of the model do not fit together", REMEDY)
    if any(np.abs(one.sum(axis=-1) - 1).max(initial=0) > 1e-6 for one in (weights, *tables)):
        raise BadModelFile("probabilities of the model do not sum to one", REMEDY)
    mixture = GaussianMix(weights, means, _covariances(state, shape, n, d), shape, (), tables)
    return MixtureBayesModel(columns, mixture, owner, present, absent)


def _covariances(state: State, shape: str, n: int, d: int) -> Array:
    """Return the covariance of each component, after checking that it is one."""
    tiny = float(np.finfo(float).tiny)
    if shape == "diagonal":
        variances = take_array(state, "covariances", (n, d), low=tiny)
        return np.asarray(variances[:, :, None] * np.eye(d))
    found = take_array(state, "covariances", (1 if shape == "tied" else n, d, d))
    try:
        np.linalg.cholesky(found)
    except np.linalg.LinAlgError as error:
        raise BadModelFile("a covariance of the model is not positive", REMEDY) from error
    if not np.array_equal(found, found.transpose(0, 2, 1)):
        raise BadModelFile("a covariance of the model is not symmetric", REMEDY)
    return np.repeat(found, n, axis=0) if shape == "tied" else found


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the numbers of training rows, and their shares of components."""
    n_columns = 4 * sizes.n_numbers + 2 * sizes.n_categories + 4 * COMPONENTS[-1]
    rows = sizes.matrix(sizes.n_train, n_columns + COMPONENTS[-1] * sizes.n_numbers)
    components = COMPONENTS[-1] * sizes.n_outputs
    return MemoryEstimate(
        job=rows + sizes.matrix(4 * components * sizes.n_numbers, sizes.n_numbers)
    )


FAMILY = Family(
    name="mixture_bayes",
    title="Mixture discriminant analysis",
    step=620,
    tasks=("binary", "multiclass"),
    sources=(
        "Hastie & Tibshirani (1996), Discriminant analysis by Gaussian mixtures, J. R. Stat. Soc. B 58",
        "Friedman (1989), Regularized discriminant analysis, Journal of the ASA 84",
        "Ghahramani & Jordan (1994), Supervised learning from incomplete data via an EM approach",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    memory=memory,
)
