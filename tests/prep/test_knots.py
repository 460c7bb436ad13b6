import numpy as np
import pytest

from rung.prep.knots import NEAREST, choose_knots, coarse, differences, hats, spacing


def test_few_different_values_are_all_knots():
    values = np.array([3.0, 1.0, 1.0, np.nan, 2.0])
    assert choose_knots(values, 4).tolist() == [1.0, 2.0, 3.0]


def test_many_values_are_cut_into_equal_parts_with_both_ends():
    knots = choose_knots(np.r_[np.arange(1001.0) ** 3, -7.0], 11)
    assert (knots[0], knots[-1], len(knots)) == (-7.0, 1000.0**3, 11)
    np.testing.assert_allclose(np.cbrt(knots[1:]), np.arange(1, 11) * 100.0, atol=1.5)


@pytest.mark.parametrize("values", [np.full(5, 2.0), np.full(5, np.nan), np.zeros(0)])
def test_what_does_not_vary_has_no_knots(values):
    assert not len(choose_knots(values, 8))


def test_hats_give_back_a_line_and_end_level():
    knots = np.array([-1.0, 0.5, 4.0])
    values = np.array([-9.0, -1.0, 0.0, 3.0, 4.0, 9.0])
    below, share = hats(values, knots)
    line = knots[below] + share * (knots[below + 1] - knots[below])
    np.testing.assert_allclose(line, np.clip(values, -1.0, 4.0), atol=1e-6)


@pytest.mark.parametrize("unit", [1e-30, 1 / 3, 7e-19, 1e300])
def test_hats_and_distances_do_not_know_the_unit(unit):
    rng = np.random.default_rng(3)
    values, knots = rng.uniform(size=200), np.sort(rng.uniform(size=9))
    for mine, other in zip(hats(values, knots), hats(values * unit, knots * unit), strict=True):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(spacing(knots), spacing(knots * unit))


def test_the_range_of_all_numbers_does_not_overflow():
    knots = np.array([-1.7e308, 0.0, 1.7e308])
    assert hats(np.array([0.85e308]), knots)[1].tolist() == [0.5]
    assert spacing(knots).tolist() == [1.0, 1.0]


def test_one_far_knot_does_not_decide_the_distances_of_the_others():
    assert spacing(np.array([0.0, 1.0, 2.0, 3.0, 1e300])).tolist() == [1, 1, 1, 1 / NEAREST]


def test_steps_leave_a_level_free_and_bends_a_line():
    knots = np.sort(np.random.default_rng(0).uniform(size=7))
    steps, bends = differences(knots)
    np.testing.assert_allclose(steps @ np.ones(7), 0.0, atol=1e-9)
    np.testing.assert_allclose(bends @ (3.0 + 2.0 * knots), 0.0, atol=1e-4 * bends.max())
    assert np.linalg.matrix_rank(steps) == 6
    assert np.linalg.matrix_rank(bends, tol=1e-4) == 5


def test_coarse_knots_keep_both_ends():
    assert coarse(np.arange(100.0), 4).tolist() == [0.0, 33.0, 66.0, 99.0]
    assert coarse(np.arange(3.0), 9).tolist() == [0.0, 1.0, 2.0]


def test_a_value_that_most_rows_share_takes_one_knot_and_leaves_the_others_to_the_rest() -> None:
    """Quantiles alone gave an income that is 0 in 92 of 100 rows four knots of forty."""
    rest = np.random.default_rng(0).exponential(size=80)
    values = np.concatenate([np.zeros(920), rest])
    knots = choose_knots(values, 40)
    assert len(knots) == 40
    assert knots[0] == 0.0
    assert knots[-1] == rest.max()
    # Those of the rest cut it into parts of about as many rows.
    counts = np.histogram(rest, knots[1:])[0]
    assert counts.max() <= 6
