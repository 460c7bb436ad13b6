"""What repeats is spread, and nothing else is changed."""

import numpy as np

from rung.density.cells import find_spread


def test_a_value_that_repeats_is_spread_and_the_others_are_left():
    rng = np.random.default_rng(0)
    column = np.append(np.zeros(40), 1 + rng.random(60))
    spread = find_spread(column)
    found = spread.apply(column, rng.random(100))
    assert spread.values == (0.0,)
    assert np.ptp(found[:40]) > 0.5
    assert found[40:].tobytes() == column[40:].tobytes()
    assert "repeats 0" in spread.note("mass")
