"""Models that add up words: what `linear` and `svm` are on tables with columns of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Context, CrossFit, Design, Problem, State
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds
from rung.errors import BadModelFile
from rung.gram.nested_sparse import SparseFit, fit_nested_sums
from rung.prep.nesting import nest, part
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.sigmoid import apply_sigmoids, fit_sigmoids
from rung.prep.states import REMEDY, take_array, take_choice
from rung.prep.texts.encoder import WordEncoder
from rung.svm.nested import class_shares
from rung.typing import Array

LINKS = ("identity", "softmax", "sigmoid")
# The part of a state that tells such a model from one of numbers and categories alone.
MARK = "words"


@dataclass(frozen=True)
class WordSumModel:
    """Predict by a weighted sum of encoded columns and of the terms of texts.

    Attributes
    ----------
    encoder : WordEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Weights of the columns: one score for a value, for two classes or one; else one a class.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    link : str
        `identity` for values, `softmax` for log odds, `sigmoid` for margins.
    line : ndarray, shape (2, n_scores)
        Slope and offset of the sigmoid of each margin; zeros elsewhere.
    present : ndarray of int
        Classes that training showed; 0 alone for values.
    absent : ndarray, shape (n_outputs,)
        Probability of classes that were not in training, before all are made to sum to one.
    """

    encoder: WordEncoder
    coefficients: Array
    intercept: Array
    link: str
    line: Array
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        X = self.encoder.matrix(design, rows)
        return self.outputs(X @ self.coefficients + self.intercept)

    def outputs(self, scores: Array) -> Array:
        """Turn scores into probabilities, shape (n_rows, n_outputs); values stay."""
        if self.link == "identity":
            return np.asarray(scores)
        if len(self.present) == 1:
            shares = np.ones((len(scores), 1))
        elif self.link == "sigmoid":
            shares = class_shares(apply_sigmoids(scores, self.line), np.arange(len(self.present)))
        elif len(self.present) == 2:
            shares = softmax(np.hstack([np.zeros((len(scores), 1)), scores]))
        else:
            shares = softmax(scores)
        return spread_shares(shares, self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data; words and weights of words are a part of it."""
        own = State(
            {"link": self.link, "n_outputs": len(self.absent)},
            {
                "coefficients": self.coefficients,
                "intercept": self.intercept,
                "line": self.line,
                "present": self.present,
                "absent": self.absent,
            },
        )
        return nest({MARK: own, "encoder": self.encoder.to_state()})


def is_of_words(state: State) -> bool:
    """Tell whether a state is that of a model of words."""
    return MARK in state.spec


def load_word_sums(state: State) -> WordSumModel:
    """Return the model that a state describes.

    Raises
    ------
    BadModelFile
        If anything in it is not as `to_state` writes it.
    """
    own, encoder = part(state, MARK), WordEncoder.from_state(part(state, "encoder"))
    link = take_choice(own, "link", LINKS)
    intercept = take_array(own, "intercept", (None,))
    n_scores = len(intercept)
    coefficients = take_array(own, "coefficients", (encoder.width, n_scores))
    line = take_array(own, "line", (2, n_scores))
    n_present = len(take_array(own, "present", (None,), whole=True))
    absent, present = take_outputs(own, "present", n_present)
    wanted = n_present if n_present > 2 else 1
    is_value = link == "identity"
    if n_scores != wanted or is_value != (len(absent) == 1) or (np.diff(present) <= 0).any():
        raise BadModelFile("outputs of the sum of words do not fit together", REMEDY)
    return WordSumModel(encoder, coefficients, intercept, link, line, present, absent)


def cross_fit_word_sums(
    problem: Problem, folds: Folds, context: Context, *, is_margin: bool = False
) -> CrossFit:
    """Fit one sum for each split and one for all rows, penalties chosen inside each.

    Parameters
    ----------
    problem, folds, context
        As every family is given them; the problem has columns of text.
    is_margin : bool
        Fit margins of classes, and sigmoids of margins that were held out inside the split.
    """
    fits = fit_nested_sums(problem, folds, context, is_margin=is_margin)
    choosing = choosing_splits(folds)
    judged = [
        (own[0].test if own else np.arange(0), fit.paired)
        for own, fit in zip(choosing, fits, strict=False)
    ]
    models = [
        _model(fit, problem, [where], is_margin=is_margin)
        for fit, where in zip(fits, judged, strict=False)
    ]
    held = [(split.test, fit.held) for split, fit in zip(folds.splits, fits, strict=False)]
    final = _model(fits[-1], problem, held, is_margin=is_margin)
    return CrossFit(
        predictions=tuple(m.outputs(fit.held) for m, fit in zip(models, fits, strict=False)),
        settings=tuple(
            {"penalty": fit.penalty, "n_columns": fit.encoder.width, "words": fit.encoder.n_terms}
            for fit in fits[:-1]
        ),
        model=final,
        notes=final.encoder.notes,
        models=tuple(models),
        paired=()
        if is_margin
        else tuple(_paired(m, fit) for m, fit in zip(models, fits, strict=False)),
    )


def _model(
    fit: SparseFit, problem: Problem, judged: Sequence[tuple[Array, Array]], *, is_margin: bool
) -> WordSumModel:
    """Put a model together; of margins with sigmoids from what was said of rows held out."""
    n_outputs = problem.n_outputs
    present, absent = np.zeros(1, dtype=np.int64), np.zeros(1)
    if problem.classes:
        present, absent = fit.present, absent_shares(fit.present, n_outputs, fit.n_train)
    link = "identity" if not problem.classes else "sigmoid" if is_margin else "softmax"
    line = np.zeros((2, len(fit.intercept)))
    if link == "sigmoid":
        line = _sigmoids(fit, problem, judged)
    return WordSumModel(fit.encoder, fit.coefficients, fit.intercept, link, line, present, absent)


def _sigmoids(fit: SparseFit, problem: Problem, judged: Sequence[tuple[Array, Array]]) -> Array:
    """Fit slope and offset of each margin; slope 1 where too few rows were held out to tell."""
    n_scores = len(fit.intercept)
    own = [(rows, said) for rows, said in judged if len(rows) and said.shape[1] == n_scores]
    if len(fit.present) < 2 or not own or not np.array_equal(fit.present, fit.paired_present):
        return np.vstack([np.ones(n_scores), np.zeros(n_scores)])
    rows, margins = np.concatenate([r for r, _ in own]), np.concatenate([m for _, m in own])
    classes = fit.present if n_scores > 1 else fit.present[-1:]
    weight = problem.weights(rows)
    weight = weight / weight.mean() if weight.any() else np.ones(len(rows))
    return fit_sigmoids(margins, problem.y[rows][:, None] == classes, weight)


def _paired(model: WordSumModel, fit: SparseFit) -> Array:
    """Return what was said, while choosing, of rows that a blend learns its shares on."""
    if model.link == "identity":
        return fit.paired
    absent = absent_shares(fit.paired_present, len(model.absent), fit.n_train)
    return replace(model, present=fit.paired_present, absent=absent).outputs(fit.paired)
