"""Put any scikit-learn estimator on the ladder, under the same folds and the same verdict."""

from __future__ import annotations

import re
import threading
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import NoReturn

import numpy as np

from rung.core.family import Context, CrossFit, Design, Encoded, Family, Problem, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable, NotSavable, RungError, UsageError
from rung.prep import OF_TEXTS, RECIPES
from rung.prep.outputs import absent_shares, spread_shares
from rung.typing import Array, Settings, Task, Untyped

STEP = 1150  # above all that rung knows the inside of, below what is made of several families
CLASSES: tuple[Task, ...] = ("binary", "multiclass")
LONGEST_SHOWN = 200
_ONE_AT_A_TIME = threading.Lock()
NAME = re.compile(r"[a-z][a-z0-9_]*")


def cross_fit_estimator(
    estimator: Untyped, *, recipe: str = "one-hot", name: str | None = None, step: int | None = None
) -> Family:
    """Wrap a scikit-learn estimator as a family of the ladder.

    It is cloned and fitted anew on the training rows of each fold, and so is the encoding of the
    columns. Settings are those given: to choose them inside the training rows, wrap a search
    such as `GridSearchCV`. Where a `random_state` is None it is set from the run's seed, so that
    a run repeats. The fitted model holds code, so it predicts in memory but is never written to
    a file.

    Parameters
    ----------
    estimator : estimator
        With `fit` and `predict`, and `predict_proba` for classes: scikit-learn's, a pipeline, or
        another library's of the same manners. It is copied, never fitted itself.
    recipe : str, default 'one-hot'
        How columns become numbers: `one-hot` (standardised numbers, missing cells at the mean
        and marked, a column a level) or `tree` (ordered codes, NaN for missing).
    name : str, optional
        Key in files and options, small letters and underscores; the class name by default.
    step : int, optional
        Place on the ladder; above every family of rung's own by default.

    Returns
    -------
    Family
        For `rung.fit(..., families=[...])`, which also takes estimators as they are.

    Raises
    ------
    UsageError
        If it is not an estimator, or an option is not accepted.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsRegressor
    >>> family = cross_fit_estimator(KNeighborsRegressor(3), name="three_neighbours")
    >>> family.name, family.tasks
    ('three_neighbours', ('regression',))
    """
    from sklearn.base import clone

    _check(estimator, recipe, name)
    own = clone(estimator)
    title = _title(own)
    return Family(
        name=name or snake_case(title),
        title=title,
        step=STEP if step is None else step,
        tasks=_tasks(own),
        sources=(f"{title}, given as a scikit-learn estimator",),
        final="refit",
        cross_fit=_EstimatorCrossFit(own, recipe, title),
        load=_refuse_to_load,
        weights=_weight_parameter(own) is not None,
    )


def as_families(items: Collection[Untyped], taken: Collection[str]) -> tuple[str | Family, ...]:
    """Wrap the estimators of a list, one step above the other; names and families stay.

    Parameters
    ----------
    items : collection of str, Family or estimator
        What a user listed.
    taken : collection of str
        Names that wrapped estimators may not have.

    Raises
    ------
    UsageError
        If an item is none of these, or two families share a name.
    """
    used = {*taken, *(item.name for item in items if isinstance(item, Family))}
    found: list[str | Family] = []
    step = STEP
    for item in items:
        if not isinstance(item, (str, Family)):
            item = _rename(cross_fit_estimator(item, step=step), used)
            used.add(item.name)
            step += 1
        found.append(item)
    counts = Counter(item.name for item in found if isinstance(item, Family))
    for name, count in counts.items():
        if count > 1:
            raise UsageError(
                f"{count} families are called {name!r}; each needs a name of its own",
                "give them names: rung.cross_fit_estimator(estimator, name='...')",
            )
    return tuple(found)


def snake_case(name: str) -> str:
    """Write a class name in small letters with underscores.

    Examples
    --------
    >>> snake_case("KNeighborsRegressor"), snake_case("LinearSVC")
    ('k_neighbors_regressor', 'linear_svc')
    """
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)
    return "_".join(words).lower()


def _rename(family: Family, used: Collection[str]) -> Family:
    """Add a number to the name of a family where it is taken."""
    number, name = 1, family.name
    while name in used:
        number += 1
        name = f"{family.name}_{number}"
    return family if number == 1 else replace(family, name=name, title=f"{family.title} {number}")


def _check(estimator: Untyped, recipe: str, name: str | None) -> None:
    methods = ("fit", "predict", "get_params")
    if isinstance(estimator, type) or not all(hasattr(estimator, method) for method in methods):
        shown = estimator.__name__ if isinstance(estimator, type) else repr(estimator)
        raise UsageError(
            f"{_shorten(shown)} is not a family; a name, a Family or a scikit-learn estimator "
            "(an object with fit, predict and get_params) is",
            f"make an object of it: {shown}()" if isinstance(estimator, type) else "",
        )
    recipes = [name for name in RECIPES if name not in OF_TEXTS]
    if recipe not in recipes:
        raise UsageError(f"recipe {recipe!r} is not known; {', '.join(recipes)} are", "use one")
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a family; small letters, digits and underscores can",
            f"use name={snake_case(name) or 'mine'!r}",
        )


def _title(estimator: Untyped) -> str:
    """Name an estimator by its class, a pipeline by its last step too."""
    own = type(estimator).__name__
    steps = getattr(estimator, "steps", None)
    return f"{own} {type(steps[-1][1]).__name__}" if steps else own


def _tasks(estimator: Untyped) -> tuple[Task, ...]:
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(estimator):
        return CLASSES
    return ("regression",) if is_regressor(estimator) else ("regression", *CLASSES)


def _weight_parameter(estimator: Untyped) -> str | None:
    """Return the keyword by which `fit` takes weights of rows, None where it takes none."""
    from sklearn.utils.validation import has_fit_parameter

    steps = getattr(estimator, "steps", None)
    if steps:
        name, last = steps[-1]
        return f"{name}__sample_weight" if has_fit_parameter(last, "sample_weight") else None
    return "sample_weight" if has_fit_parameter(estimator, "sample_weight") else None


def _refuse_to_load(state: State) -> NoReturn:
    raise BadModelFile("a wrapped estimator is never in a model file", "train again")


@dataclass(frozen=True)
class WrappedModel:
    """Predict with a fitted estimator.

    Attributes
    ----------
    encoder : Encoded
        From a table to the estimator's columns.
    estimator : estimator
        Fitted.
    classes : ndarray of int or None
        Class of each column of `predict_proba`; None for values.
    absent : ndarray, shape (n_outputs,)
        Probability of classes that were not in training, before all are made to sum to one.
    holds_code : bool
        True.
    """

    encoder: Encoded
    estimator: Untyped
    classes: Array | None
    absent: Array
    # A field that the constructor does not take keeps the journal from writing the parts down:
    # of an estimator that is a dataclass, as rung's own are, it would keep the parameters only.
    holds_code: bool = field(default=True, init=False)

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        X = self.encoder.matrix(design, rows)
        if not len(X):
            return np.empty((0, len(self.absent)))
        with _foreign(_title(self.estimator)):
            if self.classes is None:
                return _checked(self.estimator.predict(X), (len(X), 1))
            shares = _checked(self.estimator.predict_proba(X), (len(X), len(self.classes)))
        return spread_shares(_normalised(shares), self.classes, self.absent)

    def to_state(self) -> NoReturn:
        """Refuse: a fitted estimator is code."""
        raise NotSavable(
            f"a fitted {type(self.estimator).__name__} is code, and a model file holds none; "
            "the models of rung's own families can be saved",
            "predict with it in memory, or save the model of another family",
        )


def _checked(outputs: Untyped, shape: tuple[int, int]) -> Array:
    """Return predictions as float64 of this shape; one column may come without its axis."""
    found = np.asarray(outputs, dtype=np.float64)
    if found.ndim == 1 and shape[1] == 1:
        found = found[:, None]
    if found.shape != shape or not np.isfinite(found).all():
        kind = "values that are not finite" if found.shape == shape else f"shape {found.shape}"
        raise RungError(f"the estimator predicted {kind}; finite values of shape {shape} are used")
    return found


def _normalised(shares: Array) -> Array:
    """Return probabilities that sum to one; negative ones of rounding become 0."""
    positive = np.maximum(shares, 0.0)
    total = positive.sum(axis=1, keepdims=True)
    if not total.all():
        raise RungError("the estimator gave every class of a row the probability 0")
    return np.asarray(positive / total)


@contextmanager
def _foreign(title: str) -> Iterator[None]:
    """Name whatever the code of others raises; the run goes on without the family."""
    try:
        yield
    except (MemoryError, RungError):
        raise
    except Exception as error:  # it is foreign: it may raise anything
        raise RungError(f"{title} raised {type(error).__name__}: {_shorten(str(error))}") from error


@dataclass(frozen=True)
class _EstimatorCrossFit:
    """Fit clones of an estimator for all folds: an object, so that it can be copied and sent."""

    estimator: Untyped
    recipe: str
    title: str

    def __call__(self, problem: Problem, folds: Folds, context: Context) -> CrossFit:
        """Fit one clone for each split and one for all rows."""
        if problem.task != "regression" and not hasattr(self.estimator, "predict_proba"):
            raise NotApplicable(
                f"{self.title} has no predict_proba, which the verdict on classes needs",
                "wrap it: CalibratedClassifierCV(estimator) of sklearn.calibration",
            )

        def fit(split: int | None) -> tuple[WrappedModel, Array]:
            return self._fit_split(problem, folds, context, split)

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            *fits, (final, _) = context.map(fit, [*range(len(folds.splits)), None])
        return CrossFit(
            predictions=tuple(outputs for _, outputs in fits),
            settings=tuple(_settings(model) for model, _ in fits),
            model=final,
            notes=(self._describe(), *_said(caught)),
        )

    def _fit_split(
        self, problem: Problem, folds: Folds, context: Context, split: int | None
    ) -> tuple[WrappedModel, Array]:
        """Return the model of a split and what it predicts for the held-out rows."""
        train = folds.atom_rows(folds.train_mask(split))
        test = np.arange(0) if split is None else folds.splits[split].test
        estimator = self._seeded(context, "all" if split is None else split)
        # One at a time: estimators may change the process's warning filters while they fit.
        with _ONE_AT_A_TIME:
            with _foreign(self.title):
                model = self._fit(estimator, problem, context, train)
            return model, model.predict(problem.design, test)

    def _fit(
        self, estimator: Untyped, problem: Problem, context: Context, train: Array
    ) -> WrappedModel:
        encoder = context.encoded(self.recipe, train)
        y = problem.y[train]
        options = {}
        parameter = _weight_parameter(estimator)
        if problem.design.weight is not None and parameter:
            options[parameter] = problem.weights(train)
        X = encoder.matrix(problem.design, train)
        if problem.task == "regression":
            return WrappedModel(encoder, estimator.fit(X, y, **options), None, np.zeros(1))
        if len(np.unique(y)) < 2:
            raise NotApplicable("the training rows of a fold hold one class only")
        estimator = estimator.fit(X, y, **options)
        classes = np.asarray(estimator.classes_, dtype=np.int64)
        absent = absent_shares(classes, len(problem.classes), len(train))
        return WrappedModel(encoder, estimator, classes, absent)

    def _seeded(self, context: Context, key: str | int) -> Untyped:
        """Return a clone of which every `random_state` that is None is a number of the run's."""
        from sklearn.base import clone

        estimator = clone(self.estimator)
        found = estimator.get_params(deep=True)
        names = sorted(
            name
            for name, value in found.items()
            if value is None and name.split("__")[-1] == "random_state"
        )
        seeds = {name: _seed(context, name, key) for name in names}
        return estimator.set_params(**seeds) if seeds else estimator

    def _describe(self) -> str:
        """Say what was fitted, without what differs from run to run."""
        text = _shorten(" ".join(repr(self.estimator).split()))
        shown = self.title if " at 0x" in text else text
        return (
            f"{shown} on {self.recipe} columns, scikit-learn {version('scikit-learn')}; "
            "it is code, so no model file can hold it"
        )


def _seed(context: Context, name: str, key: str | int) -> int:
    return int(context.rng("random_state", name, key).integers(2**31 - 1))


def _settings(model: WrappedModel) -> Settings:
    """Return what a search chose, as words; nothing for an estimator without a search."""
    chosen = getattr(model.estimator, "best_params_", None) or {}
    return {name: _shorten(repr(value)) for name, value in sorted(chosen.items())}


def _said(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """Count warnings by kind; their order depends on the workers."""
    counts = Counter(warning.category.__name__ for warning in caught)
    return tuple(f"it warned: {name} ({count} times)" for name, count in sorted(counts.items()))


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
