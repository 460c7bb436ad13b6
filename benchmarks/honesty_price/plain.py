"""Fit each family once, plainly: the matching estimator of another library, settings given."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rung.core.family import Context, Problem

Settings = Mapping[str, Any]
Fitted = Callable[[], np.ndarray]
FINAL_TREES = 200
TREE_FAMILIES = ("one_feature", "tree", "forest", "boosting")
# Families that have a counterpart here.
KNOWN = (
    *("constant", "one_feature", "linear", "naive_bayes", "perceptron", "neighbours"),
    *("polynomial", "svm", "tree", "forest", "boosting"),
)
PARTS = (
    *("compose", "dummy", "ensemble", "kernel_approximation", "linear_model", "model_selection"),
    *("naive_bayes", "neighbors", "pipeline", "preprocessing", "svm", "tree"),
)
LIBRARIES = ("lightgbm", "scipy.linalg", "scipy.spatial", *(f"sklearn.{part}" for part in PARTS))


def import_all() -> None:
    """Import what the fits below import, so that none of them pays for it."""
    for name in LIBRARIES:
        importlib.import_module(name)


def fit(name: str, problem: Problem, context: Context, settings: Settings) -> Fitted:
    """Encode all rows and fit one estimator to them; return a function that predicts them.

    Parameters
    ----------
    name : str
        Family whose counterpart is fitted.
    problem, context
        As families get them; the encoding is learned here, as a pipeline learns it.
    settings : mapping
        What the family chose in its first fold.
    """
    recipe = "tree" if name in TREE_FAMILIES else "one-hot"
    rows = np.arange(problem.design.n_rows)
    X = context.encoded(recipe, rows).matrix(problem.design, rows)
    if name == "polynomial":
        X = _with_products(X, len(problem.design.number_names), settings["degree"])
    if name == "boosting":
        return _boost(problem, X, settings)
    estimator = make(name, settings, n_rows=len(rows), n_classes=len(problem.classes))
    estimator.fit(X, problem.y)
    return lambda: np.asarray(estimator.predict(X))


def _with_products(X: np.ndarray, n_numbers: int, degree: int) -> np.ndarray:
    """Append all products of the numbers, which stand first, of the second degree and above."""
    from sklearn.preprocessing import PolynomialFeatures

    expanded = PolynomialFeatures(degree, include_bias=False).fit_transform(X[:, :n_numbers])
    return np.hstack([X, expanded[:, n_numbers:]])


def make(name: str, settings: Settings, *, n_rows: int, n_classes: int) -> Any:
    """Return the scikit-learn estimator that stands for a family.

    Penalties of rung count per row; those of scikit-learn count against the sum over rows.
    """
    from sklearn import dummy, linear_model, naive_bayes, tree

    is_class = n_classes > 0
    if name == "constant":
        return dummy.DummyClassifier() if is_class else dummy.DummyRegressor()
    if name in ("linear", "polynomial"):
        penalty = max(settings["penalty"], 1e-12) * n_rows
        if not is_class:
            return linear_model.Ridge(alpha=penalty)
        return linear_model.LogisticRegression(C=1.0 / penalty, max_iter=1_000)
    if name == "naive_bayes":
        return naive_bayes.GaussianNB()
    if name == "perceptron":
        return linear_model.Perceptron(max_iter=settings["epochs"], tol=None)
    if name == "one_feature":
        kind = tree.DecisionTreeClassifier if is_class else tree.DecisionTreeRegressor
        return kind(max_depth=1)
    if name == "svm":
        return _support_vectors(settings, n_rows=n_rows, is_class=is_class)
    return _of_rows(name, settings, is_class=is_class)


def _of_rows(name: str, settings: Settings, *, is_class: bool) -> Any:
    """Return neighbours, one tree or a forest."""
    from sklearn import ensemble, neighbors, tree

    kind = "Classifier" if is_class else "Regressor"
    if name == "neighbours":
        votes = settings["votes"]
        return getattr(neighbors, f"KNeighbors{kind}")(settings["k"], weights=votes)
    if name == "tree":
        # What the family calls alpha is a share of the root's loss, which only it knows; the
        # number of leaves says the same.
        leaves = max(settings["leaves"], 2)
        return getattr(tree, f"DecisionTree{kind}")(min_samples_leaf=2, max_leaf_nodes=leaves)
    if name != "forest":
        raise ValueError(f"no plain counterpart of {name!r} is known")
    cuts = "RandomForest" if settings["cuts"] == "best" else "ExtraTrees"
    return getattr(ensemble, f"{cuts}{kind}")(
        FINAL_TREES,
        min_samples_leaf=settings["leaf_rows"],
        max_features=float(settings["columns"]),
        n_jobs=1,
        random_state=0,
    )


def _support_vectors(settings: Settings, *, n_rows: int, is_class: bool) -> Any:
    """Return an exact machine where rung's kernel is exact, else one on a sample of the kernel."""
    from sklearn import kernel_approximation, linear_model, pipeline, svm

    cost, landmarks = settings["cost"], settings.get("landmarks", 0)
    if landmarks and landmarks >= n_rows * 3 // 4:
        kind = svm.SVC if is_class else svm.SVR
        return kind(C=cost, gamma=settings["gamma"])
    last = svm.LinearSVC(C=cost) if is_class else linear_model.Ridge(alpha=0.5 / cost)
    if not landmarks:
        return last
    features = kernel_approximation.Nystroem(
        gamma=settings["gamma"], n_components=landmarks, random_state=0
    )
    return pipeline.make_pipeline(features, last)


def _boost(problem: Problem, X: np.ndarray, settings: Settings) -> Fitted:
    """Grow the chosen rounds with LightGBM, on one thread."""
    import lightgbm

    kind = lightgbm.LGBMClassifier if problem.classes else lightgbm.LGBMRegressor
    model = kind(
        n_estimators=settings["rounds"],
        num_leaves=settings["leaves"],
        learning_rate=settings["learning_rate"],
        min_child_samples=settings["min_rows_in_leaf"],
        colsample_bytree=settings["feature_share"],
        subsample=settings["row_share"],
        subsample_freq=int(settings["row_share"] < 1.0),
        reg_lambda=1.0,
        n_jobs=1,
        verbosity=-1,
    ).fit(X, problem.y)
    return lambda: np.asarray(model.predict(X))
