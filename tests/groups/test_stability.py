"""A group that halves do not find again is joined to the one it hangs together with."""

from types import SimpleNamespace

import numpy as np

from rung.density.gaussians import GaussianMix
from rung.groups.stability import find_stability, found_again, group_means

CENTRES = np.array([[0.0], [2.5], [20.0]])
ALL = GaussianMix(np.full(3, 1 / 3), CENTRES, np.ones((3, 1, 1)))
X = np.repeat(CENTRES[:, 0], [50, 20, 30])[:, None]


def _half(*group):
    return SimpleNamespace(mixture=ALL, group=np.array(group))


def test_a_group_that_one_half_in_four_shows_is_joined_and_the_others_stay():
    halves = [_half(0, 1, 2), *[_half(0, 0, 1)] * 3]
    labels, group, stability = found_again(X, ALL, np.array([0, 1, 2]), halves)
    assert np.bincount(labels).tolist() == [70, 30]
    assert group.tolist() == [0, 0, 1]
    # the half that shows all three agrees on the 50 rows, and not on the 20
    assert stability[[0, 60, 90]].tolist() == [1.0, 0.75, 1.0]


def test_a_group_that_half_of_the_halves_show_stays():
    halves = [*[_half(0, 1, 2)] * 2, *[_half(0, 0, 1)] * 2]
    labels, _, stability = found_again(X, ALL, np.array([0, 1, 2]), halves)
    assert np.bincount(labels).tolist() == [50, 30, 20]
    assert stability[labels == 2].tolist() == [0.5] * 20


def test_names_of_groups_in_halves_do_not_matter():
    labels = np.repeat([0, 1, 2], [50, 20, 30])
    assert find_stability(X, labels, [_half(2, 0, 1), _half(1, 2, 0)]).tolist() == [1.0] * 100


def test_groups_of_which_none_is_found_again_are_returned_as_they_were():
    halves = [_half(0, 0, 0)] * 4
    labels, _, stability = found_again(X, ALL, np.array([0, 1, 2]), halves)
    assert np.bincount(labels).tolist() == [50, 30, 20]
    assert group_means(stability, labels, 3).tolist() == [1.0, 0.0, 0.0]
