import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.prep.sigmoid import fit_sigmoid, log_sigmoid


def platt_loss(theta, margin, is_class, weight):
    inside, outside = weight[is_class].sum(), weight[~is_class].sum()
    target = np.where(is_class, (inside + 1) / (inside + 2), 1 / (outside + 2))
    score = theta[0] * margin + theta[1]
    return weight @ (np.logaddexp(0.0, score) - target * score)


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e80])
def test_the_fit_is_the_minimum_that_scipy_finds(scale):
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    margin, weight = rng.normal(size=300), rng.uniform(0.2, 2.0, 300)
    is_class = margin + rng.logistic(size=300) > 0.5
    found = minimize(platt_loss, np.zeros(2), (margin, is_class, weight), tol=1e-12)
    slope, offset = fit_sigmoid(margin * scale, is_class, weight)
    np.testing.assert_allclose([slope * scale, offset], found.x, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([0, -5, 5, 90, -90]))
def test_any_margins_give_finite_numbers_and_a_slope_of_at_least_zero(seed, n_rows, power):
    rng = np.random.default_rng(seed)
    margin = rng.normal(size=n_rows) * 10.0**power * 10.0 ** rng.integers(0, 3, n_rows)
    is_class = rng.random(n_rows) < 0.5
    slope, offset = fit_sigmoid(margin, is_class, rng.integers(0, 3, n_rows).astype(float))
    assert slope >= 0
    assert np.isfinite([slope, offset]).all()


def test_separable_margins_do_not_claim_certainty():
    margin = np.array([-2.0, -1.0, 1.0, 2.0])
    slope, offset = fit_sigmoid(margin, margin > 0, np.ones(4))
    share = np.exp(log_sigmoid(slope * margin + offset))
    assert 0.1 < share.min() < share.max() < 0.9
    assert share @ np.ones(4) == pytest.approx(2.0)


def test_log_sigmoid_does_not_overflow():
    np.testing.assert_array_equal(log_sigmoid(np.array([-1e6, 0.0, 1e6])), [-1e6, -np.log(2), 0])
