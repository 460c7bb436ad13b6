"""Ranks are those of scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from rung.core.ranks import mean_ranks


@given(st.lists(st.one_of(st.sampled_from([0.0, -0.0, 1.5, np.nan, np.inf]), st.floats())))
def test_ranks_are_those_of_scipy(numbers):
    values = np.array(numbers, dtype=float)
    np.testing.assert_array_equal(mean_ranks(values), rankdata(values, nan_policy="omit"))


def test_equal_numbers_share_the_mean_of_their_ranks():
    assert mean_ranks(np.array([2.0, 1.0, 2.0, 2.0])).tolist() == pytest.approx([3, 1, 3, 3])
