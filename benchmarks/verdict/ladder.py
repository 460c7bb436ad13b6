"""Fit six cheap models: the ladder of the benchmark."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.verdict.worlds import Array, Draw

STEPS: Mapping[str, int] = {
    "constant": 0,
    "one_feature": 10,
    "linear": 20,
    "polynomial": 30,
    "neighbours": 40,
    "boosting": 50,
}
Predict = Callable[[Array], Array]


def fit_all(X: Array, y: Array, *, is_binary: bool) -> dict[str, Predict]:
    """Fit every model; predictions are means, or probabilities of class 1."""
    line = _logistic if is_binary else _ridge
    return {
        "constant": _constant(y),
        "one_feature": _one_feature(X, y, line),
        "linear": line(X, y),
        "polynomial": _polynomial(X, y, line),
        "neighbours": _neighbours(X, y, is_binary),
        "boosting": _boosting(X, y, is_binary),
    }


def _constant(y: Array) -> Predict:
    mean = float(y.mean())
    return lambda Z: np.full(len(Z), mean)


def _one_feature(X: Array, y: Array, line: Callable[[Array, Array], Predict]) -> Predict:
    strength = np.abs((X - X.mean(axis=0)).T @ (y - y.mean())) / X.std(axis=0)
    best = [int(strength.argmax())]
    fitted = line(X[:, best], y)
    return lambda Z: fitted(Z[:, best])


def _polynomial(X: Array, y: Array, line: Callable[[Array, Array], Predict]) -> Predict:
    fitted = line(_expanded(X), y)
    return lambda Z: fitted(_expanded(Z))


def _expanded(X: Array) -> Array:
    pairs = [X[:, i] * X[:, j] for i in range(X.shape[1]) for j in range(i, X.shape[1])]
    return np.column_stack([X, *pairs])


def _ridge(X: Array, y: Array) -> Predict:
    centre, scale, mean = X.mean(axis=0), X.std(axis=0) + 1e-12, y.mean()
    Z = (X - centre) / scale
    slopes = np.linalg.solve(Z.T @ Z + np.eye(Z.shape[1]), Z.T @ (y - mean))
    return lambda other: (other - centre) / scale @ slopes + mean


def _logistic(X: Array, y: Array, n_steps: int = 12) -> Predict:
    """Fit by Newton's method with a penalty of 1 on squared slopes."""
    A = np.column_stack([np.ones(len(X)), X])
    penalty = np.diag([1e-6, *[1.0] * X.shape[1]])
    beta = np.zeros(A.shape[1])
    for _ in range(n_steps):
        p = _sigmoid(A @ beta)
        hessian = (A * (p * (1 - p))[:, None]).T @ A + penalty
        beta = beta + np.linalg.solve(hessian, A.T @ (y - p) - penalty @ beta)
    return lambda Z: _sigmoid(beta[0] + Z @ beta[1:])


def _sigmoid(z: Array) -> Array:
    probability: Array = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    return probability


def _neighbours(X: Array, y: Array, is_binary: bool) -> Predict:
    from scipy.spatial import cKDTree

    tree, mean = cKDTree(X), y.mean()
    if is_binary:
        return lambda Z: (y[tree.query(Z, 20)[1]].sum(axis=1) + 2 * mean) / 22
    count = min(15, max(5, int(len(X) ** 0.5) // 2))
    return lambda Z: y[tree.query(Z, count)[1]].mean(axis=1)


def _boosting(X: Array, y: Array, is_binary: bool) -> Predict:
    import lightgbm

    settings = {
        "objective": "binary" if is_binary else "l2",
        "num_leaves": 8,
        "learning_rate": 0.1,
        "min_data_in_leaf": 10,
        "max_bin": 63,
        "num_threads": 1,
        "seed": 0,
        "verbose": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(X, y), 40 if is_binary else 60)
    return lambda Z: np.asarray(booster.predict(Z, num_threads=1))


def losses_and_risks(table: Draw, n_folds: int) -> tuple[Array, Array]:
    """Cross-fit the ladder.

    Returns
    -------
    losses : ndarray, shape (n_rows, n_families)
        Squared error or log loss of each out-of-fold prediction.
    risks : ndarray, shape (n_families,)
        True risk, the mean over the fold models.
    """
    losses = np.zeros((len(table.y), len(STEPS)))
    risks = np.zeros((n_folds, len(STEPS)))
    for fold in range(n_folds):
        held = table.fold == fold
        models = fit_all(table.X[~held], table.y[~held], is_binary=table.is_binary)
        lowest = 1 / (2 * int((~held).sum()))
        for column, name in enumerate(STEPS):
            out, test = models[name](table.X[held]), models[name](table.X_test)
            if table.is_binary:
                losses[held, column] = _log_loss(table.y[held], out, lowest)
                risks[fold, column] = _log_loss(table.truth, test, lowest).mean()
            else:
                losses[held, column] = (table.y[held] - out) ** 2
                risks[fold, column] = ((table.truth - test) ** 2).mean() + 1.0
    return losses, risks.mean(axis=0)


def _log_loss(truth: Array, probability: Array, lowest: float) -> Array:
    p = np.clip(probability, lowest, 1 - lowest)
    found: Array = -(truth * np.log(p) + (1 - truth) * np.log1p(-p))
    return found
