"""Units that outliers do not change."""

import numpy as np
import pytest

from rung.prep.robust import WIDE_LIMIT, bend, in_units, robust_units, squash


def test_squashing_is_nearly_straight_in_the_middle_and_keeps_order():
    x = np.linspace(-50, 50, 1001)
    bent = squash(x, 0.0, 1.0)
    assert (np.diff(bent) > 0).all()
    assert np.allclose(bent[495:506], x[495:506], atol=0.01)


def test_bending_is_squashing_in_units_already():
    x = np.linspace(-50, 50, 1001)
    assert np.array_equal(squash(x, 1.0, 2.0, 8.0), bend((x - 1.0) / 2.0, 8.0))
    assert np.abs(bend(x * 1e300, 8.0)).max() <= 8.0


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_units_follow_the_column_and_not_its_outliers(scale):
    rng = np.random.default_rng(0)
    column = scale * (3.0 + 2.0 * rng.normal(size=1001))
    column[:50] = 1e6 * scale
    (shift,), (spread,) = robust_units(column[:, None])
    assert shift == pytest.approx(3.2 * scale, rel=0.1)
    assert spread == pytest.approx(2.2 * scale, rel=0.1)


def test_columns_that_do_not_vary_have_no_spread_and_are_left_out():
    numbers = np.array([[1.0, 5.0, np.nan], [2.0, 5.0, np.nan], [4.0, 5.0, np.inf]])
    shift, scale = robust_units(numbers)
    assert scale[0] > 0
    assert scale[1:].tolist() == [0.0, 0.0]
    units = in_units(numbers, shift, np.where(scale > 0, scale, 1.0), scale > 0)
    assert units.shape == (3, 1)
    assert units[1, 0] == 0.0
    assert np.abs(units).max() < WIDE_LIMIT
