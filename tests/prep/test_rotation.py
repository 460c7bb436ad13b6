import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.rotation import (
    MOST_NUMBERS,
    ROWS_OF_A_NUMBER,
    Rotation,
    fit_rotation,
    no_rotation,
)


def _alike(n_rows=400, n_numbers=3):
    """Return numbers that are nearly the same."""
    generator = np.random.default_rng(5)
    common = generator.normal(size=(n_rows, 1))
    return common + 0.1 * generator.normal(size=(n_rows, n_numbers))


def test_directions_of_training_rows_have_spread_one_and_do_not_go_together():
    numbers = _alike()
    turned = fit_rotation(numbers).apply(numbers)
    assert np.allclose(turned.mean(axis=0), 0.0, atol=1e-12)
    assert np.allclose(turned.T @ turned / len(turned), np.eye(3), atol=0.03)


def test_a_small_difference_of_columns_becomes_a_direction():
    numbers = _alike(n_numbers=2)
    turned = fit_rotation(numbers).apply(numbers)
    difference = numbers[:, 0] - numbers[:, 1]
    assert abs(np.corrcoef(turned[:, 1], difference)[0, 1]) > 0.999
    assert max(abs(np.corrcoef(each, difference)[0, 1]) for each in numbers.T) < 0.2


def test_units_of_a_number_do_not_matter():
    numbers = _alike()
    other = numbers * [1.0, 1e-3, 1e5] + [0.0, 7.0, -3.0]
    assert np.allclose(
        fit_rotation(other).apply(other), fit_rotation(numbers).apply(numbers), atol=1e-6
    )


def test_a_column_twice_gives_a_flat_direction_and_no_noise():
    numbers = _alike()
    twice = np.concatenate([numbers, numbers[:, :1]], axis=1)
    assert np.abs(fit_rotation(twice).apply(twice)[:, -1]).max() < 1e-6


@pytest.mark.parametrize(
    "numbers",
    [
        np.ones((50, 3)),
        _alike(n_numbers=1),
        np.zeros((50, 0)),
        _alike(n_rows=3 * ROWS_OF_A_NUMBER - 1),
        _alike(n_rows=5_000, n_numbers=MOST_NUMBERS + 1),
    ],
    ids=["constant", "one", "none", "few rows", "many numbers"],
)
def test_nothing_is_learned_where_directions_would_say_nothing(numbers):
    assert fit_rotation(numbers).width == 0


def test_a_state_gives_the_same_rotation_back():
    numbers = _alike()
    for rotation in (fit_rotation(numbers), no_rotation(3)):
        again = Rotation.from_state(rotation.to_state(), 3)
        assert np.array_equal(again.apply(numbers), rotation.apply(numbers))


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e10])
def test_weights_that_no_training_gives_are_refused(weight):
    state = fit_rotation(_alike()).to_state()
    axes = state.arrays["axes"].copy()
    axes[0, 0] = weight
    with pytest.raises(BadModelFile, match="'axes'"):
        Rotation.from_state(State({}, {**state.arrays, "axes": axes}), 3)
