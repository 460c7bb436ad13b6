import math

import numpy as np
import pytest
from scipy import stats

from rung.core.compare import (
    active_margin,
    contrasts,
    max_quantile,
    overlap_factor,
    standard_errors,
    student_draws,
)
from rung.core.losses import Losses, unit_losses
from tests.core.oof_examples import regression

DRAWS = student_draws(8, 0)


def losses_of(means, names=("constant", "a", "b"), m=50):
    rng = np.random.default_rng(1)
    influence = rng.normal(size=(m, len(means)))
    return Losses(names, np.array(means), influence - influence.mean(axis=0), 5, m, m)


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_the_quantile_of_independent_maxima_is_exact_within_monte_carlo(size):
    exact = stats.norm.ppf(0.95 ** (1 / size))
    assert max_quantile(np.eye(size), DRAWS) == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize(("size", "table"), [(2, 1.92), (3, 2.06), (5, 2.23)])
def test_equal_correlations_of_one_half_give_dunnetts_table(size, table):
    """Dunnett (1955), one-sided, 5 %, infinite degrees of freedom."""
    correlation = np.full((size, size), 0.5) + 0.5 * np.eye(size)
    assert max_quantile(correlation, DRAWS) == pytest.approx(table, abs=0.05)


def test_rivals_that_are_the_same_cost_nothing():
    one = max_quantile(np.eye(1), DRAWS)
    assert max_quantile(np.ones((4, 4)), DRAWS) == pytest.approx(one, abs=0.01)


def test_more_rivals_keep_the_draws_of_the_first():
    assert (student_draws(3, 7) == student_draws(9, 7)[:3]).all()
    assert (student_draws(3, 7, 4.0) == student_draws(9, 7, 4.0)[:3]).all()


@pytest.mark.parametrize("freedom", [3.0, 30.0])
def test_the_quantile_for_one_rival_is_that_of_student(freedom):
    found = max_quantile(np.eye(1), student_draws(1, 0, freedom))
    assert found == pytest.approx(stats.t.ppf(0.95, freedom), rel=0.03)


def test_the_quantile_for_two_rivals_is_dunnetts_with_few_units():
    """Dunnett (1955), one-sided, 5 %, 5 degrees of freedom, correlation one half: 2.44."""
    correlation = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert max_quantile(correlation, student_draws(2, 0, 5.0)) == pytest.approx(2.44, abs=0.06)


def test_opposite_rivals_do_no_harm():
    assert math.isfinite(max_quantile(np.array([[1.0, -1.0], [-1.0, 1.0]]), DRAWS))


@pytest.mark.parametrize(("k", "factor"), [(5, 1.5), (10, math.sqrt(19) / 3), (2, math.sqrt(3))])
def test_overlap_factor_is_that_of_nadeau_and_bengio(k, factor):
    assert overlap_factor(k) == pytest.approx(factor)


def test_a_single_split_is_as_uncertain_as_two():
    assert overlap_factor(1) == overlap_factor(2)


def test_plain_standard_errors_equal_scipy():
    values = np.random.default_rng(0).normal(size=(40, 3))
    found = standard_errors(values - values.mean(axis=0), 5, factor=1.0)
    assert found == pytest.approx(stats.sem(values, axis=0))


def test_one_unit_has_no_standard_error():
    assert np.isinf(standard_errors(np.zeros((1, 2)), 5)).all()


@pytest.mark.parametrize(
    ("means", "margin"),
    [
        ([1.0, 0.5, 0.6], 0.05 * 0.5),  # five per cent of the gain
        ([1.0, 0.95, 0.6], 0.01 * 1.0),  # the gain is small: one per cent of the constant
        ([1.0, 0.04, 0.6], 0.10 * 0.04),  # little is left: ten per cent of the rival
        ([1.0, 1.30, 0.6], 0.01 * 1.0),  # worse than the constant
    ],
)
def test_the_margin_takes_its_active_branch(means, margin):
    losses = losses_of(means)
    found, coefficients = active_margin(losses, 1)
    assert found == pytest.approx(margin)
    assert coefficients @ losses.means == pytest.approx(margin)


@pytest.mark.parametrize(
    ("rival", "expected"),
    [
        (0.5, lambda f, g, c: f - 0.95 * g - 0.05 * c),
        (0.95, lambda f, g, c: f - g - 0.01 * c),
        (0.04, lambda f, g, c: f - 1.1 * g),
    ],
)
def test_the_contrast_is_that_of_the_branch(rival, expected):
    losses = losses_of([1.0, rival, 0.6])
    found = contrasts(losses, 2)
    index = found.rivals.index("a")
    assert found.means[index] == pytest.approx(expected(0.6, rival, 1.0))
    c, g, f = losses.influence.T
    values = expected(f, g, c)
    error = values.std(ddof=1) / math.sqrt(50) * 1.5
    assert found.above.errors[index] == found.below.errors[index] == pytest.approx(error)


def test_a_given_margin_is_subtracted_from_every_difference():
    found = contrasts(losses_of([1.0, 0.5, 0.6]), 2, margin=0.07)
    assert found.means == pytest.approx([0.6 - 1.0 - 0.07, 0.6 - 0.5 - 0.07])


def test_without_a_constant_the_margin_is_a_share_of_the_rival():
    losses = losses_of([0.8, 0.5], names=("a", "b"))
    assert active_margin(losses, 1)[0] == pytest.approx(0.005)


def test_correlations_are_those_of_the_contrasts():
    losses = unit_losses(regression(), "squared_error")
    found = contrasts(losses, 1, margin=0.1)
    rest = [0, 2, 3]
    values = losses.influence[:, [1]] - losses.influence[:, rest]
    assert found.correlation == pytest.approx(np.corrcoef(values.T))


def test_a_family_against_its_copy_has_no_error_and_no_nan():
    losses = unit_losses(regression(), "squared_error")
    twice = Losses(
        ("a", "b"), losses.means[[2, 2]], losses.influence[:, [2, 2]], 5, losses.m, losses.m
    )
    found = contrasts(twice, 0, margin=0.0)
    assert found.means.tolist() == found.above.errors.tolist() == [0.0]
    assert found.above.ratios.tolist() == [-np.inf]
    assert found.upper(2.0).tolist() == [0.0]
