"""Label rows that have no target by a linear model where it is sure, and learn from them again.

Sources: Scudder (1965), IEEE Transactions on Information Theory 11; Yarowsky (1995), ACL 33.
"""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rung.core.family import Context, CrossFit, Family, Model, Problem, State
from rung.core.folds import Folds
from rung.errors import NotApplicable
from rung.families.unlabelled import HalfLabelled, has_unlabelled, lay_together
from rung.gram.nested_logistic import fit_scores, prepare
from rung.typing import Array, Settings

LINEAR: Family = importlib.import_module("rung.families.table.linear").FAMILY
SURE = 0.9  # probability from which a label is taken for true
MOST_ROUNDS = 10
# A line parts the labels that it gave without a mistake: nothing else bounds its weights.
LEAST_PENALTY = 1e-5


@dataclass(frozen=True)
class _Lesson:
    train: Array
    penalty: float
    model: Any


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Teach each split's linear model from the rows without a target, and the one of all rows."""
    if problem.task == "regression":
        raise NotApplicable("self-training is sure of classes, and the target is a number")
    both = lay_together(problem)
    fitted = LINEAR.cross_fit(both.alone, folds, both.context(context))
    penalties = [settings["penalty"] for settings in fitted.settings]
    penalties.append(Counter(penalties).most_common(1)[0][0])
    trains = [*(split.train for split in folds.splits), np.arange(folds.n_rows)]
    models = [*fitted.models, fitted.model]
    jobs = [_Lesson(*parts) for parts in zip(trains, penalties, models, strict=True)]
    taught = context.map(lambda job: _teach(both, job), jobs)
    design = both.alone.design
    return CrossFit(
        predictions=tuple(
            model.predict(design, split.test)
            for (model, _), split in zip(taught, folds.splits, strict=False)
        ),
        settings=tuple(settings for _, settings in taught[:-1]),
        model=taught[-1][0],
        notes=(*fitted.notes, _note(both, taught[-1][1])),
        models=tuple(model for model, _ in taught[:-1]),
    )


def _teach(both: HalfLabelled, job: _Lesson) -> tuple[Model, Settings]:
    """Add rows that the model is sure of to the training rows, until it is sure of no others."""
    model, rounds, penalty = job.model, 0, max(job.penalty, LEAST_PENALTY)
    labels = np.full(len(both.extra), -1)
    while rounds < MOST_ROUNDS and len(model.classes) > 1:
        chances = model.predict(both.problem.design, both.extra)
        new = _sure_labels(chances, both.alone.y[job.train])
        if np.array_equal(new, labels):
            break
        labels, rounds = new, rounds + 1
        y = both.problem.y.copy()
        y[both.extra] = labels
        rows = np.concatenate([job.train, both.extra[labels >= 0]])
        prepared = prepare(replace(both.problem, y=y), model.encoder, rows)
        theta = fit_scores(prepared, penalty)
        model = replace(
            model, coefficients=np.ascontiguousarray(theta[1:]), intercept=theta[0].copy()
        )
    used = penalty if rounds else job.penalty
    n_added = int((labels >= 0).sum())
    return model, {"penalty": used, "rows_added": n_added, "rounds": rounds}


def _sure_labels(chances: Array, y: Array) -> Array:
    """Return the class of rows that a model is sure of, as many a class as it has shares; else -1.

    A class that is easier to be sure of would otherwise outweigh the rest, and take all.
    """
    sure, top = chances.argmax(axis=1), chances.max(axis=1, initial=0.0)
    shares = np.bincount(y, minlength=chances.shape[1]) / len(y)
    own = [np.flatnonzero((sure == label) & (top >= SURE)) for label in range(len(shares))]
    most = min(len(rows) / share for rows, share in zip(own, shares, strict=True) if share > 0)
    labels = np.full(len(chances), -1)
    for label, (rows, share) in enumerate(zip(own, shares, strict=True)):
        order = np.argsort(-top[rows], kind="stable")
        labels[rows[order[: int(most * share + 1e-9)]]] = label
    return labels


def _note(both: HalfLabelled, settings: Settings) -> str:
    n = len(both.extra)
    if not n:
        return "every row has a target: the same as linear"
    return f"took its own label for true in {settings['rows_added']:,} of {n:,} rows without one"


def load(state: State) -> Model:
    """Return the linear model that a state describes."""
    return LINEAR.load(state)


FAMILY = replace(
    LINEAR,
    name="self_training",
    title="Self-training",
    step=220,
    tasks=("binary", "multiclass"),
    sources=(
        "Scudder (1965), Probability of error of some adaptive pattern-recognition machines",
        "Yarowsky (1995), Unsupervised word sense disambiguation rivaling supervised methods, ACL",
    ),
    cross_fit=cross_fit,
    load=load,
    weights=False,
    texts="none",
    suits=has_unlabelled,
)
