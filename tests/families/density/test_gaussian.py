"""One Gaussian is exact where rows come from one."""

import numpy as np
import pytest

from tests.families.density.laws import cross_fit, line, mean


def test_its_held_out_log_density_is_the_entropy():
    expected = -(1 + np.log(2 * np.pi)) - 0.5 * np.log(1 - 0.95**2)
    assert mean(line(400), "gaussian") == pytest.approx(expected, abs=0.15)
    assert cross_fit(line(), "gaussian").settings[0] == {"components": 1, "shape": "full"}
