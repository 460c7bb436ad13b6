import numpy as np

from rung.core.family import Problem
from rung.gram.terms import FARTHEST, add_terms, bounded, product_matrix, variables
from rung.prep.one_hot import fit_one_hot
from tests.tables import regression

TERMS = np.array([[0, 0, 3], [0, 1, 2], [1, 1, 1], [3, 3, 3]])


def drawn(n_rows=9_000):
    X = np.random.default_rng(0).normal(size=(n_rows, 3)) * [1.0, 10.0, 0.1]
    problem: Problem = regression(np.zeros(n_rows), numbers=X)
    return X, fit_one_hot(problem, np.arange(n_rows))


def test_scores_are_the_weighted_products_for_any_subset_of_rows():
    X, encoder = drawn()
    weights = np.array([[1.0, 2.0], [-0.5, 0.0], [0.3, 1.0], [7.0, 8.0]])
    Z = (X - encoder.shift) / encoder.scale
    wanted = np.c_[Z[:, 0] ** 2, Z.prod(axis=1), Z[:, 1] ** 3, np.ones(len(Z))] @ weights
    scores = np.zeros((len(X), 2))
    add_terms(scores, encoder, X, TERMS, weights=weights)
    np.testing.assert_allclose(scores, wanted, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        product_matrix(encoder, X, TERMS[:3]) @ weights[:3], wanted - weights[3]
    )
    for rows in (np.array([7]), np.arange(8_999, 0, -7)):
        part = np.zeros((len(rows), 2))
        add_terms(part, encoder, X[rows], TERMS, weights=weights)
        assert part.tobytes() == scores[rows].tobytes()


def test_missing_cells_count_as_the_shift_and_far_ones_are_held():
    _, encoder = drawn()
    Z = bounded(encoder, np.array([[np.nan, 1e300, -1e300]]))
    assert Z[:, 0].tolist() == [0.0, FARTHEST, -FARTHEST]
    assert np.isfinite(product_matrix(encoder, np.array([[1e300] * 3]), TERMS[:3])).all()


def test_lists_are_read_without_their_filling():
    assert variables(TERMS, 3) == [(0, 0), (0, 1, 2), (1, 1, 1), ()]
