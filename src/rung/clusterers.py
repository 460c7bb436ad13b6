"""Give groups and densities the face of scikit-learn estimators."""

from __future__ import annotations

from numbers import Integral
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, DensityMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from rung.compute import one_thread_each
from rung.core.dataset import Column, Dataset
from rung.density.choosing import fit_best
from rung.density.mixtures import MixtureDensity
from rung.groups.count import Grouping, find_groups
from rung.typing import Array, Untyped

__all__ = ["RungClusterer", "RungDensity"]

FARTHEST = 1e100


class RungClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Count the groups of rows, one where there are none.

    Parameters
    ----------
    random_state : int, RandomState or None
        Of halves and starts.

    Attributes
    ----------
    labels_ : ndarray of int, shape (n_rows,)
        Group of each row, from the largest down; all zero for no groups.
    n_clusters_ : int
        Their number.
    grouping_ : Grouping
        The verdict, and how stable each row is.

    Examples
    --------
    >>> cloud = np.random.default_rng(0).normal(size=(120, 2))
    >>> RungClusterer().fit(np.concatenate([cloud, cloud + 9])).n_clusters_
    2
    """

    def __init__(self, random_state: Any = 0) -> None:
        self.random_state = random_state

    @one_thread_each()
    def fit(self, X: Untyped, y: Untyped = None) -> Self:
        """Count groups; `y` is not looked at."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        self._largest = np.maximum(np.abs(X).max(axis=0), np.finfo(float).tiny)
        parts = X / self._largest  # squares of large numbers overflow
        self._centre, spread = parts.mean(axis=0), parts.std(axis=0)
        self._scale = np.where(spread > 0, spread, 1.0)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.grouping_: Grouping = find_groups(self._scaled(X), seed=seed)
        self.labels_ = self.grouping_.labels
        self.n_clusters_ = self.grouping_.k
        return self

    @one_thread_each()
    def predict(self, X: Untyped) -> Array:
        """Return the group of each row; -1 for rows like none."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        scaled = self._scaled(X)
        is_near = (np.abs(scaled) < FARTHEST).all(axis=1)  # squares of others overflow
        labels = np.full(len(X), -1, dtype=self.labels_.dtype)
        if is_near.any():
            labels[is_near] = self.grouping_.assign(scaled[is_near])
        return labels

    def _scaled(self, X: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray((X / self._largest - self._centre) / self._scale)


class RungDensity(DensityMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Fit the density of rows of numbers: as many Gaussians as they support; NaN is summed out.

    Parameters
    ----------
    most_components : int
        Components that are tried at most.
    random_state : int, RandomState or None
        Of starts and draws.

    Attributes
    ----------
    density_ : MixtureDensity
        The model, in the units of the rows.
    n_components_ : int
        Components that it has.

    Examples
    --------
    >>> line = np.random.default_rng(0).normal(size=(200, 1))
    >>> bool(abs(RungDensity().fit(line).score(line) / 200 + 1.42) < 0.1)
    True
    """

    def __init__(self, most_components: int = 12, random_state: Any = 0) -> None:
        self.most_components = most_components
        self.random_state = random_state

    def __sklearn_tags__(self) -> Untyped:
        """Say that missing cells are welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    @one_thread_each()
    def fit(self, X: Untyped, y: Untyped = None) -> Self:
        """Fit the density; `y` is not looked at."""
        X = validate_data(
            self, X, dtype=np.float64, ensure_min_samples=2, ensure_all_finite="allow-nan"
        )
        most = _count("most_components", self.most_components)
        if empty := np.flatnonzero(~np.isfinite(X).any(axis=0)).tolist():
            raise ValueError(f"columns {empty} of X, from 0, have no known cell; leave them out")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        rows, rng = np.arange(len(X)), np.random.default_rng(seed)
        with np.errstate(all="ignore"):
            self.density_: MixtureDensity = fit_best(_table(X), rows, rng, most=most)
        self.n_components_ = self.density_.mixture.n_components
        return self

    @one_thread_each()
    def score_samples(self, X: Untyped) -> Array:
        """Return the log density of each row, in nats."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False, ensure_all_finite="allow-nan")
        with np.errstate(all="ignore"):  # of cells that cannot be squared
            return self.density_.predict(_table(X))[:, 0]

    def score(self, X: Untyped, y: Untyped = None) -> float:
        """Return the sum of the log densities of rows."""
        return float(self.score_samples(X).sum())

    def sample(self, n_samples: int = 1) -> Array:
        """Draw rows, shape (n_samples, n_columns)."""
        check_is_fitted(self)
        n_samples = _count("n_samples", n_samples)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        return self.density_.sample(n_samples, np.random.default_rng(seed))[0]


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, it is {value!r}")
    return int(value)


def _table(X: Array) -> Dataset:
    names = [f"column_{j + 1}" for j in range(X.shape[1])]
    columns = tuple(Column(name, "number") for name in names)
    return Dataset(columns, dict(zip(names, X.T, strict=True)), len(X))
