import numpy as np

from rung.core.estimate import Estimate, weighted_mean


def test_a_mean_of_rows_that_weigh_nothing_is_the_plain_mean():
    assert weighted_mean(np.array([1.0, 3.0]), np.zeros(2)) == 2.0


def test_a_mean_of_rows_that_weigh_little_in_all_is_weighed():
    assert weighted_mean(np.array([1.0, 3.0]), np.array([0.5, 0.0])) == 1.0


def test_a_mean_weighs_by_hand():
    assert weighted_mean(np.array([1.0, 3.0, 8.0]), np.array([1.0, 2.0, 1.0])) == 3.75


def test_values_of_units_average_to_the_mean_and_are_taken_whole_where_given():
    influence = np.array([-1.0, 1.0])
    assert Estimate(5.0, influence, ()).values.tolist() == [4.0, 6.0]
    assert Estimate(5.0, influence, (), np.array([3.0, 7.0])).values.tolist() == [3.0, 7.0]
