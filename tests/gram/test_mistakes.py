import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.gram.mistakes import learn
from rung.trees.sample import Sample


def rows_with_ones(seed, n_rows, width, n_classes, *, weighted=False):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((n_rows, 1)), rng.normal(size=(n_rows, width))], axis=1)
    y = (X[:, 1] + rng.normal(size=n_rows)).argsort().argsort() * n_classes // n_rows
    weight = rng.uniform(0.3, 2.0, n_rows) if weighted else np.ones(n_rows)
    return Sample(X, y, weight)


def row_by_row(sample, n_classes, orders):
    """Learn as the books say: one row after the other, all weights added up after each visit."""
    weights = np.zeros((sample.X.shape[1], n_classes))
    total, mistakes, n_visits = np.zeros_like(weights), [], 0
    for order in orders:
        mistakes.append(0)
        for i in order:
            scores = sample.X[i] @ weights
            own, scores[sample.y[i]] = scores[sample.y[i]], -np.inf
            if own <= scores.max():
                weights[:, sample.y[i]] += sample.weight[i] * sample.X[i]
                weights[:, scores.argmax()] -= sample.weight[i] * sample.X[i]
                mistakes[-1] += 1
            total += weights
            n_visits += 1
    return total / n_visits, weights, mistakes


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3, 7])
def test_blocks_take_the_steps_that_one_row_after_the_other_takes(n_classes, weighted):
    sample = rows_with_ones(1, 200, 4, n_classes, weighted=weighted)
    orders = [np.random.default_rng(i).permutation(200) for i in range(4)]
    average, last, mistakes = row_by_row(sample, n_classes, orders)
    learned = learn(sample, n_classes, orders, (2, 4))
    assert list(learned.mistakes) == mistakes
    np.testing.assert_allclose(learned.last, last, atol=1e-10)
    np.testing.assert_allclose(learned.average[1], average, atol=1e-10)
    np.testing.assert_allclose(learned.average[0], row_by_row(sample, n_classes, orders[:2])[0])


def test_two_classes_learn_the_weights_of_scikit_learn():
    from sklearn.linear_model import Perceptron

    sample = rows_with_ones(2, 300, 5, 2)
    given_ = learn(sample, 2, [np.arange(300)] * 3, (3,)).last
    oracle = Perceptron(max_iter=3, tol=None, shuffle=False, fit_intercept=False)
    oracle.fit(sample.X, sample.y)
    np.testing.assert_allclose(given_[:, 1], oracle.coef_[0], atol=1e-9)
    np.testing.assert_allclose(given_[:, 0], -oracle.coef_[0], atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.floats(0.05, 0.6))
def test_separable_rows_end_without_mistakes_within_the_bound_of_novikoff(seed, width, gap):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((120, 1)), rng.normal(size=(120, width))], axis=1)
    plane = rng.normal(size=width + 1)
    plane /= np.linalg.norm(plane)
    X = X[np.abs(X @ plane) >= gap]
    if not len(X):
        return
    y = (X @ plane > 0).astype(int)
    bound = (np.linalg.norm(X, axis=1).max() / gap) ** 2
    orders = [rng.permutation(len(X)) for _ in range(int(bound) + 2)]
    learned = learn(Sample(X, y, np.ones(len(X))), 2, orders, (len(orders),))
    assert sum(learned.mistakes) <= bound
    assert learned.mistakes[-1] == 0
    assert ((X @ learned.last).argmax(axis=1) == y).all()


def test_after_an_epoch_without_mistakes_the_average_moves_on_to_the_last_weights():
    sample = rows_with_ones(3, 60, 2, 2)
    sample = Sample(sample.X, (sample.X[:, 1] > 0).astype(int), sample.weight)
    sample = sample.take(np.flatnonzero(np.abs(sample.X[:, 1]) > 0.3))
    orders = [np.random.default_rng(i).permutation(len(sample.y)) for i in range(40)]
    learned = learn(sample, 2, orders, (40,))
    assert len(learned.mistakes) < 40
    np.testing.assert_allclose(learned.average[0], row_by_row(sample, 2, orders)[0], atol=1e-10)
