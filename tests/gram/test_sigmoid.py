import numpy as np

from rung.gram.sigmoid import apply_sigmoid, fit_sigmoid


def margins(n_rows=400, seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n_rows, 2)) * [1.0, 3.0]
    chance = 1 / (1 + np.exp(-(1.5 * scores - 0.5)))
    return scores, np.where(rng.random(scores.shape) < chance, 1.0, -1.0)


def test_lines_are_those_of_scikit_learn():
    from sklearn.calibration import _SigmoidCalibration

    scores, Y = margins()
    weight = np.random.default_rng(1).uniform(0.5, 1.5, len(Y))
    found = fit_sigmoid(scores, Y, weight)
    for j in range(2):
        peer = _SigmoidCalibration().fit(scores[:, j], Y[:, j] > 0, weight)
        np.testing.assert_allclose(found[:, j], [-peer.a_, -peer.b_], atol=2e-3)


def test_separated_margins_stay_short_of_certainty():
    """Smoothed targets: 11 rows of a class speak for 12 / 13 at most."""
    scores = np.linspace(-1, 1, 22)[:, None]
    chances = apply_sigmoid(scores, fit_sigmoid(scores, np.sign(scores), np.ones(22)))
    assert 0.9 < chances.max() < 0.99


def test_a_class_without_rows_is_improbable_everywhere():
    scores = np.random.default_rng(0).normal(size=(50, 1))
    chances = apply_sigmoid(scores, fit_sigmoid(scores, -np.ones((50, 1)), np.ones(50)))
    np.testing.assert_allclose(chances, 1 / 52, atol=1e-6)


def test_equal_margins_give_the_share_of_the_class():
    Y = np.where(np.arange(40) < 10, 1.0, -1.0)[:, None]
    line = fit_sigmoid(np.full((40, 1), -1.0), Y, np.ones(40))
    given = apply_sigmoid(np.full((1, 1), -1.0), line)
    np.testing.assert_allclose(given, (10 * 11 / 12 + 30 / 32) / 40, atol=1e-6)


def test_margins_however_large_give_finite_chances():
    given = apply_sigmoid(np.array([[-1e300], [1e300]]), np.array([[1.0], [0.0]]))
    assert (given > 0).all()
    assert (given <= 1).all()
