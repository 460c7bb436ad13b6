import numpy as np

from rung.trees.sample import weighted_sample
from tests.tables import regression

X = np.arange(6.0)[:, None]


def test_weights_have_mean_one_and_rows_without_weight_are_left_out():
    problem = regression(X[:, 0], numbers=X, weight=[0, 1, 3, 0, 2, 2])
    sample = weighted_sample(problem, np.arange(6), X)
    np.testing.assert_array_equal(sample.y, [1, 2, 4, 5])
    np.testing.assert_array_equal(sample.X[:, 0], sample.y)
    np.testing.assert_allclose(sample.weight, [0.5, 1.5, 1.0, 1.0])


def test_rows_count_the_same_where_none_has_a_weight():
    for weight in (None, np.zeros(6)):
        sample = weighted_sample(regression(X[:, 0], numbers=X, weight=weight), np.arange(6), X)
        np.testing.assert_array_equal(sample.weight, np.ones(6))


def test_taken_rows_keep_their_parts_together():
    sample = weighted_sample(regression(X[:, 0], numbers=X), np.arange(6), X).take(np.array([4, 1]))
    assert sample.y.tolist() == sample.X[:, 0].tolist() == [4.0, 1.0]
