"""Weigh each column's evidence for each class on its own, and multiply."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.prep.formula import Bell, Formula, encoded_pieces
from rung.prep.levels import KeptLevels
from rung.prep.nesting import nest, part
from rung.prep.one_hot import TableEncoder, cells, describe, moments, standardise
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array
from rung.prep.texts.shares import WordShares, count_words
from rung.typing import Array

# Added to each variance, as a share of the column's own variance.
# NOTE[DIFF] scikit-learn takes the largest variance of all columns, which drowns columns in small
# units; on columns of equal variance both are the same.
SMOOTHING = 1e-9
LAPLACE = 1.0


@dataclass(frozen=True)
class NaiveBayesModel:
    """Predict by Bayes' rule, as if columns were independent within a class.

    Attributes
    ----------
    columns : TableEncoder
        Standardisation of numbers, and the levels that training rows show.
    log_prior : ndarray, shape (n_present,)
        Logarithms of the shares of the classes seen in training.
    mean, variance : ndarray, shape (n_numbers_in_use, n_present)
        Of the standardised numbers within each class.
    log_share : ndarray, shape (n_levels, n_present)
        Logarithms of the smoothed shares of levels within each class.
    present : ndarray of int, shape (n_present,)
        Classes seen in training.
    absent : ndarray, shape (n_classes,)
        Probability of the others, before all are made to sum to one.
    words : WordShares or None
        Of columns of text, each word of a text once.
    """

    columns: TableEncoder
    log_prior: Array
    mean: Array
    variance: Array
    log_share: Array
    present: Array
    absent: Array
    words: WordShares | None = None

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return probabilities, shape (n_rows, n_classes); missing and unseen cells say nothing."""
        self.columns.require(design)
        numbers, codes = design.numbers(rows), design.codes(rows)
        score = np.tile(self.log_prior, (len(numbers), 1))
        for position, j in enumerate(np.flatnonzero(self.columns.in_use)):
            z = standardise(numbers[:, j], self.columns.shift[j], self.columns.scale[j])
            density = log_density(z, self.mean[position], self.variance[position])
            score += np.where(np.isfinite(numbers[:, j])[:, None], density, 0.0)
        first = 0
        for i, category in enumerate(self.columns.categories):
            levels = design.category_columns[i].levels
            own = self.log_share[first : first + category.width]
            table = np.vstack([own, np.zeros(len(self.log_prior))])[category.positions(levels)]
            score += table[cells(codes[:, i], len(levels))]
            first += category.width
        if self.words is not None:
            score += self.words.scores(design, rows)
        return spread_shares(softmax(score), self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data."""
        arrays = {
            "log_prior": self.log_prior,
            "mean": self.mean,
            "variance": self.variance,
            "log_share": self.log_share,
            "present": self.present,
            "absent": self.absent,
        }
        state = merge(State({"n_outputs": len(self.absent)}, arrays), self.columns.to_state())
        return state if self.words is None else merge(state, nest({"words": self.words.to_state()}))


def log_density(z: Array, mean: Array, variance: Array) -> Array:
    """Return log densities of normal distributions, up to a constant; shape (n_rows, n_classes).

    Examples
    --------
    >>> log_density(np.array([2.0]), np.array([0.0]), np.array([1.0]))
    array([[-2.]])
    """
    off = z[:, None] - mean
    return np.asarray(-0.5 * (np.log(variance) + off * off / variance))


def fit_naive_bayes(problem: Problem, train: Array) -> NaiveBayesModel:
    """Fit shares, means and variances on training rows.

    Parameters
    ----------
    problem : Problem
        A classification.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    """
    weight = problem.weights(train)
    if not weight.any():
        weight = np.ones(len(train))
    n_classes = len(problem.classes)
    share = np.bincount(problem.y[train], weights=weight, minlength=n_classes)
    present = np.flatnonzero(share > 0)
    counted = share[problem.y[train]] > 0
    rows, weight = train[counted], weight[counted]
    y = np.searchsorted(present, problem.y[rows])
    columns = _learn_columns(problem, rows, weight)
    mean, variance = _number_parts(problem, columns, rows=rows, y=y, weight=weight)
    return NaiveBayesModel(
        columns,
        np.log(share[present] / share.sum()),
        mean,
        variance,
        _level_part(problem, columns, rows=rows, y=y, weight=weight),
        present,
        absent_shares(present, n_classes, len(train)),
        count_words(problem, rows, y=y, n_present=len(present), weight=weight)
        if problem.design.text_columns
        else None,
    )


def _learn_columns(problem: Problem, rows: Array, weight: Array) -> TableEncoder:
    design = problem.design
    numbers = [moments(values, weight) for values in design.numbers(rows).T]
    shift, scale, in_use = (
        np.array([number[part] for number in numbers], dtype=kind)
        for part, kind in enumerate((float, float, bool))
    )
    seen = [np.unique(codes[(codes >= 0) & (weight > 0)]) for codes in design.codes(rows).T]
    categories = tuple(
        describe(column.name, column.levels, KeptLevels(codes, missing=False, other=False))
        for column, codes in zip(design.category_columns, seen, strict=True)
    )
    nowhere = np.zeros(len(shift), dtype=bool)
    return TableEncoder(design.number_names, shift, scale, in_use, nowhere, categories)


def _number_parts(
    problem: Problem, columns: TableEncoder, *, rows: Array, y: Array, weight: Array
) -> tuple[Array, Array]:
    """Return mean and variance of each number in use within each class."""
    n_present = int(y.max()) + 1
    numbers = problem.design.numbers(rows)
    used = np.flatnonzero(columns.in_use)
    mean, variance = np.zeros((len(used), n_present)), np.ones((len(used), n_present))
    for position, j in enumerate(used):
        known = np.isfinite(numbers[:, j])
        z = standardise(numbers[known, j], columns.shift[j], columns.scale[j])
        own, w = y[known], weight[known]
        total = np.bincount(own, weights=w, minlength=n_present)
        # A class without a single value in this column takes the column's mean and variance.
        some = total > 0
        divisor = np.where(some, total, 1.0)
        centre = np.bincount(own, weights=w * z, minlength=n_present) / divisor
        squares = np.bincount(own, weights=w * (z - centre[own]) ** 2, minlength=n_present)
        overall = float(np.average(z * z, weights=w) - np.average(z, weights=w) ** 2)
        mean[position] = np.where(some, centre, np.average(z, weights=w))
        variance[position] = np.where(some, squares / divisor, overall) + SMOOTHING * overall
    return mean, variance


def _level_part(
    problem: Problem, columns: TableEncoder, *, rows: Array, y: Array, weight: Array
) -> Array:
    """Return log shares of the levels seen, with one more row of each assumed in each class."""
    n_present = int(y.max()) + 1
    codes, parts = problem.design.codes(rows), [np.zeros((0, n_present))]
    for i, category in enumerate(columns.categories):
        place = category.positions(problem.design.category_columns[i].levels)
        position = place[cells(codes[:, i], len(place) - 2)]
        known = position < category.width
        joint = position[known] * n_present + y[known]
        size = category.width * n_present
        count = np.bincount(joint, weights=weight[known], minlength=size) + LAPLACE
        table = count.reshape(category.width, n_present)
        parts.append(np.log(table / table.sum(axis=0)))
    return np.concatenate(parts)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split, and one for all rows."""
    design = problem.design
    if problem.task == "regression":
        raise NotApplicable("naive Bayes predicts classes, and the target is a number")
    if not (design.number_names or design.category_columns or design.text_columns):
        raise NotApplicable("there are no features to weigh")
    jobs = [*(split.train for split in folds.splits), np.arange(folds.n_rows)]
    models = context.map(lambda train: fit_naive_bayes(problem, train), jobs)
    return CrossFit(
        predictions=tuple(
            model.predict(design, split.test)
            for model, split in zip(models, folds.splits, strict=False)
        ),
        settings=tuple({} for _ in folds.splits),
        model=models[-1],
        models=tuple(models[:-1]),
    )


def load(state: State) -> NaiveBayesModel:
    """Return the model that a state describes."""
    columns = TableEncoder.from_state(state)
    log_prior = take_array(state, "log_prior", (None,), high=0)
    n_present, n_used = len(log_prior), int(columns.in_use.sum())
    absent, present = take_outputs(state, "present", n_present)
    if columns.indicator.any():
        raise BadModelFile("columns of the naive Bayes model do not fit together", REMEDY)
    return NaiveBayesModel(
        columns,
        log_prior,
        take_array(state, "mean", (n_used, n_present)),
        take_array(state, "variance", (n_used, n_present), low=np.finfo(float).tiny),
        take_array(state, "log_share", (columns.width - n_used, n_present), high=0),
        present,
        absent,
        WordShares.from_state(part(state, "words"), n_present) if "words" in state.spec else None,
    )


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the numbers of the training rows, and of the predicted ones."""
    return MemoryEstimate(job=sizes.matrix(sizes.n_train, 2 * sizes.n_numbers + sizes.n_outputs))


def formula(model: NaiveBayesModel) -> Formula:
    """Return the log prior of each class, a normal density a number, a log share a level."""
    columns, pieces = model.columns, []
    for position, j in enumerate(np.flatnonzero(columns.in_use)):
        means = columns.shift[j] + columns.scale[j] * model.mean[position]
        deviations = columns.scale[j] * np.sqrt(model.variance[position])
        name = columns.number_names[j]
        pieces.append(Bell(name, tuple(means.tolist()), tuple(deviations.tolist())))
    n_numbers = int(columns.in_use.sum())
    counted = replace(columns, in_use=np.zeros_like(columns.in_use))
    levels, _ = encoded_pieces(counted, model.log_share)
    assert columns.width - n_numbers == len(model.log_share)
    return Formula(
        intercept=tuple(model.log_prior.tolist()),
        pieces=(*pieces, *levels),
        link="softmax",
        classes=tuple(model.present.tolist()),
        absent=tuple(model.absent.tolist()),
    )


FAMILY = Family(
    name="naive_bayes",
    title="Naive Bayes",
    step=300,
    tasks=("binary", "multiclass"),
    sources=(
        "Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 6.6.3",
        "Manning, Raghavan & Schuetze (2008), Introduction to Information Retrieval, chapter 13",
    ),
    final="refit",
    texts="own",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    memory=memory,
    formula=formula,
)
