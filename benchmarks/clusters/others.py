"""Count groups by the rules of textbooks, with scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

from rung.typing import Array

MOST = 9
REFERENCES = 8


def _means(X: Array, k: int) -> KMeans:
    return KMeans(k, n_init=3, random_state=0).fit(X)


def silhouette(X: Array) -> int:
    """Return the number of k-means groups with the best silhouette, which is never one."""
    sample = X[:1500]
    return max(range(2, MOST), key=lambda k: silhouette_score(sample, _means(sample, k).labels_))


def gap(X: Array) -> int:
    """Return the number of the gap statistic: box along principal axes, one standard error."""
    rng = np.random.default_rng(0)
    X = X[:1500]
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    turned = centred @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    boxes = [rng.uniform(low, high, X.shape) for _ in range(REFERENCES)]
    found, errors = [], []
    for k in range(1, MOST):
        logs = np.log([_means(box, k).inertia_ for box in boxes])
        found.append(logs.mean() - np.log(_means(X, k).inertia_))
        errors.append(logs.std() * np.sqrt(1 + 1 / REFERENCES))
    for k in range(len(found) - 1):
        if found[k] >= found[k + 1] - errors[k + 1]:
            return k + 1
    return len(found)


def bic(X: Array) -> int:
    """Return the number of Gaussians with the best information criterion."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fits = [GaussianMixture(k, random_state=0).fit(X) for k in range(1, MOST)]
    return 1 + int(np.argmin([fit.bic(X) for fit in fits]))


def hdbscan(X: Array) -> int:
    """Return the number of groups of HDBSCAN with groups of at least a twentieth of the rows."""
    labels = HDBSCAN(min_cluster_size=max(5, len(X) // 20), copy=True).fit(X).labels_
    return max(int(labels.max()) + 1, 1)


OTHERS: dict[str, Callable[[Array], int]] = {
    "silhouette": silhouette,
    "gap": gap,
    "bic": bic,
    "hdbscan": hdbscan,
}
