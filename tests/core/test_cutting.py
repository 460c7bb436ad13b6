import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rung.core.cutting import LARGEST_VALUES, TAIL_RISK, cut_above


def column(*values):
    return np.array(values, dtype=float)[:, None]


def test_a_value_is_cut_at_the_median_plus_root_m_spreads():
    """Thirty-six values: median 0, half of the others one away, so the bound is 6 · 1.4826."""
    values = column(*[-1.0] * 17, *[0.0] * 2, *[1.0] * 16, 500.0)
    found = cut_above(values)
    assert found.values.max() == pytest.approx(6 * 1.4826)
    assert found.means[0] == pytest.approx((-17 + 16 + 6 * 1.4826) / 36)
    assert (found.values[:-1] == values[:-1]).all()


def test_a_shift_of_all_values_shifts_what_is_left_and_no_tail():
    values = column(*[-1.0] * 17, *[0.0] * 2, *[1.0] * 16, 500.0)
    here, there = cut_above(values), cut_above(values + 64.0)
    assert there.values == pytest.approx(here.values + 64.0)
    assert there.tails == pytest.approx(here.tails)


def test_centred_values_are_those_that_were_cut_minus_their_mean():
    values = column(*[-1.0] * 17, *[0.0] * 2, *[1.0] * 16, 500.0)
    mean = (-17 + 16 + 6 * 1.4826) / 36
    centred = cut_above(values).centred
    assert (centred[0, 0], centred[-1, 0]) == pytest.approx((-1 - mean, 6 * 1.4826 - mean))


def test_what_stands_below_the_bound_changes_no_bit():
    values = np.random.default_rng(0).normal(size=(200, 3))
    found = cut_above(values)
    assert found.values is values
    assert found.means.tolist() == values.mean(axis=0).tolist()
    assert found.tails.tolist() == [0.0, 0.0, 0.0]


def test_only_the_column_that_holds_it_is_cut():
    values = np.random.default_rng(1).normal(size=(100, 2))
    values[3, 1] = 1e6
    found = cut_above(values)
    assert (found.values[:, 0] == values[:, 0]).all()
    assert found.tails[0] == 0 < found.tails[1]


def test_low_values_are_never_cut():
    values = np.random.default_rng(2).normal(size=(100, 1))
    values[0] = -1e9
    assert (cut_above(values).values == values).all()


def test_fewer_than_thirty_values_are_left_as_they_are():
    values = column(*range(28), 1e9)
    assert cut_above(values).values.max() == 1e9
    assert cut_above(column(*range(29), 1e9)).values.max() < 1e9


def test_values_that_are_all_alike_have_no_bound():
    values = column(*[2.0] * 60)
    assert cut_above(values).means.tolist() == [2.0]


def test_the_spread_is_that_of_values_that_differ():
    """Ninety of a hundred wrong predictions alike: a mistake of one is none that is absurd."""
    values = column(*[0.0] * 95, *[1.0] * 5)
    assert cut_above(values).tails.tolist() == [0.0]


def test_the_tail_is_the_beta_quantile_times_the_height():
    values = column(*[-1.0, 1.0] * 50, 1e6)
    bound = 1.0 + math.sqrt(101) * 1.4826 * 2.0
    risk = 0.001
    share = stats.beta.ppf(risk / len(LARGEST_VALUES), 1, 101)
    found = cut_above(values, risk=risk)
    assert found.values.max() == pytest.approx(bound)
    assert found.tails[0] == pytest.approx(share * (1e6 - bound))


@pytest.mark.parametrize("k", [1, 2, 4, 8])
def test_the_tail_of_several_absurd_values_rests_on_all_of_them(k):
    """Four counts share a risk of .001: Beta(k, m - k + 1) of m = 100 + k values."""
    values = column(*[-1.0, 1.0] * 50, *[1e6] * k)
    found = cut_above(values)
    share = stats.beta.ppf(0.001 / 4, k, 101)
    assert found.tails[0] == pytest.approx(share * (1e6 - found.values.max()))


@given(
    values=st.lists(st.floats(-100, 100), min_size=40, max_size=60),
    height=st.floats(1e3, 1e12),
)
@settings(max_examples=50, deadline=None)
def test_cutting_lowers_means_and_the_tail_never_makes_up_for_more(values, height):
    table = np.array([*values, height])[:, None]
    found = cut_above(table)
    whole = table.mean()
    assert found.means[0] <= whole * (1 + 1e-12)
    assert found.means[0] + found.tails[0] <= whole * (1 + 1e-12)


def test_the_tail_holds_for_a_distribution_without_variance():
    """Pareto, tail 1.5, mean 3, 400 draws: mean + tail - t · SE is above 3 in at most .2 %.

    Two thousand tables; nine or more would have probability below .03 at .2 %.
    """
    rng = np.random.default_rng(11)
    t = stats.t.ppf(1 - TAIL_RISK / 2, 399)
    above = 0
    for _ in range(2_000):
        found = cut_above(1 + rng.pareto(1.5, size=(400, 1)))
        error = found.values.std(ddof=1) / 20
        above += found.means[0] + found.tails[0] - t * error > 3.0
    assert above <= 8
