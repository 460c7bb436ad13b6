"""Predict from the one column that says most: by a line, by a split, or by its levels.

Source: Holte (1993), Very simple classification rules perform well, Machine Learning 11. Numbers may
follow a line or one split, where Holte cuts them into many intervals; column and form are chosen on
held-out rows inside training, not on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, DataError, NotApplicable
from rung.gram.column import (
    ColumnTarget,
    Fit,
    Groups,
    add_up,
    fit_levels,
    fit_line,
    fit_split,
    gather_levels,
    gather_numbers,
    held_out_loss,
    line_shares,
    overall,
)
from rung.gram.screening import columns_to_try, screening_notes
from rung.prep.one_feature_formula import formula
from rung.prep.one_hot import standardise
from rung.prep.states import REMEDY, take_array, take_choice, take_count, take_strings
from rung.trees.sample import Sample, weighted_sample
from rung.typing import Array, Settings

TASKS, FORMS = ("regression", "binary", "multiclass"), ("line", "split", "levels")
# Bins of a number while column and form are chosen, and for the model itself.
CHOOSING_BINS, FITTING_BINS = 256, 16_384
# Above these, the choice rests on the first inner split alone.
ALL_INNER_ROWS, ALL_INNER_CLASSES = 50_000, 5
LEVELS_SHOWN = 5


@dataclass(frozen=True)
class OneFeatureModel:
    """Predict from one column.

    Attributes
    ----------
    task, column, form : str
        What is predicted, from which column, and how.
    values : ndarray, shape (n_values, n_outputs)
        Split: at most the threshold, above it, missing. Levels: each level, missing, unseen.
        Line: missing.
    levels : tuple of str
        Levels, in the order of their values.
    threshold : float
        Of a split.
    frame : ndarray, shape (2,)
        Line: what the column is shifted and divided by.
    coefficients : ndarray, shape (2, n_scores)
        Line: intercepts, then slopes.
    present : ndarray of int, shape (n_scores,)
        Line: class of each score; two classes share one score.
    n_train : int
        Rows learned from.
    """

    task: str
    column: str
    form: str
    values: Array
    levels: tuple[str, ...]
    threshold: float
    frame: Array
    coefficients: Array
    present: Array
    n_train: int

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        if self.form == "levels":
            names = [column.name for column in design.category_columns]
            position = _find(self.column, names)
            known = {level: i for i, level in enumerate(self.levels)}
            here = [
                known.get(level, len(known) + 1)
                for level in design.category_columns[position].levels
            ]
            codes = design.codes(rows)[:, position]
            # Codes -1, missing, and -2, unseen, count from the end.
            return np.asarray(self.values[np.array([*here, len(known) + 1, len(known)])[codes]])
        x = design.numbers(rows)[:, _find(self.column, design.number_names)]
        known_x = np.isfinite(x)
        if self.form == "split":
            side = np.where(known_x, (x > self.threshold).astype(np.int64), 2)
            return np.asarray(self.values[side])
        return np.where(known_x[:, None], self._line(x), self.values[-1])

    def _line(self, x: Array) -> Array:
        z = standardise(x, self.frame[0], self.frame[1])
        if self.task == "regression":
            return np.asarray(self.coefficients[0] + z[:, None] * self.coefficients[1])
        n_classes = self.values.shape[1]
        return line_shares(z, self.coefficients, self.present, n_classes, self.n_train)

    def to_state(self) -> State:
        """Return the model as data."""
        return State(
            {"task": self.task, "form": self.form, "n_train": self.n_train},
            {
                "values": self.values,
                "threshold": np.array([self.threshold]),
                "frame": self.frame,
                "coefficients": self.coefficients,
                "present": self.present,
            },
            {"column": (self.column,), "levels": self.levels},
        )


def _find(name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise DataError(
            f"column {name!r} not found; the model predicts from it, the table has "
            f"{', '.join(repr(each) for each in names[:10])}",
            "give a table with the columns that the model was trained on",
        )
    return list(names).index(name)


def load(state: State) -> OneFeatureModel:
    """Return the model that a state describes, checking that its parts fit together."""
    task, form = take_choice(state, "task", TASKS), take_choice(state, "form", FORMS)
    (column,) = take_strings(state, "column", 1)
    levels = take_strings(state, "levels")
    values = take_array(state, "values", (None, None))
    n_values = {"line": 1, "split": 3, "levels": len(levels) + 2}[form]
    n_outputs = values.shape[1]
    low, high = {"regression": (1, 1), "binary": (2, 2)}.get(task, (2, 1_000_000))
    if len(values) != n_values or not low <= n_outputs <= high:
        _refuse(f"values of shape {values.shape} for the form {form!r} of {task}")
    if n_outputs > 1 and (values.min() < 0 or np.abs(values.sum(axis=1) - 1).max() > 1e-9):
        _refuse("class shares that are negative or do not sum to one")
    threshold = take_array(state, "threshold", (1,))
    frame = take_array(state, "frame", (2,))
    coefficients = take_array(state, "coefficients", (2, None), low=-1e150, high=1e150)
    present = take_array(state, "present", (None,), low=0, high=n_outputs - 1, whole=True)
    n_scores = 1 if len(present) == 2 else len(present)
    is_line_of_classes = form == "line" and n_outputs > 1
    if coefficients.shape[1] != n_scores or len(np.unique(present)) != len(present):
        _refuse(f"{coefficients.shape[1]} scores for the classes {present.tolist()}")
    if len(present) < 1 + is_line_of_classes or frame[1] <= 0:
        _refuse("a line without classes or without a scale")
    return OneFeatureModel(
        task=task,
        column=column,
        form=form,
        values=values,
        levels=levels,
        threshold=float(threshold[0]),
        frame=frame,
        coefficients=coefficients,
        present=present,
        n_train=take_count(state, "n_train", low=1, high=2**53),
    )


def _refuse(what: str) -> None:
    raise BadModelFile(f"the model of one feature holds {what}", REMEDY)


@dataclass(frozen=True)
class _Rows:
    """Hold the rows of one training set that count, with targets near zero."""

    problem: Problem
    rows: Array
    target: ColumnTarget
    offset: float
    scale: float

    @classmethod
    def of(cls, problem: Problem, train: Array) -> _Rows:
        counts = problem.weights(train) > 0
        rows = train[counts] if counts.any() else train
        sample: Sample = weighted_sample(problem, train, np.empty((len(train), 0)))
        if problem.classes:
            target = ColumnTarget(sample.y, sample.weight, len(problem.classes))
            return cls(problem, rows, target, 0, 1)
        offset = float(np.average(sample.y, weights=sample.weight))
        scale = float(np.abs(sample.y - offset).max()) or 1.0
        y = (sample.y - offset) / scale
        return cls(problem, rows, ColumnTarget(y, sample.weight, 0), offset, scale)

    def columns(self) -> Iterator[tuple[str, Array, tuple[str, ...] | None]]:
        """Yield name, cells, and levels (None for numbers) of each column that is tried."""
        design = self.problem.design
        numbers = design.numbers(self.rows)
        for j in columns_to_try(numbers, self.target):
            yield design.number_names[j], numbers[:, j], None
        codes = design.codes(self.rows)
        for i, column in enumerate(design.category_columns):
            yield column.name, codes[:, i], column.levels

    def groups(self, cells: Array, levels: tuple[str, ...] | None, most: int) -> Groups:
        if levels is None:
            return gather_numbers(cells, self.target.weight, most)
        return gather_levels(cells, len(levels))

    def inner(self, folds: Folds, split: int | None) -> list[tuple[Array, Array]]:
        """Return positions of inner training and held-out rows; all twice where there are none."""
        pairs = folds.inner(None) if split is None else judging_splits(folds)[split]
        many = len(self.rows) > ALL_INNER_ROWS or self.target.n_classes > ALL_INNER_CLASSES
        place = np.full(folds.n_rows, -1)
        place[self.rows] = np.arange(len(self.rows))
        both = ((place[pair.train], place[pair.test]) for pair in (pairs[:1] if many else pairs))
        found = [(train[train >= 0], test[test >= 0]) for train, test in both]
        usable = [(train, test) for train, test in found if len(train) and len(test)]
        return usable or [(place[self.rows], place[self.rows])]


def _fit(
    form: str, groups: Groups, target: ColumnTarget, rows: Array, exact: bool = True
) -> Fit | None:
    """Fit one form to some rows; None where it does not apply."""
    sums = add_up(groups, target, rows)
    prior = overall(sums)
    if form == "line":
        return fit_line(groups, sums, prior, exact=exact)
    return fit_split(groups, sums, prior) if form == "split" else fit_levels(groups, sums, prior)


def _choose(lesson: _Rows, folds: Folds, split: int | None) -> tuple[str, str]:
    """Return column and form of least loss over the inner splits; of equals the first."""
    pairs = lesson.inner(folds, split)
    best, chosen = np.inf, ("", "")
    for name, cells, levels in lesson.columns():
        groups = lesson.groups(cells, levels, CHOOSING_BINS)
        held = [add_up(groups, lesson.target, test) for _, test in pairs]
        for form in ("levels",) if levels is not None else ("line", "split"):
            fits = [_fit(form, groups, lesson.target, train, exact=False) for train, _ in pairs]
            loss = sum(
                np.inf if fit is None else held_out_loss(fit, sums, lesson.problem.loss)
                for fit, sums in zip(fits, held, strict=True)
            )
            if loss < best:
                best, chosen = loss, (name, form)
    return chosen


def _fit_split(
    problem: Problem, folds: Folds, split: int | None
) -> tuple[OneFeatureModel, Settings]:
    """Choose inside the training rows, then fit the choice to all of them."""
    train = folds.atom_rows(folds.train_mask(split))
    lesson = _Rows.of(problem, train)
    name, form = _choose(lesson, folds, split)
    cells, levels = next((found, names) for each, found, names in lesson.columns() if each == name)
    groups, everything = lesson.groups(cells, levels, FITTING_BINS), np.arange(len(lesson.rows))
    fit = _fit(form, groups, lesson.target, everything)
    if fit is None:
        form, fit = "split", _fit("split", groups, lesson.target, everything)
    assert fit is not None
    model = _to_model(lesson, fit, groups, column=name, form=form, levels=levels or ())
    return model, {"column": name, "form": form}


def _to_model(
    lesson: _Rows, fit: Fit, groups: Groups, *, column: str, form: str, levels: tuple[str, ...]
) -> OneFeatureModel:
    """Put a fit into the target's own unit; levels without a row count as unseen."""
    task, n_train = lesson.problem.task, len(lesson.rows)
    everything = add_up(groups, lesson.target, np.arange(n_train))
    values, coefficients, present = fit.values, fit.coefficients, fit.present
    if form == "levels":
        seen = np.flatnonzero(everything.mass[:-1] > 0)
        levels = tuple(levels[code] for code in seen)
        values = np.vstack([values[seen], values[-1:], overall(everything)])
    if coefficients is None or present is None:
        coefficients, present = np.zeros((2, 1)), np.zeros(1, dtype=np.int64)
    if task == "regression":
        values = lesson.offset + lesson.scale * values
        coefficients = coefficients * lesson.scale + [[lesson.offset], [0.0]]
    return OneFeatureModel(
        task=task,
        column=column,
        form=form,
        values=values,
        levels=levels,
        threshold=fit.threshold,
        frame=np.array([groups.shift, groups.scale]),
        coefficients=coefficients,
        present=present,
        n_train=n_train,
    )


def sentence(model: OneFeatureModel, classes: Sequence[str], *, has_missing: bool) -> str:
    """Say in one sentence all that the model does.

    Parameters
    ----------
    model : OneFeatureModel
        What to put into words.
    classes : sequence of str
        Class labels; empty for regression.
    has_missing : bool
        Whether to say what is predicted where the column is missing.
    """
    name = model.column
    says = [_says(value, classes) for value in model.values]
    if model.form == "split":
        text = f"{says[0]} where {name} ≤ {model.threshold:.4g}, {says[1]} above"
    elif model.form == "levels":
        shown = [f"{says[i]} for {level!r}" for i, level in enumerate(model.levels)]
        rest = len(shown) - LEVELS_SHOWN
        more = f", and so on for {rest} more" if rest > 0 else ""
        text = f"by {name}: " + ", ".join(shown[:LEVELS_SHOWN]) + more
    else:
        text = _line_in_words(model, classes)
    missing = says[{"line": 0, "split": 2, "levels": len(model.levels)}[model.form]]
    return f"{text}; {missing} where it is missing" if has_missing else text


def _says(value: Array, classes: Sequence[str]) -> str:
    if not classes:
        return f"{value[0]:.4g}"
    if len(classes) == 2:
        return f"P({classes[1]}) = {value[1]:.3g}"
    top = int(value.argmax())
    return f"most likely {classes[top]} ({value[top]:.3g})"


def _line_in_words(model: OneFeatureModel, classes: Sequence[str]) -> str:
    """Write the line in the column's own unit."""
    slope = model.coefficients[1] / model.frame[1]
    start = model.coefficients[0] - slope * model.frame[0]
    if len(classes) > 2 and len(model.present) > 2:
        return f"class shares change along {model.column}, each by a logistic line of its own"
    line = f"{start[0]:.4g} {'-' if slope[0] < 0 else '+'} {abs(slope[0]):.4g} × {model.column}"
    if not classes:
        return f"prediction = {line}"
    return "log odds of {1} against {0} = ".format(*(classes[k] for k in model.present)) + line


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split, and one for all rows."""
    design = problem.design
    if not design.number_names and not design.category_columns:
        raise NotApplicable("there are no features to choose from")

    def fit(split: int | None) -> tuple[OneFeatureModel, Settings]:
        return _fit_split(problem, folds, split)

    *fits, (final, _) = context.map(fit, [*range(len(folds.splits)), None])
    models, settings = zip(*fits, strict=True)
    pairs = zip(models, folds.splits, strict=True)
    predictions = tuple(model.predict(design, split.test) for model, split in pairs)
    says = sentence(final, problem.classes, has_missing=_misses(design, final.column))
    notes = (says, *screening_notes(len(design.number_names)))
    return CrossFit(predictions, settings, final, notes, models=models)


def _misses(design: Design, name: str) -> bool:
    """Tell whether a column has missing cells."""
    if name in design.number_names:
        return not np.isfinite(design.numbers()[:, list(design.number_names).index(name)]).all()
    place = [column.name for column in design.category_columns].index(name)
    return bool((design.codes()[:, place] < 0).any())


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from one column, sorted, and what is held of it for each class."""
    return MemoryEstimate(job=sizes.matrix(sizes.n_train, 24 + 3 * sizes.n_scores))


FAMILY = Family(
    name="one_feature",
    title="One feature",
    step=100,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Holte (1993), Very simple classification rules perform well, Machine Learning 11",
        "Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 3.2 and 4.4",
    ),
    final="refit",
    texts="none",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    memory=memory,
    formula=formula,
)
