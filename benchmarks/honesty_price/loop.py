"""Do the same honestly with scikit-learn: a grid search inside every fold, family by family."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.honesty_price import plain
from rung.core.family import Context, Problem

FOLDS, INNER_FOLDS = 5, 4
# The settings that rung's families choose among; early stopping becomes a grid of rounds.
PENALTIES = tuple(float(f"1e{power}") for power in range(1, -8, -1))
FOREST = ((1, 1.0), (5, 2 / 3), (1, 0.5))
ALPHAS = tuple(np.logspace(-6, 0, 61))
NEIGHBOURS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
ROUNDS = (100, 200, 400, 800)


def cross_fit(name: str, problem: Problem, context: Context, settings: plain.Settings) -> int:
    """Predict every row by `cross_val_predict` around `GridSearchCV`; return the grid's size.

    Parameters
    ----------
    name : str
        Family of a regression.
    problem, context, settings
        As for `plain.fit`; settings fill what the grid leaves open.
    """
    from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict

    recipe = "tree" if name in plain.TREE_FAMILIES else "one-hot"
    rows = np.arange(problem.design.n_rows)
    # The encoding is learned once on all rows, to the loop's advantage in time.
    X = context.encoded(recipe, rows).matrix(problem.design, rows)
    estimator, grid = _search(name, settings, X, problem)
    inner = KFold(INNER_FOLDS, shuffle=True, random_state=0)
    outer = KFold(FOLDS, shuffle=True, random_state=0)
    if grid:
        estimator = GridSearchCV(estimator, grid, cv=inner, scoring="neg_mean_squared_error")
    cross_val_predict(estimator, X, problem.y, cv=outer)
    sizes = [len(values) for values in grid.values()]
    return int(np.prod(sizes)) if sizes else 1


def _search(
    name: str, settings: plain.Settings, X: np.ndarray, problem: Problem
) -> tuple[Any, dict[str, Any]]:
    """Return estimator and grid."""
    n_rows = len(X)
    per_rows = [penalty * n_rows for penalty in PENALTIES]
    if name == "boosting":
        return _boosting(settings)
    if name == "polynomial":
        return _polynomial(X, len(problem.design.number_names), per_rows)
    estimator = plain.make(name, settings, n_rows=n_rows, n_classes=0)
    if name == "linear":
        return estimator, {"alpha": per_rows}
    if name == "tree":
        loss = float(np.var(problem.y))
        estimator.set_params(max_leaf_nodes=None)
        return estimator, {"ccp_alpha": [0.0, *(alpha * loss for alpha in ALPHAS)]}
    if name == "neighbours":
        return estimator, {"n_neighbors": NEIGHBOURS, "weights": ["uniform", "distance"]}
    if name == "forest":
        leaves, shares = zip(*FOREST, strict=True)
        return estimator, {"min_samples_leaf": leaves[:1], "max_features": shares}
    if name == "svm":
        return _support_vectors(settings)
    return estimator, {}


def _polynomial(X: np.ndarray, n_numbers: int, penalties: list[float]) -> tuple[Any, Any]:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import PolynomialFeatures

    products = ColumnTransformer(
        [("numbers", PolynomialFeatures(include_bias=False), slice(0, n_numbers))],
        remainder="passthrough",
    )
    model = Pipeline([("products", products), ("model", Ridge())])
    return model, {"products__numbers__degree": [1, 2, 3, 4], "model__alpha": penalties}


def _support_vectors(settings: plain.Settings) -> tuple[Any, Any]:
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import Pipeline

    landmarks = settings.get("landmarks", 500)
    middle = settings.get("gamma", 0.1)
    kernel = Nystroem(n_components=landmarks, random_state=0)
    model = Pipeline([("kernel", kernel), ("model", Ridge())])
    costs = [1.0, 10.0, 100.0, 1000.0]
    return model, {
        "kernel__gamma": [middle / 4, middle, middle * 4],
        "model__alpha": [0.5 / cost for cost in costs],
    }


def _boosting(settings: plain.Settings) -> tuple[Any, Any]:
    import lightgbm

    model = lightgbm.LGBMRegressor(
        learning_rate=settings["learning_rate"],
        min_child_samples=settings["min_rows_in_leaf"],
        reg_lambda=1.0,
        subsample_freq=1,
        n_jobs=1,
        verbosity=-1,
    )
    return model, {"num_leaves": [7, 31], "subsample": [0.8, 1.0], "n_estimators": ROUNDS}
