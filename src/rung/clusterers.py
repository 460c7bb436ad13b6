"""Give the count of groups the face of a scikit-learn estimator."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from rung.compute import one_thread_each
from rung.groups.count import Grouping, find_groups
from rung.typing import Array, Untyped

__all__ = ["RungClusterer"]


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
        self._centre = X.mean(axis=0)
        spread = X.std(axis=0)
        self._scale = np.where(spread > 0, spread, 1.0)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.grouping_: Grouping = find_groups((X - self._centre) / self._scale, seed=seed)
        self.labels_ = self.grouping_.labels
        self.n_clusters_ = self.grouping_.k
        return self

    @one_thread_each()
    def predict(self, X: Untyped) -> Array:
        """Return the group of each row; -1 for rows like none."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.grouping_.assign((X - self._centre) / self._scale)
