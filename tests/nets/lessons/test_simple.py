import numpy as np
import pytest
import torch
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression

import rung
from rung.errors import UsageError
from rung.nets.lessons.simple import OneHiddenLayer, one_hidden_layer

X = np.random.default_rng(2).normal(size=(200, 2)) * [1.0, 50.0] + [0.0, 300.0]
Y = 1e3 * np.abs(X[:, 0]) + X[:, 1]


def test_it_bends_where_a_line_cannot() -> None:
    model = OneHiddenLayer(12, n_steps=1500).fit(X, Y)
    assert model.score(X, Y) > 0.97 > LinearRegression().fit(X, Y).score(X, Y)
    assert model.walk_.pass_losses[-1] < 0.05 < model.walk_.pass_losses[0]


def test_the_same_seed_gives_the_same_bits_whatever_torch_drew_before() -> None:
    first = OneHiddenLayer(n_steps=50, random_state=3).fit(X, Y).predict(X)
    torch.rand(5)
    np.testing.assert_array_equal(
        OneHiddenLayer(n_steps=50, random_state=3).fit(X, Y).predict(X), first
    )
    other = OneHiddenLayer(n_steps=50, random_state=4).fit(X, Y).predict(X)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("n_inputs", "width"), [(1, 2), (1, 7), (3, 20)])
def test_no_unit_of_a_fresh_network_is_dead(n_inputs: int, width: int) -> None:
    points = np.random.default_rng(0).uniform(-(3**0.5), 3**0.5, size=(3000, n_inputs))
    for seed in range(10):
        hidden = one_hidden_layer(n_inputs, width, seed=seed)[:2](torch.from_numpy(points))
        assert (hidden > 0).any(dim=0).float().mean() > 0.9


def test_predictions_are_refused_before_fitting() -> None:
    with pytest.raises(NotFittedError, match="OneHiddenLayer instance is not fitted"):
        OneHiddenLayer().predict(X)


def test_it_climbs_the_ladder_as_any_estimator() -> None:
    run = rung.fit(
        {"a": X[:, 0], "b": X[:, 1], "y": Y},
        target="y",
        families=["linear", OneHiddenLayer(12, n_steps=400)],
        folds=3,
    )
    entries = {entry.family: entry for entry in run.result.ladder}
    assert entries["one_hidden_layer"].status == "scored"


def test_a_descent_that_runs_away_is_named_and_no_network_of_nan_is_handed_back() -> None:
    X = np.random.default_rng(0).normal(size=(200, 10))
    model = OneHiddenLayer(16, learning_rate=1.0)
    with pytest.raises(UsageError, match=r"rate of 1 is too large here; use learning_rate=0\.25"):
        model.fit(X, X @ np.arange(10.0))


def test_the_rate_that_nobody_chose_suits_many_inputs() -> None:
    X = np.random.default_rng(0).normal(size=(200, 30))
    y = X @ np.arange(30.0) ** 0.5
    assert OneHiddenLayer(16).fit(X, y).score(X, y) > 0.9
