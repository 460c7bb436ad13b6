import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rung.prep.lines import FARTHEST, line, standardise

CELLS = arrays(
    np.float64,
    st.integers(1, 30),
    elements=st.one_of(
        st.floats(-1e6, 1e6),
        st.sampled_from([np.nan, 1e308, -1e308, 1e200, 0.0]),
    ),
)


def shares(values, shift, scale, weights):
    out = np.zeros((len(weights), len(values)))
    with np.errstate(over="ignore", invalid="ignore"):
        line(shift, scale, np.array(weights)).add_to(out, values)
    return out


@given(CELLS, st.floats(-1e3, 1e3), st.sampled_from([1e-300, 1e-3, 1.0, 1e5, 1e280]))
def test_a_line_adds_the_standardised_number_times_its_weights(values, shift, scale):
    weights = [2.0, -0.5]
    wanted = np.outer(weights, standardise(values, shift, scale))
    np.testing.assert_allclose(shares(values, shift, scale, weights), wanted, rtol=1e-12)


@given(CELLS, st.sampled_from([[3.0], [3.0, 0.0, -1e-3]]))
def test_a_row_gets_the_same_bits_whatever_stands_beside_it(values, weights):
    whole = shares(values, 0.25, 3.0, weights)
    for i in range(len(values)):
        assert (
            shares(values[i : i + 1], 0.25, 3.0, weights)[:, 0].tobytes()
            == whole[:, i].copy().tobytes()
        )


@pytest.mark.parametrize("scale", [1e-308, 1.0, 1e308])
def test_sums_of_finite_cells_stay_finite(scale):
    found = shares(np.array([1.7e308, -1.7e308, np.nan]), -1.7e308, scale, [1.0])
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 1.001 * FARTHEST
