"""Impurity by feature: that of scikit-learn, the golden forest of galaxies, and what held-out rows deny."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.trees.convert import from_sklearn_tree
from rung.trees.impurity import impurity_decrease
from rung.trees.join import join
from rung.trees.nodes import NodeArrays
from tests.realdata import real_data

GALAXIES = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]


def nodes_of(forest) -> NodeArrays:
    return join([from_sklearn_tree(tree) for tree in forest.estimators_])


def shares(nodes: NodeArrays, learned, judged) -> np.ndarray:
    found = impurity_decrease(nodes, learned, judged, np.arange(learned[0].shape[1]))
    return found / found.sum()


def rows_of(X, target):
    return X, np.asarray(target, dtype=float).reshape(len(X), -1), np.ones(len(X))


def test_on_the_rows_of_all_trees_it_is_the_importance_of_scikit_learn() -> None:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4)).astype(np.float32).astype(float)
    y = X[:, 0] * X[:, 1] + X[:, 2]
    values = ExtraTreesRegressor(5, min_samples_leaf=3, random_state=0).fit(X, y)
    rows = rows_of(X, y - y.mean())
    # They normalise each tree by itself; of trees on the same rows all have the same impurity.
    np.testing.assert_allclose(
        shares(nodes_of(values), rows, rows), values.feature_importances_, atol=0.01
    )
    one = ExtraTreesRegressor(1, random_state=0).fit(X, y)
    np.testing.assert_allclose(shares(nodes_of(one), rows, rows), one.feature_importances_)
    labels = np.digitize(y, [-1, 1])
    classes = ExtraTreesClassifier(5, random_state=0).fit(X, labels)
    rows = rows_of(X, np.eye(3)[labels])
    np.testing.assert_allclose(
        shares(nodes_of(classes), rows, rows), classes.feature_importances_, atol=1e-9
    )


def test_a_column_of_noise_has_a_share_that_held_out_rows_deny() -> None:
    from sklearn.ensemble import RandomForestRegressor

    rng = np.random.default_rng(1)
    X = np.column_stack([rng.integers(0, 2, 600), rng.normal(size=600)]).astype(float)
    y = X[:, 0] + rng.normal(size=600)
    forest = RandomForestRegressor(20, random_state=0).fit(X[:300], y[:300])
    learned, new = rows_of(X[:300], y[:300] - 0.5), rows_of(X[300:], y[300:] - 0.5)
    nodes = nodes_of(forest)
    assert forest.feature_importances_[1] > 0.6
    assert shares(nodes, learned, learned)[1] > 0.6
    assert shares(nodes, learned, new)[1] < 0.1


def test_the_forest_of_the_gas_of_galaxies_has_its_published_importances() -> None:
    """200 trees, 5 rows a leaf, .9 of the columns, 80 % of the rows: RMSE .289, NUVr .82 of all."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import train_test_split

    path = real_data("xgass/xGASS_representative_sample.csv")
    table = pl.read_csv(path, infer_schema_length=None, columns=[*GALAXIES, "lgGF"])
    table = table.filter(pl.col("NUVr") > -99)
    X, y = table.select(GALAXIES).to_numpy(), table["lgGF"].to_numpy()
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    forest = RandomForestRegressor(
        200, min_samples_leaf=5, max_features=0.9, random_state=42, n_jobs=1
    ).fit(train, y_train)
    error = np.sqrt(np.mean((forest.predict(test) - y_test) ** 2))
    assert error == pytest.approx(0.289, abs=0.001)
    theirs = dict(zip(GALAXIES, forest.feature_importances_, strict=True))
    learned, new = (
        rows_of(rows, own - y_train.mean()) for rows, own in ((train, y_train), (test, y_test))
    )
    nodes = nodes_of(forest)
    ours = dict(zip(GALAXIES, shares(nodes, learned, learned), strict=True))
    for name, published in (("NUVr", 0.82), ("CINDX", 0.07), ("model_r", 0.04)):
        assert theirs[name] == pytest.approx(published, abs=0.02)
        assert ours[name] == pytest.approx(published, abs=0.03)
    assert shares(nodes, learned, new)[1] > ours["NUVr"]
