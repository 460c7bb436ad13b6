"""Contrasts, bounds and margins worked by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from rung.core.compare import (
    OneSided,
    active_margin,
    contrasts,
    difference_contrast,
    max_quantile,
    neighbour_factor,
    standard_errors,
    student_draws,
)
from rung.core.losses import Losses
from tests.core.verdict_twice import independent_cut

NAMES = ("constant", "a", "b")


def losses(rows, names=NAMES, k=5, **more):
    rows = np.asarray(rows, dtype=float)
    means = rows.mean(axis=0)
    return Losses(names, means, rows - means, k, len(rows), len(rows), **more)


def of_means(means, influence=None, **more):
    """Losses whose means are exact; influence is plus and minus a half unless given."""
    size = len(means)
    influence = np.tile([[0.5], [-0.5]], (2, size)) if influence is None else influence
    m = len(influence)
    return Losses(NAMES[:size], np.array(means, dtype=float), influence, 5, m, m, **more)


def gamma_rows(n=80, seed=4):
    return np.random.default_rng(seed).gamma(2.0, size=(n, 3))


# Bounds.


def test_ratios_without_variation_are_infinite_on_the_side_of_the_mean():
    means, errors = np.array([0.5, 0.5, 0.0, -1.0]), np.array([0.25, 0.0, 0.0, 0.0])
    found = OneSided(means, errors, np.full(4, -np.inf))
    assert found.ratios.tolist() == [2.0, np.inf, -np.inf, -np.inf]


def test_a_lower_bound_is_the_higher_of_the_cut_and_the_tails():
    means, errors = np.array([0.5, 0.5, 0.5]), np.array([0.25, 0.25, 0.0])
    found = OneSided(means, errors, np.array([-np.inf, 0.1, -np.inf]))
    assert found.lower(2.0).tolist() == [0.0, 0.1, 0.5]


def test_lower_and_upper_bounds_lie_as_far_from_the_mean():
    """Differences -1, 0, 1, 2: mean .5, s² = 5/3, widened by 1.5 at five folds."""
    rows = np.column_stack([[9.0] * 4, [0.0, 1.0, 2.0, 3.0], [1.0] * 4])
    found = difference_contrast(losses(rows), 1, 2)
    reach = 2.0 * math.sqrt(5 / 3 / 4) * 1.5
    assert found.rivals == ("b",)
    assert found.means.tolist() == [0.5]
    assert found.lower(2.0)[0] == pytest.approx(0.5 - reach)
    assert found.upper(2.0)[0] == pytest.approx(0.5 + reach)


# Standard errors.


def test_two_units_are_enough_for_a_standard_error():
    """Values -1 and 1: s² = 2, over two units 1."""
    pair = np.array([[-1.0], [1.0]])
    assert standard_errors(pair, 5, factor=1.0).tolist() == [1.0]
    assert standard_errors(pair, 5).tolist() == [1.5]


def test_an_infinite_factor_says_nothing_even_where_nothing_varies():
    assert standard_errors(np.zeros((9, 2)), 5, factor=math.inf).tolist() == [np.inf, np.inf]


def test_neighbours_in_a_stream_widen_the_error_by_their_likeness():
    """1, 1, -1, -1: r = (1 - 1 + 1) / 4, (1 + r) / (1 - r) = 5/3; the plain error is √(4/3/4)."""
    stream = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    found = standard_errors(stream, 5, factor=1.0, is_ordered=True)
    assert found[0] == pytest.approx(math.sqrt(5 / 3) * math.sqrt(1 / 3))
    assert standard_errors(stream, 5, factor=1.0)[0] == pytest.approx(math.sqrt(1 / 3))
    contrast = losses(stream * [[2.0, 1.0]], NAMES[:2], factor=1.0, is_ordered=True)
    assert difference_contrast(contrast, 0, 1).above.errors[0] == pytest.approx(math.sqrt(5) / 3)


def test_likeness_counts_up_to_nineteen_twentieths_and_none_below_zero():
    """A hundred ones and a hundred minus ones have r = .985; a zero column has none."""
    block = np.repeat([1.0, -1.0], 100)
    columns = np.column_stack([block, np.tile([1.0, -1.0], 100), np.zeros(200)])
    expected = [math.sqrt(1.95 / 0.05), 1.0, 1.0]
    assert neighbour_factor(columns) == pytest.approx(expected)
    assert neighbour_factor(columns * 1e-6) == pytest.approx(expected)


# Margins.


@pytest.mark.parametrize(
    ("means", "floor", "expected"),
    [
        ([1.0, 0.01], 1e-3, [1e-3, 0.0]),  # 10 % of the rival is the floor: the floor
        ([2.0, 0.01], 1e-3, [1e-3, 0.0]),  # the floor of 2 is more
        ([3.0, 1.0], 0.0, [0.0, 0.10]),  # 10 % of the rival is 5 % of the gain: the rival
        ([5.0, 4.0], 0.0, [0.05, -0.05]),  # 5 % of the gain is 1 % of the constant: the gain
        ([5.0, 4.5], 0.0, [0.01, 0.0]),
    ],
)
def test_margins_at_the_edges_of_their_branches(means, floor, expected):
    found, coefficients = active_margin(of_means(means, floor=floor), 1)
    assert coefficients.tolist() == expected
    assert found == pytest.approx(np.dot(expected, means))


# Rounding.


def test_a_difference_of_rounding_is_none():
    """Each family has size 1 + .5: what is below 1e-12 times their sum, 3e-12, is rounding."""
    far = contrasts(of_means([1.0 + 3.5e-12, 1.0]), 0, margin=0.0)
    near = contrasts(of_means([1.0 + 2.5e-12, 1.0]), 0, margin=0.0)
    assert far.means[0] == pytest.approx(3.5e-12, rel=1e-3)
    assert near.means.tolist() == near.above.means.tolist() == [0.0]


def test_variation_of_rounding_is_none():
    """Influence that differs by d at every unit, in turns: the error is d √(4/3) / 2 · 1.5."""
    turns = np.array([[1.0], [-1.0], [1.0], [-1.0]])

    def errors(d):
        influence = turns * np.array([[0.5 + d, 0.5]])
        return contrasts(of_means([1.0, 1.0], influence), 0, margin=0.0).above.errors[0]

    assert errors(2.0e-12) == 0.0
    assert errors(4.5e-12) == pytest.approx(4.5e-12 * math.sqrt(4 / 3) / 2 * 1.5, rel=1e-3)


# Values of which a few are absurd.


@pytest.mark.parametrize("scale", [1.0, 1e-6])
@pytest.mark.parametrize("is_ordered", [False, True])
def test_a_contrast_with_an_absurd_row_is_that_of_the_second_writing(is_ordered, scale):
    rows, margin = gamma_rows() * scale, 0.25 * scale
    rows[5, 1] += 1e6 * scale
    found = contrasts(losses(rows, is_ordered=is_ordered), 1, margin=margin)
    for i, rival in enumerate((0, 2)):
        kept, error, lower = independent_cut(rows[:, 1] - rows[:, rival] - margin, 2)
        widened = neighbour_factor((kept - kept.mean())[:, None])[0] if is_ordered else 1.0
        assert found.means[i] == pytest.approx(rows[:, 1].mean() - rows[:, rival].mean() - margin)
        assert found.above.means[i] == pytest.approx(kept.mean())
        assert found.above.errors[i] == pytest.approx(error * widened)
        assert found.above.tails[i] == (-np.inf if is_ordered else pytest.approx(lower))
    assert found.below.means == pytest.approx(-found.means)
    assert found.below.tails.tolist() == [-np.inf, -np.inf]


def test_a_rival_alone_has_all_of_the_risk_of_the_tail():
    rows = gamma_rows()
    rows[5, 2] += 1e6
    found = difference_contrast(losses(rows), 1, 2)
    _, _, lower = independent_cut(rows[:, 2] - rows[:, 1], 1)
    assert found.below.tails[0] == pytest.approx(lower)
    assert found.upper(0.0)[0] == pytest.approx(-max(lower, found.below.means[0]))


@pytest.mark.parametrize(("times", "expected"), [(2.0, 1.0), (-1.0, -1.0)])
def test_contrasts_that_go_together_have_a_correlation_of_one(times, expected):
    line = np.arange(6.0)
    found = contrasts(losses(np.column_stack([line, 0 * line, times * line])), 1, margin=0.0)
    assert found.correlation == pytest.approx(np.array([[1.0, expected], [expected, 1.0]]))


@pytest.mark.parametrize("scale", [1.0, 1e-6])
def test_correlations_are_those_of_the_values_that_were_cut(scale):
    rows = gamma_rows() * scale
    rows[5, 1] += 1e6 * scale
    found = contrasts(losses(rows), 1, margin=0.0)
    kept = [independent_cut(rows[:, 1] - rows[:, rival], 2)[0] for rival in (0, 2)]
    assert found.correlation == pytest.approx(np.corrcoef(kept))


def test_a_rival_that_never_varies_is_independent_of_all():
    rows = gamma_rows(20)
    rows[:, 0] = rows[:, 1] + 1.0
    found = contrasts(losses(rows), 1, margin=0.0)
    assert found.correlation.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert found.above.ratios[0] == -np.inf


def test_a_family_alone_has_no_contrast():
    found = contrasts(losses(gamma_rows()[:, :1], NAMES[:1]), 0)
    assert found.rivals == ()
    assert found.correlation.shape == (0, 0)


# Quantiles.


def test_draws_are_those_of_two_streams_of_the_seed():
    normal = np.random.default_rng([0x5EED, 3]).standard_normal((2, 20_000))
    squares = np.random.default_rng([0x5D, 3]).chisquare(4.0, 20_000)
    assert (student_draws(2, 3) == normal).all()
    assert student_draws(2, 3, 4.0) == pytest.approx(normal / np.sqrt(squares / 4.0))


def test_the_quantile_is_that_of_the_draws_and_a_millionth_is_added_to_the_diagonal():
    draws = student_draws(2, 0)
    for level in (0.5, 0.95):
        expected = np.quantile(draws[0], level) * math.sqrt(1 + 1e-6)
        assert max_quantile(np.eye(1), draws, level) == pytest.approx(expected, rel=1e-9)
    assert max_quantile(np.eye(1), draws) == pytest.approx(stats.norm.ppf(0.95), abs=0.03)


def test_a_correlation_that_rounding_made_indefinite_is_repaired():
    """Eigenvalues 2.1 and -.1: without the second, both are the first, at √1.05."""
    found = max_quantile(np.array([[1.0, 1.1], [1.1, 1.0]]), student_draws(2, 0))
    expected = np.quantile(student_draws(1, 0)[0], 0.95) * math.sqrt(1.05)
    assert found == pytest.approx(expected, rel=0.01)
