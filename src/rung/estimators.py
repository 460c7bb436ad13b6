"""Give the ladder the face of a scikit-learn estimator, for pipelines and searches.

This module alone imports scikit-learn at its top: its classes are made of scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    assert_all_finite,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from rung.core.divide import FEWEST_ROWS
from rung.core.history import History
from rung.core.result import Result
from rung.errors import RungError
from rung.kinds.table.model import FittedModel
from rung.kinds.table.options import FitOptions
from rung.typing import Array, Task, Untyped
from rung.workbench.run import run_ladder

__all__ = ["RungClassifier", "RungRegressor"]

FAMILIES = ("constant", "linear", "tree")
LARGEST_WHOLE = 2.0**53


@dataclass(eq=False, repr=False, kw_only=True)
class _Ladder(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Hold the parameters, and what both faces do. A dataclass stores, as scikit-learn asks."""

    task: ClassVar[Task | None]

    families: Any = FAMILIES
    folds: Any = 5
    metric: str | None = None
    margin: float | None = None
    choose: Literal["simplest", "leader"] = "simplest"
    test_fraction: float = 0.0
    random_state: Any = 0
    threads: int | None = 1
    device: str = "auto"
    ledger: bool = True

    def __sklearn_tags__(self) -> Untyped:
        """Say that missing cells are welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _check(self, X: Untyped, y: Untyped) -> tuple[Untyped, Array]:
        """Return frames as they are, anything else as float64; and the target as a vector."""
        is_numeric = self.task == "regression"
        if not _is_frame(X):
            X, y = validate_data(
                self,
                X,
                y,
                dtype=np.float64,
                y_numeric=is_numeric,
                ensure_all_finite="allow-nan",
                ensure_min_samples=FEWEST_ROWS,
            )
            return X, y
        validate_data(self, X, y, skip_check_array=True)
        y = column_or_1d(y, warn=True)
        assert_all_finite(y, input_name="y", estimator_name=type(self).__name__)
        check_consistent_length(X, y)
        return X, y

    def _climb(self, X: Untyped, target: Untyped) -> None:
        """Climb the ladder on checked data; `target` is a polars series."""
        frame = _to_frame(X, None)
        name = "target"
        while name in frame.columns:
            name += "_"
        with _as_value_errors():
            options = FitOptions(
                name,
                features=tuple(frame.columns),
                task=self._task(target),
                metric=self.metric,
                margin=self.margin,
                folds=self.folds,
                families=self.families,
                choose=self.choose,
                test_fraction=self.test_fraction,
                seed=_seed(self.random_state),
                threads=self.threads,
                device=self.device,
                ledger=self.ledger,
                explain=False,
                applicability=False,
            )
            run = run_ladder(frame.with_columns(target.alias(name)), options)
        self._names = tuple(frame.columns)
        self.result_: Result = run.result
        self.history_: History = run.history
        self.model_: FittedModel = run.model

    def _task(self, target: Untyped) -> Task:
        if self.task is not None:
            return self.task
        return "binary" if target.n_unique() == 2 else "multiclass"

    def _frame(self, X: Untyped) -> Untyped:
        """Return rows to predict with the names of training."""
        check_is_fitted(self)
        if _is_frame(X):
            validate_data(self, X, reset=False, skip_check_array=True)
        else:
            X = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        return _to_frame(X, self._names)


class RungRegressor(RegressorMixin, _Ladder):  # type: ignore[misc]  # the same
    """Climb the ladder for a quantity, as a scikit-learn regressor.

    Every family is cross-fitted on the same folds, and the simplest that is shown to be as good
    as the best predicts. All columns given are features; frames may hold strings, categories and
    dates, arrays hold numbers; NaN is a missing cell. `fit` takes no `sample_weight`: the folds
    are dealt by rows, so a row of weight two would not be the same as the row twice, and
    scikit-learn asks that it is. `rung.fit(..., weight='COLUMN')` honours weights.

    Parameters
    ----------
    families : sequence of str, Family or estimator, or None
        Rungs to climb; None for all of rung's own. The default, constant, linear and tree, fits
        a hundred rows in a fraction of a second.
    folds : int, splitter or None, default 5
        None for ten below 2,000 rows and five from there on, as `rung.fit` does: it takes four
        times as long, and tells families apart better.
    metric : str or None
        What families are compared by; None for `rmse`.
    margin : float or None
        Smallest difference that matters, in the metric's unit; None for the default rule.
    choose : {'simplest', 'leader'}
        The simplest family that is as good as the best, or the one of best score.
    test_fraction : float in [0, 0.5], default 0.0
        Share of rows to seal for `result_.test`; they are never trained on.
    random_state : int, RandomState or None, default 0
        Seed of everything random. A RandomState, or None for numpy's global one, gives it anew
        with every fit.
    device : str, default 'auto'
        Where networks are trained: `cpu`, `cuda` or `auto`.
    threads : int or None, default 1
        Jobs at a time, None for one a processor; it changes no result.
    ledger : bool, default True
        Where rows are sealed, write their opening into the user's ledger and look for earlier ones.

    Attributes
    ----------
    result_ : Result
        Scores with intervals, verdicts and the choice, as `rung.fit` gives them.
    history_ : History
        Earlier openings of the sealed rows.
    model_ : FittedModel
        The chosen model; `model_.save(path)` writes it.
    n_features_in_ : int
        Columns in training.
    feature_names_in_ : ndarray of str, shape (n_features,)
        Their names, where training saw a frame whose names are all strings.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 2))
    >>> y = X[:, 0] + 0.1 * rng.normal(size=100)
    >>> RungRegressor().fit(X, y).result_.choice.family
    'linear'
    """

    task = "regression"

    def fit(self, X: Untyped, y: Untyped) -> Self:
        """Climb the ladder.

        Parameters
        ----------
        X : frame or array, shape (n_rows, n_features)
            Features.
        y : array, shape (n_rows,)
            Quantity to predict.
        """
        import polars as pl

        X, y = self._check(X, y)
        self._climb(X, pl.Series("target", np.asarray(y, dtype=np.float64)))
        return self

    def predict(self, X: Untyped) -> Array:
        """Predict with the chosen model, shape (n_rows,)."""
        frame = self._frame(X)
        with _as_value_errors():
            return self.model_.predict(frame)


class RungClassifier(ClassifierMixin, _Ladder):  # type: ignore[misc]  # the same
    """Climb the ladder for classes, as a scikit-learn classifier.

    As `RungRegressor` in all but what is said here. `metric` None stands for `log_loss`.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The distinct labels, sorted.
    result_, history_, model_, n_features_in_, feature_names_in_
        As for `RungRegressor`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 2))
    >>> y = np.where(X[:, 0] > 0, "star", "galaxy")
    >>> RungClassifier().fit(X, y).classes_.tolist()
    ['galaxy', 'star']
    """

    task = None

    def fit(self, X: Untyped, y: Untyped) -> Self:
        """Climb the ladder.

        Parameters
        ----------
        X : frame or array, shape (n_rows, n_features)
            Features.
        y : array, shape (n_rows,)
            Labels: numbers, strings or booleans.
        """
        X, y = self._check(X, y)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__} needs at least 2 classes; y holds one class, "
                f"{self.classes_[0]!r}"
            )
        self._climb(X, _labels(self.classes_, codes.ravel()))
        return self

    def predict_proba(self, X: Untyped) -> Array:
        """Return probabilities, shape (n_rows, n_classes), in the order of `classes_`."""
        frame = self._frame(X)
        with _as_value_errors():
            return self.model_.predict_proba(frame)

    def predict(self, X: Untyped) -> Array:
        """Return the most probable label of each row, shape (n_rows,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])


@contextmanager
def _as_value_errors() -> Iterator[None]:
    """Raise what rung refuses as the ValueError that scikit-learn's searches know."""
    try:
        yield
    except RungError as error:
        raise ValueError(str(error)) from error


def _is_frame(X: Untyped) -> bool:
    from narwhals.dependencies import is_into_dataframe

    return bool(is_into_dataframe(X)) and not isinstance(X, np.ndarray)


def _to_frame(X: Untyped, names: Sequence[str] | None) -> Untyped:
    """Return a polars frame, its columns called by these names, or by their own."""
    import polars as pl

    from rung.data.frames import to_polars

    if _is_frame(X):
        with _as_value_errors():
            frame = to_polars(X)[0]
        return (
            frame if names is None else frame.rename(dict(zip(frame.columns, names, strict=True)))
        )
    own = [f"x{position}" for position in range(X.shape[1])]
    return pl.DataFrame(X, schema=own if names is None else list(names), orient="row")


def _labels(classes: Array, codes: Array) -> Untyped:
    """Return labels such that rung lists classes in the order of `classes`.

    They are the labels themselves where rung reads them back unchanged, as the result then names
    them; else their numbers: rung would take `'NA'` for missing.
    """
    import polars as pl

    from rung.data.cells import strip_missing

    if classes.dtype.kind == "b":
        return pl.Series(codes.astype(bool))
    if classes.dtype.kind in "iuf":
        values = classes.astype(np.float64)
        is_exact = len(np.unique(values)) == len(values) and np.abs(values).max() < LARGEST_WHOLE
        return pl.Series(values[codes] if is_exact else codes.astype(np.float64))
    if all(isinstance(label, str) for label in classes):
        texts = pl.Series([str(label) for label in classes], dtype=pl.String)
        if strip_missing(texts).equals(texts):
            return texts.gather(codes).cast(pl.Categorical)
    return pl.Series(codes.astype(np.float64))


def _seed(random_state: Untyped) -> int:
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))
