from dataclasses import replace

import numpy as np

from rung.prep.curve_terms import column_curves, contributions, term_names
from rung.prep.curves import fit_curve_encoder
from tests.tables import mixed_table, regression

N_ROWS = 80


def made(rows, scores=1, seed=0):
    problem = regression(np.arange(N_ROWS), **mixed_table(N_ROWS))
    encoder = fit_curve_encoder(problem, rows, most=[7] * 4)
    encoder = replace(encoder, pairs=np.array([[0, 1]]))
    coefficients = np.random.default_rng(seed).normal(size=(encoder.width, scores))
    return problem.design, encoder, coefficients


def test_contributions_and_intercept_add_up_to_the_scores():
    design, encoder, coefficients = made(np.arange(N_ROWS), 2)
    terms = contributions(encoder, design, None, coefficients)
    assert terms.shape == (7, N_ROWS, 2)
    assert term_names(encoder) == ("x0", "x1", "x2", "x3", "c0", "c1", "x0 × x1")
    whole = encoder.combine(design, None, coefficients, np.zeros(2))
    np.testing.assert_allclose(terms.sum(axis=0), whole, atol=1e-12)


def test_a_curve_read_at_a_row_is_what_the_column_adds():
    design, encoder, coefficients = made(np.arange(N_ROWS))
    curves = {c.name: c for c in column_curves((encoder, coefficients), (), 5)}
    terms = dict(
        zip(
            term_names(encoder),
            contributions(encoder, design, None, coefficients)[..., 0],
            strict=True,
        )
    )
    x = design.numbers()[:, 1]
    read = np.interp(x, curves["x1"].grid, curves["x1"].contribution[:, 0])
    read[np.isnan(x)] = curves["x1"].missing[0]
    np.testing.assert_allclose(read, terms["x1"], atol=1e-5)
    labels = dict(zip(curves["c0"].labels, curves["c0"].contribution[:, 0], strict=True))
    for code, own in zip(design.codes()[:, 0], terms["c0"], strict=True):
        assert labels["missing" if code < 0 else f"a{code}"] == own
    assert np.isnan(curves["x1"].error).all()


def test_the_error_is_that_of_the_jackknife():
    folds = [made(np.flatnonzero(np.arange(N_ROWS) % 4 != k), seed=k)[1:] for k in range(4)]
    whole = made(np.arange(N_ROWS))[1:]
    curve = column_curves(whole, folds, 4)[0]
    own = [
        np.interp(curve.grid, encoder.knots[0], theta[: len(encoder.knots[0]), 0])
        for encoder, theta in folds
    ]
    np.testing.assert_allclose(curve.folds[..., 0], own, atol=1e-5)
    by_hand = np.sqrt(3 / 4 * ((np.array(own) - np.mean(own, axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(curve.error[:, 0], by_hand, atol=1e-5)


def test_scores_of_many_classes_have_mean_zero():
    curve = column_curves(made(np.arange(N_ROWS), 3)[1:], (), 5)[0]
    np.testing.assert_allclose(curve.contribution.sum(axis=1), 0.0, atol=1e-12)
