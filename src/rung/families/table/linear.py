"""Add up columns: ridge regression for values, logistic regression for classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.families.forms import LinearForm
from rung.families.word_sums import (
    WordSumModel,
    cross_fit_word_sums,
    is_of_words,
    load_word_sums,
)
from rung.gram.needs import needed_by_logistic, needed_by_sums
from rung.gram.nested import RidgeFit, fit_nested
from rung.gram.nested_logistic import LogisticFit, fit_nested_logistic
from rung.prep.formula import Formula, encoded_pieces
from rung.prep.one_hot import TableEncoder
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array, take_choice
from rung.typing import Array

LINKS = ("identity", "softmax")
# Rows times columns times scores that a logistic regression is fitted on; ten folds of it
# take a minute or two.
MOST_WORK = 40_000_000
FEWEST_ROWS = 2_000


@dataclass(frozen=True)
class LinearModel:
    """Predict by a weighted sum of encoded columns.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Weights of the columns; for classes one score for each class seen in training.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    link : str
        `identity` for values, `softmax` for classes.
    classes : ndarray of int, shape (n_scores,)
        Position of the class that each score belongs to; zeros for values.
    absent : ndarray, shape (n_outputs,)
        Probability of classes that were not in training, before all are made to sum to one;
        0 for the others.
    """

    encoder: TableEncoder
    coefficients: Array
    intercept: Array
    link: str
    classes: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        scores = self.encoder.combine(design, rows, self.coefficients, self.intercept)
        if self.link == "identity":
            return scores
        return spread_shares(softmax(scores), self.classes, self.absent)

    def to_state(self) -> State:
        """Return the model as data."""
        own = State(
            {"link": self.link, "n_outputs": len(self.absent)},
            {
                "coefficients": self.coefficients,
                "intercept": self.intercept,
                "classes": self.classes,
                "absent": self.absent,
            },
        )
        return merge(own, self.encoder.to_state())


def _from_ridge(fit: RidgeFit) -> LinearModel:
    return LinearModel(
        fit.encoder,
        fit.coefficients[:, None],
        np.array([fit.intercept]),
        "identity",
        np.zeros(1, dtype=np.int64),
        np.zeros(1),
    )


def _from_logistic(fit: LogisticFit, n_classes: int) -> LinearModel:
    absent = absent_shares(fit.present, n_classes, fit.n_train)
    return LinearModel(fit.encoder, fit.coefficients, fit.intercept, "softmax", fit.present, absent)


def _notes(fit: RidgeFit | LogisticFit) -> tuple[str, ...]:
    if isinstance(fit, RidgeFit) or fit.n_used == fit.n_train:
        return fit.encoder.notes
    share = f"fitted on {fit.n_used:,} of {fit.n_train:,} training rows, for want of memory"
    return (*fit.encoder.notes, share)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split and one for all rows, penalties chosen inside each."""
    design = problem.design
    if design.text_columns:
        return cross_fit_word_sums(problem, folds, context)
    if not design.number_names and not design.category_columns:
        raise NotApplicable("there are no features to add up")
    fits: tuple[RidgeFit, ...] | tuple[LogisticFit, ...]
    if problem.task == "regression":
        fits = fit_nested(problem, folds, context)
        models = [_from_ridge(fit) for fit in fits]
    else:
        fits = fit_nested_logistic(problem, folds, context)
        models = [_from_logistic(fit, len(problem.classes)) for fit in fits]
    return CrossFit(
        predictions=tuple(
            model.predict(design, split.test)
            for model, split in zip(models, folds.splits, strict=False)
        ),
        settings=tuple(
            {"penalty": fit.penalty, "n_columns": fit.encoder.width} for fit in fits[:-1]
        ),
        model=models[-1],
        notes=_notes(fits[-1]),
        models=tuple(models[:-1]),
    )


def load(state: State) -> LinearModel | WordSumModel:
    """Return the model that a state describes."""
    if is_of_words(state):
        return load_word_sums(state)
    link = take_choice(state, "link", LINKS)
    encoder = TableEncoder.from_state(state)
    intercept = take_array(state, "intercept", (None,))
    n_scores = len(intercept)
    coefficients = take_array(state, "coefficients", (encoder.width, n_scores))
    absent, classes = take_outputs(state, "classes", n_scores)
    if link == "identity" and (n_scores, len(absent), absent[0]) != (1, 1, 0.0):
        raise BadModelFile("outputs of the linear model do not fit together", REMEDY)
    return LinearModel(encoder, coefficients, intercept, link, classes, absent)


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that take a bearable time; sums of products take any number."""
    if sizes.n_outputs == 1:
        return sizes.n_train
    return max(MOST_WORK // ((sizes.n_columns + 1) * sizes.n_scores), FEWEST_ROWS)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from blocks of rows and their products; for classes from the encoded rows."""
    return needed_by_logistic(sizes) if sizes.n_outputs > 1 else needed_by_sums(sizes)


def formula(model: LinearModel) -> Formula:
    """Return the weighted sum in the units of the table."""
    pieces, centres = encoded_pieces(model.encoder, model.coefficients)
    is_value = model.link == "identity"
    return Formula(
        intercept=tuple(model.intercept.tolist()),
        pieces=pieces,
        centres=centres,
        link="value" if is_value else "softmax",
        classes=() if is_value else tuple(model.classes.tolist()),
        absent=() if is_value else tuple(model.absent.tolist()),
    )


FAMILY = Family(
    name="linear",
    title="Linear",
    step=200,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Hoerl & Kennard (1970), Ridge regression, Technometrics 12, 55-67",
        "le Cessie & van Houwelingen (1992), Ridge estimators in logistic regression, JRSS C 41",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    most_rows=most_rows,
    memory=memory,
    texts="own",
    form=LinearForm,
    formula=formula,
)
