"""Columns alone miss what joins them."""

import numpy as np
import pytest

from tests.families.density.laws import cross_fit, line, mean


def test_it_loses_the_mutual_information_of_two_columns():
    expected = -0.5 * np.log(1 - 0.95**2)
    assert mean(line(), "gaussian") - mean(line(), "independent") == pytest.approx(
        expected, abs=0.2
    )
    assert cross_fit(line(), "independent").settings[0] == {"edges": 0}
