import pickle
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import rung
from rung import RungClassifier, RungRegressor
from tests.source import SRC
from tests.workbench.frames import frame

FEATURES = ("size", "noise", "colour")
QUICK = ("constant", "linear")


def numbers(n_rows: int = 100, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, 5))
    return X, X @ np.array([1.0, 2.0, 0.0, 0.0, 1.0]) + rng.normal(size=n_rows)


# scikit-learn's own definition of an estimator; none of its checks is expected to fail.
@parametrize_with_checks([RungRegressor(), RungClassifier()])
def test_scikit_learn_finds_no_fault(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize("kind", ["quantity", "classes"])
def test_a_hundred_rows_of_five_columns_take_less_than_a_second(kind: str) -> None:
    X, y = numbers()
    estimator = RungRegressor() if kind == "quantity" else RungClassifier()
    target = y if kind == "quantity" else np.digitize(y, [-1, 1])
    estimator.fit(X, target)  # the first one imports
    before = time.process_time()
    estimator.fit(X, target)
    assert time.process_time() - before < 1.0


def test_the_ladder_chooses_as_the_workbench_does() -> None:
    X, y = numbers()
    found = RungRegressor(folds=None).fit(X, y)
    table = pl.DataFrame(X).with_columns(y=y)
    expected = rung.fit(table, target="y", families=("linear", "tree"), test_fraction=0)
    assert found.result_.choice.family == expected.verdict.family == "linear"
    scores = [run.entry("linear").scores for run in (found.result_, expected.result)]
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0]["rmse"].mean == pytest.approx(scores[1]["rmse"].mean)
    assert found.score(X, y) > 0.8


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame])
def test_frames_may_hold_strings_and_missing_cells(make: Any) -> None:
    table = frame(120)
    X = make({name: table[name].to_list() for name in FEATURES})
    found = RungRegressor(families=QUICK).fit(X, table["mass"].to_numpy())
    assert found.feature_names_in_.tolist() == list(FEATURES)
    assert found.n_features_in_ == 3
    assert found.predict(X).shape == (120,)
    assert {column.kind for column in found.model_.columns} == {"number", "category"}
    with pytest.raises(ValueError, match="feature names should match"):
        found.predict(X[list(reversed(FEATURES))])


def test_a_frame_of_odd_names_is_read_by_place() -> None:
    X, y = numbers()
    by_array = RungRegressor(families=QUICK).fit(X, y).predict(X)
    for names in (range(5), ["a", "b", "target", "target_", "z"]):
        table = pd.DataFrame(X, columns=list(names))
        found = RungRegressor(families=QUICK).fit(table, y)
        np.testing.assert_allclose(found.predict(table), by_array)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.array(["star", "galaxy", "quasar"]), ("galaxy", "quasar", "star")),
        (np.array([10, 9, -1]), ("-1", "9", "10")),
        (np.array([2**60, 2**60 + 1, 5]), ("0", "1", "2")),
        (np.array(["NA", "?", " x "]), ("0", "1", "2")),
        (np.array(["01", "1", "1.0"]), ("01", "1", "1.0")),
        (np.array(["b", "a", None], dtype=object)[:2], ("a", "b")),
        (np.array([True, False]), ("false", "true")),
    ],
    ids=str,
)
def test_labels_of_any_type_come_back_as_they_were(
    labels: np.ndarray, classes: tuple[str, ...]
) -> None:
    X, y = numbers(90)
    target = labels[np.argsort(np.argsort(y)) * len(labels) // 90]
    found = RungClassifier(families=QUICK).fit(X, target)
    np.testing.assert_array_equal(found.classes_, np.unique(target))
    assert found.result_.classes == classes
    assert found.predict(X).dtype == found.classes_.dtype
    shares = found.predict_proba(X)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_array_equal(found.predict(X), found.classes_[shares.argmax(axis=1)])
    assert found.score(X, target) > 0.6


def test_estimators_and_families_climb_too() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-2, 2, size=(200, 1))
    y = X[:, 0] ** 2 + 0.1 * rng.normal(size=200)
    nearest = rung.cross_fit_estimator(KNeighborsRegressor(5), name="nearest")
    found = RungRegressor(families=("linear", nearest, Ridge())).fit(X, y)
    assert found.result_.choice.family == "nearest"
    assert found.score(X, y) > 0.95
    assert [entry.family for entry in found.result_.ladder][-1] == "ridge"
    twin = clone(found).fit(X, y)
    np.testing.assert_array_equal(twin.predict(X), found.predict(X))


def test_it_works_inside_pipelines_and_searches() -> None:
    X, y = numbers(150)
    line = make_pipeline(StandardScaler(), RungRegressor(families=QUICK))
    assert cross_val_score(line, X, y, cv=3).min() > 0.7
    grid = {"rungregressor__families": [("constant",), QUICK]}
    search = GridSearchCV(line, grid, cv=3).fit(X, y)
    assert search.best_params_["rungregressor__families"] == QUICK
    TransformedTargetRegressor(RungRegressor(families=QUICK)).fit(X, y).predict(X)
    classes = cross_val_score(RungClassifier(families=QUICK), X, y > 0, cv=3, scoring="roc_auc")
    assert classes.min() > 0.7


def test_a_fitted_estimator_can_be_sent_to_another_process() -> None:
    X, y = numbers()
    families = ("linear", KNeighborsRegressor())
    found = RungRegressor(families=families, choose="leader").fit(X, y)
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.predict(X), found.predict(X))
    assert again.result_.to_dict() == found.result_.to_dict()


def test_a_sealed_test_is_there_when_asked_for() -> None:
    X, y = numbers(300)
    assert RungRegressor(families=QUICK).fit(X, y).result_.test.opened == 0
    assert RungRegressor(families=QUICK, test_fraction=0.2).fit(X, y).result_.test.opened == 1


def test_splitters_metrics_and_seeds_reach_the_run() -> None:
    X, y = numbers()
    options = {"metric": "mae", "margin": 0.5, "choose": "leader", "random_state": 3}
    result = RungRegressor(folds=KFold(4), **options).fit(X, y).result_
    assert (result.metric, result.choice.margin, result.seed) == ("mae", 0.5, 3)
    assert (result.folds.n_folds, result.choice.rule) == (4, "leader")
    drawn = RungRegressor(families=QUICK, random_state=np.random.RandomState(1)).fit(X, y)
    again = RungRegressor(families=QUICK, random_state=np.random.RandomState(1)).fit(X, y)
    assert drawn.result_.to_dict() == again.result_.to_dict()


def test_a_model_is_saved_as_rung_saves_it(tmp_path: Any) -> None:
    X, y = numbers()
    found = RungRegressor(families=QUICK).fit(X, y)
    path = found.model_.save(tmp_path / "model.rung")
    table = pl.DataFrame(X, schema=[f"x{i}" for i in range(5)])
    np.testing.assert_array_equal(rung.load(path).predict(table), found.predict(X))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"families": ("liner",)}, "unknown family 'liner'.*'linear'"),
        ({"families": (LogisticRegression,)}, "LogisticRegression is not a family"),
        ({"metric": "log_loss"}, "log_loss"),
        ({"folds": 1}, "folds must be a whole number from 2"),
        ({"test_fraction": 0.9}, "test_fraction must be a number from 0 to 0.5"),
    ],
)
def test_what_is_not_accepted_is_a_value_error(options: dict[str, Any], said: str) -> None:
    X, y = numbers()
    with pytest.raises(ValueError, match=said):
        RungRegressor(**options).fit(X, y)


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        (np.zeros((9, 2)), np.arange(9.0), "9 sample.*minimum of 10"),
        (pl.DataFrame({"x": range(9)}), np.arange(9.0), "9 rows are left to train on"),
        (np.full((20, 2), np.inf), np.arange(20.0), "infinity"),
        (pl.DataFrame({"x": range(20)}), np.arange(19.0), "inconsistent numbers of samples"),
        (pl.DataFrame({"x": range(20)}), np.full(20, np.nan), "Input y contains NaN"),
        (np.eye(20), np.ones(20), "has the same value, 1, in all 20 rows"),
        (np.array([["a"]] * 20), np.arange(20.0), "could not convert string"),
    ],
    ids=["few", "few of a frame", "infinite", "lengths", "no target", "one value", "strings"],
)
def test_data_that_cannot_be_used_are_a_value_error(X: Any, y: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RungRegressor().fit(X, y)


def test_one_class_is_named() -> None:
    with pytest.raises(ValueError, match=r"at least 2 classes; y holds one class, .*'a'"):
        RungClassifier().fit(np.eye(20), np.array(["a"] * 20))


def test_no_prediction_comes_before_a_fit() -> None:
    for estimator in (RungClassifier(), RungRegressor()):
        with pytest.raises(NotFittedError):
            estimator.predict(np.eye(3))


def test_rung_names_its_estimators_and_loads_them_when_used_only() -> None:
    assert {"RungClassifier", "RungRegressor", "cross_fit_estimator"} <= set(dir(rung))
    code = "import sys, rung; assert 'sklearn' not in sys.modules; rung.RungRegressor"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SRC.parent)}, check=False
    )
    assert done.returncode == 0
