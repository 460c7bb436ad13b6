"""Add up curves: one curve of straight pieces for each number, one height for each level.

Sources: Hastie & Tibshirani (1986), Statistical Science 1; Wood & Fasiolo (2017), Biometrics 73.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.fold_searches import choosing_splits, share_searches
from rung.core.folds import Folds
from rung.core.memory import ProblemSizes
from rung.errors import BadModelFile, NotApplicable, UsageError
from rung.families.forms import CurveForm
from rung.gram.additive import CurvesFit, Start, fit_curves
from rung.gram.needs import needed_by_curves
from rung.prep.curve_formula import curve_formula
from rung.prep.curve_terms import ColumnCurve, column_curves, contributions, term_names
from rung.prep.curves import CurveEncoder
from rung.prep.formula import Formula
from rung.prep.nesting import nest, part
from rung.prep.outputs import softmax
from rung.prep.states import REMEDY, take_array, take_choice, take_count
from rung.typing import Array, Task

TASKS: tuple[Task, ...] = ("regression", "binary", "multiclass")
# With more numbers than this, curves would have hardly a knot each.
MOST_NUMBERS = 200
# With more classes, to give each its own curves would take too long.
MOST_CLASSES = 100
# Rows that penalties are found on; curves are fitted to all.
SEARCH_ROWS = 20_000
# Rows times columns times scores that are fitted in bearable time.
MOST_WORK, MOST_CLASS_WORK, FEWEST_ROWS = 20_000_000, 4_000_000, 2_000
MOST_FOLDS, MOST_PAIRS = 10_000, 100


@dataclass(frozen=True)
class FittedCurves:
    """What one training set gave: a sum of curves.

    Attributes
    ----------
    encoder : CurveEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Heights of the curves.
    intercept : ndarray, shape (n_scores,)
        Added to each row.
    """

    encoder: CurveEncoder
    coefficients: Array
    intercept: Array

    def scores(self, design: Design, rows: Array | None = None) -> Array:
        """Return sums, shape (n_rows, n_scores)."""
        return self.encoder.combine(design, rows, self.coefficients, self.intercept)

    def predict(self, design: Design, rows: Array | None, task: str) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        scores = self.scores(design, rows)
        if task == "binary":
            scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
        return scores if task == "regression" else softmax(scores)

    def to_state(self) -> State:
        """Return the curves as data."""
        own = State({}, {"coefficients": self.coefficients, "intercept": self.intercept})
        return nest({"own": own, "encoder": self.encoder.to_state()})

    @classmethod
    def from_state(cls, state: State, n_scores: int) -> FittedCurves:
        """Return the curves that a state describes, after checking them."""
        encoder, own = CurveEncoder.from_state(part(state, "encoder")), part(state, "own")
        coefficients = take_array(own, "coefficients", (encoder.width, n_scores))
        return cls(encoder, coefficients, take_array(own, "intercept", (n_scores,)))


@dataclass(frozen=True)
class AdditiveModel:
    """Predict by a sum of curves that was fitted to all training rows.

    Attributes
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    curves : FittedCurves
        Fitted to all training rows; they predict.
    folds : tuple of FittedCurves
        Those of the fold models, which say how sure the curves are.
    n_folds : int
        Folds in one repeat.
    """

    task: str
    curves: FittedCurves
    folds: tuple[FittedCurves, ...]
    n_folds: int

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        return self.curves.predict(design, rows, self.task)

    def column_curves(self) -> tuple[ColumnCurve, ...]:
        """Return the curve of each column, with what the fold models say of it.

        Returns
        -------
        tuple of ColumnCurve
            Numbers, then categories, each in the order of the table; columns that do not vary are
            left out. Surfaces of pairs have no curve: `contributions` gives what they add.
        """
        whole, *folds = [(each.encoder, each.coefficients) for each in (self.curves, *self.folds)]
        return column_curves(whole, folds, self.n_folds)

    def contributions(self, design: Design, rows: Array | None = None) -> dict[str, Array]:
        """Return what each column, or pair of them, adds to each row; (n_rows, n_scores) each.

        The intercept, which is the same for all rows, has the name of the empty string; all
        together are the prediction, or the scores of classes.
        """
        own = self.curves
        terms = contributions(own.encoder, design, rows, own.coefficients)
        intercept = np.tile(own.intercept, (terms.shape[1], 1))
        return {"": intercept, **dict(zip(term_names(own.encoder), terms, strict=True))}

    def to_state(self) -> State:
        """Return the model as data; curves of folds are numbered parts."""
        parts = {str(i): fold.to_state() for i, fold in enumerate(self.folds)}
        state = nest({"all": self.curves.to_state(), **parts})
        own = {
            "task": self.task,
            "n_scores": len(self.curves.intercept),
            "n_models": len(self.folds),
            "n_folds": self.n_folds,
        }
        return State({**own, **state.spec}, state.arrays, state.strings)


def load(state: State) -> AdditiveModel:
    """Rebuild the model, checking every part of it."""
    task = take_choice(state, "task", TASKS)
    low, high = (3, 1_000_000) if task == "multiclass" else (1, 1)
    n_scores = take_count(state, "n_scores", low=low, high=high)
    n_models = take_count(state, "n_models", high=MOST_FOLDS)
    whole = FittedCurves.from_state(part(state, "all"), n_scores)
    folds = tuple(FittedCurves.from_state(part(state, str(i)), n_scores) for i in range(n_models))
    for fold in folds:
        if _columns(fold) != _columns(whole):
            raise BadModelFile("curves of a fold in the model are of other columns", REMEDY)
    return AdditiveModel(task, whole, folds, take_count(state, "n_folds", low=1, high=MOST_FOLDS))


def _columns(curves: FittedCurves) -> tuple[str, ...]:
    rest = curves.encoder.rest
    return (*rest.number_names, "", *(category.name for category in rest.categories))


def cross_fit(problem: Problem, folds: Folds, context: Context, *, n_pairs: int = 0) -> CrossFit:
    """Fit one model for each split and one for all rows.

    How freely curves bend is found without a split and those that choose with it, so that what
    is found serves all of them; each split's own rows then move it a little.
    """
    _require(problem)
    choosing = choosing_splits(folds)
    searches, homes = share_searches(choosing)

    def search(number: int) -> tuple[Start, list[Array]]:
        train = searches[number].train
        stride = -(-len(train) // SEARCH_ROWS)
        fit = fit_curves(problem, train[::stride], n_pairs=n_pairs)
        if stride > 1:
            fit = fit_curves(problem, train, start=fit.start, n_pairs=n_pairs)
        judged = [_predict(problem, fit, rows) for rows in searches[number].tests]
        return fit.start, judged

    found = context.map(search, range(len(searches)))
    begin: list[Start | None] = [found[home[0][0]][0] if home else None for home in homes]
    paired = tuple(
        found[home[0][0]][1][home[0][1]] if home else np.zeros((0, problem.n_outputs))
        for home in homes
    )
    splits: list[int | None] = [*range(len(folds.splits)), None]

    def fit_split(position: int) -> CurvesFit:
        train = folds.atom_rows(folds.train_mask(splits[position]))
        own = begin[position] if position < len(begin) else _together([s for s, _ in found])
        return fit_curves(problem, train, start=own, n_pairs=n_pairs)

    *fits, final = context.map(fit_split, range(len(splits)))
    return CrossFit(
        predictions=tuple(
            _predict(problem, fit, split.test)
            for fit, split in zip(fits, folds.splits, strict=True)
        ),
        settings=tuple(_describe(fit) for fit in fits),
        model=AdditiveModel(problem.task, _curves(final), tuple(map(_curves, fits)), folds.n_folds),
        paired=paired,
        models=tuple(AdditiveModel(problem.task, _curves(fit), (), folds.n_folds) for fit in fits),
    )


def _require(problem: Problem) -> None:
    n_numbers = len(problem.design.number_names)
    if not n_numbers and not problem.design.category_columns:
        raise NotApplicable("there are no features to add up")
    if n_numbers > MOST_NUMBERS:
        raise NotApplicable(
            f"there are {n_numbers:,} numbers, too many to give each a curve; "
            f"{MOST_NUMBERS} are the most"
        )
    if len(problem.classes) > MOST_CLASSES:
        raise NotApplicable(
            f"there are {len(problem.classes):,} classes, too many to give each its own curves; "
            f"{MOST_CLASSES} are the most"
        )


def _curves(fit: CurvesFit) -> FittedCurves:
    return FittedCurves(fit.encoder, fit.coefficients, fit.intercept)


def _predict(problem: Problem, fit: CurvesFit, rows: Array) -> Array:
    return _curves(fit).predict(problem.design, rows, problem.task)


def _describe(fit: CurvesFit) -> dict[str, object]:
    names = [*fit.encoder.rest.number_names, *(c.name for c in fit.encoder.rest.categories)]
    pairs = [[names[a], names[b]] for a, b in fit.encoder.pairs.tolist()]
    own: dict[str, object] = {"n_columns": fit.encoder.width, "freedom": round(fit.freedom, 6)}
    return {**own, "pairs": pairs} if pairs else own


def _together(starts: Sequence[Start]) -> Start | None:
    """Return the most knots, and the geometric mean of penalties, over all searches."""
    if not starts:
        return None
    most = tuple(np.max([each.most for each in starts], axis=0).tolist())
    merged = []
    for own in zip(*(each.weights for each in starts), strict=True):
        names = dict.fromkeys(name for each in own for name in each)
        by_name = {name: [each[name] for each in own if name in each] for name in names}
        merged.append(
            {
                name: np.exp(np.mean(np.log(found), axis=0))
                for name, found in by_name.items()
                if len({len(each) for each in found}) == 1
            }
        )
    return Start(most, tuple(merged))


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that take a bearable time: products of columns, once or often."""
    n_columns = sizes.n_numbers + sizes.n_categories + 1
    if sizes.n_outputs == 1:
        return max(MOST_WORK // n_columns, FEWEST_ROWS)
    return max(MOST_CLASS_WORK // (n_columns * sizes.n_scores), FEWEST_ROWS)


def formula(model: AdditiveModel) -> Formula:
    """Return the curves as knots with heights, and the levels as weights."""
    own = model.curves
    return curve_formula(own.encoder, own.coefficients, own.intercept, task=model.task)


FAMILY = Family(
    name="additive",
    title="Additive curves",
    step=450,
    tasks=TASKS,
    sources=(
        "Hastie & Tibshirani (1986), Generalized additive models, Statistical Science 1, 297-318",
        "Eilers & Marx (1996), Flexible smoothing with B-splines and penalties, Stat. Science 11",
        "Wood & Fasiolo (2017), A generalized Fellner-Schall method, Biometrics 73, 1071-1081",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    most_rows=most_rows,
    memory=needed_by_curves,
    form=CurveForm,
    formula=formula,
)


def additive_family(*, pairs: int = 0) -> Family:
    """Return the additive family with surfaces of some pairs of columns added to the curves.

    Parameters
    ----------
    pairs : int
        How many: those that explain most of what curves leave, found inside the training rows.

    Raises
    ------
    UsageError
        If the number is out of range.

    Examples
    --------
    >>> additive_family(pairs=3).name
    'additive'
    """
    if isinstance(pairs, bool) or pairs not in range(MOST_PAIRS + 1):
        raise UsageError(
            f"pairs {pairs!r} is not a whole number from 0 to {MOST_PAIRS}", "use pairs=3"
        )
    # A surface of two columns has no place in a formula of curves.
    written = None if pairs else formula
    return replace(FAMILY, cross_fit=partial(cross_fit, n_pairs=pairs), formula=written)
