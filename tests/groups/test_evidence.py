"""What a finding rests on is shown in words of the groups of all rows, with rows as counted."""

import numpy as np
import pytest

from rung.groups.count import LEVEL, find_groups
from rung.groups.evidence import HalfShown, find_evidence, telling_half
from rung.groups.valleys import BINS


@pytest.fixture(scope="module")
def three():
    rng = np.random.default_rng(0)
    kind = np.repeat([0, 1, 2], 80)
    X = rng.normal(size=(240, 2)) + 9 * np.array([[0, 0], [1, 0], [2, 0]])[kind]
    return X, find_groups(X)


def test_valleys_part_the_groups_that_are_named_on_their_sides(three):
    X, grouping = three
    halves = find_evidence(grouping, X)
    middle = int(grouping.assign(np.array([[9.0, 0.0]]))[0]) + 1
    assert [(half.k, half.rows) for half in halves] == [(3, 120)] * 4
    for half in halves:
        sides = [set(one.sides) for one in half.valleys if one.parts]
        assert sides[0] | sides[1] == {1, 2, 3}
        assert sides[0] & sides[1] == {middle}
        assert all(one.level < LEVEL and one.between <= 2 for one in half.valleys)


def test_the_bars_of_a_picture_hold_the_rows_of_the_windows_at_both_peaks(three):
    X, grouping = three
    for one in find_evidence(grouping, X)[0].valleys:
        counts = np.array(one.counts)
        middles = (BINS[1:] + BINS[:-1]) / 2
        # the windows are a third of the way wide, which is four bars
        assert counts[np.abs(middles) < 1 / 6].sum() == one.beside[0]
        assert counts[np.abs(middles - 1) < 1 / 6].sum() == one.beside[1]
        assert 1 / 3 <= one.place <= 2 / 3


def test_the_half_that_is_shown_has_the_number_claimed_and_the_level_nearest_to_the_median():
    halves = tuple(HalfShown(k, 9, level, ()) for k, level in ((3, 1e-9), (2, 0.01), (3, 1e-3)))
    assert telling_half(halves, 3, 1e-4) == 2
    assert telling_half(halves, 2, 1e-9) == 1
