import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rung.nets.training.moments import FARTHEST, ColumnMoments, standardised


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.floats(-1e6, 1e6))
def test_moments_of_blocks_are_those_of_the_whole(sizes: list[int], offset: float) -> None:
    generator = np.random.default_rng(sum(sizes))
    whole = generator.normal(size=(sum(sizes), 3)) + offset
    whole[generator.random(whole.shape) < 0.1] = np.nan
    whole[0] = offset
    moments = ColumnMoments(3)
    for part in np.split(whole, np.cumsum(sizes)[:-1]):
        moments.add(part)
    np.testing.assert_allclose(moments.mean, np.nanmean(whole, axis=0), rtol=1e-12, atol=1e-9)
    wanted = np.nanstd(whole, axis=0)
    np.testing.assert_allclose(moments.scale, np.where(wanted > 0, wanted, 1), rtol=1e-6, atol=1e-7)


def test_wild_and_missing_cells_become_bounded_numbers() -> None:
    X = np.array([[1e300, np.nan, np.inf], [-1e300, 3.0, -np.inf], [2.0, 5.0, 1.0]])
    found = standardised(X, np.array([1.0, 3.0, 0.0]), np.array([1.0, 2.0, 1.0]))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[FARTHEST, 0, 0], [-FARTHEST, 0, 0], [1, 1, 1]])
