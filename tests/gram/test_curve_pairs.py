import numpy as np

from rung.gram.additive import fit_curves
from tests.tables import classification, regression


def planted(n_rows=500, seed=0):
    rng = np.random.default_rng(seed)
    numbers = rng.uniform(-1, 1, size=(n_rows, 4))
    codes = rng.integers(0, 2, size=(n_rows, 1))
    return rng, {"numbers": numbers, "codes": codes, "levels": (("a", "b"),)}


def test_a_planted_pair_of_numbers_is_found():
    rng, parts = planted()
    y = 4 * parts["numbers"][:, 1] * parts["numbers"][:, 3] + rng.normal(0, 0.3, 500)
    fit = fit_curves(regression(y, **parts), np.arange(500), n_pairs=1)
    assert fit.encoder.pairs.tolist() == [[1, 3]]


def test_a_planted_pair_with_a_category_is_found_for_classes():
    rng, parts = planted(800)
    score = 6 * parts["numbers"][:, 2] * (2 * parts["codes"][:, 0] - 1)
    y = (score + rng.logistic(size=800) > 0).astype(int)
    fit = fit_curves(classification(y, 2, **parts), np.arange(800), n_pairs=1)
    assert fit.encoder.pairs.tolist() == [[2, 4]]


def test_one_column_alone_has_no_pair():
    fit = fit_curves(
        regression(np.arange(40.0), numbers=np.arange(40.0)[:, None]), np.arange(40), n_pairs=3
    )
    assert fit.encoder.pairs.shape == (0, 2)
