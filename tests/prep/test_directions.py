"""Directions of numbers beside the columns that trees cut."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.directions import (
    DirectionEncoder,
    encoder_from_state,
    fit_directions,
    name_direction,
)
from rung.prep.ordinal import fit_tree_encoder
from rung.prep.rotation import MOST_NUMBERS
from tests.tables import mixed_table, regression, scrambled

RNG = np.random.default_rng(3)
ROWS = np.arange(400)
TRAIN = np.flatnonzero(ROWS % 4)


def problem(seed=0):
    """Return numbers with gaps, one twice, and categories with rare levels."""
    parts = mixed_table(400, seed, weighted=True)
    return regression(parts["numbers"][:, 0] + parts["codes"][:, 0], **parts)


def test_columns_stay_and_directions_follow_them():
    own = problem()
    encoder, plain = fit_directions(own, TRAIN), fit_tree_encoder(own, TRAIN)
    matrix = encoder.matrix(own.design)
    assert matrix.shape == (400, encoder.n_features)
    assert encoder.n_features == plain.n_features + 4
    np.testing.assert_array_equal(matrix[:, : plain.n_features], plain.matrix(own.design))
    trained = encoder.training_matrix(own.design, TRAIN)
    np.testing.assert_array_equal(
        trained[:, : plain.n_features], plain.training_matrix(own.design, TRAIN)
    )
    np.testing.assert_array_equal(trained[:, -4:], matrix[TRAIN][:, -4:])
    turned = matrix[TRAIN][:, -4:-1]
    alike = np.corrcoef(turned.T) - np.eye(3)
    assert np.abs(alike).max() < 0.1
    assert np.isfinite(turned).all()


def test_the_difference_of_two_like_columns_is_a_direction():
    common = RNG.normal(size=400)
    numbers = np.stack([common, common + 0.01 * RNG.normal(size=400)], axis=1)
    own = regression(common, numbers=numbers)
    encoder = fit_directions(own, ROWS)
    narrow = encoder.matrix(own.design)[:, -1]
    assert abs(np.corrcoef(narrow, numbers[:, 0] - numbers[:, 1])[0, 1]) > 0.99
    assert encoder.names[0] in ("D1 (x0 + x1)", "D1 (x1 + x0)")
    assert encoder.names[1] in ("D2 (x0 − x1)", "D2 (x1 − x0)")


def test_a_missing_number_counts_as_its_median():
    own = problem()
    encoder = fit_directions(own, TRAIN)
    values = {**own.design.values, "x1": np.full(400, np.nan)}
    gone = encoder.matrix(replace(own.design, values=values))[:, -4:]
    values["x1"] = np.full(400, encoder.shift[1])
    np.testing.assert_array_equal(encoder.matrix(replace(own.design, values=values))[:, -4:], gone)


def test_a_row_alone_is_turned_to_the_same_bits_as_among_others():
    own = problem()
    encoder = fit_directions(own, TRAIN)
    matrix = encoder.matrix(own.design)
    for row in (0, 1, 399):
        assert encoder.matrix(own.design, np.array([row])).tobytes() == matrix[row].tobytes()


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e308, -1e308])
def test_cells_far_outside_give_finite_directions(value):
    own = problem()
    encoder = fit_directions(own, TRAIN)
    values = {**own.design.values, "x0": np.full(400, value)}
    assert np.isfinite(encoder.matrix(replace(own.design, values=values))[:, -4:]).all()


def test_rows_that_are_not_trained_on_change_nothing():
    own = problem()
    other = scrambled(own, np.flatnonzero(ROWS % 4 == 0))
    one, two = (fit_directions(each, TRAIN).to_state() for each in (own, other))
    for name, array in one.arrays.items():
        assert array.tobytes() == two.arrays[name].tobytes()


@pytest.mark.parametrize("n_numbers", [1, MOST_NUMBERS + 1])
def test_one_number_or_very_many_have_no_directions(n_numbers):
    numbers = RNG.normal(size=(400, n_numbers))
    encoder = fit_directions(regression(numbers[:, 0], numbers=numbers), ROWS)
    assert encoder.n_features == n_numbers
    assert encoder.names == ()


def test_a_state_gives_the_encoder_back():
    own = problem()
    for encoder in (fit_directions(own, TRAIN), fit_tree_encoder(own, TRAIN)):
        again = encoder_from_state(encoder.to_state())
        assert type(again) is type(encoder)
        matrix = encoder.matrix(own.design)
        assert again.matrix(own.design).tobytes() == matrix.tobytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("numbers.scale", 0.0),
        ("numbers.shift", np.nan),
        ("numbers.in_use", 2),
        ("rotation.axes", np.inf),
        ("rotation.mean", np.nan),
    ],
)
def test_damage_is_refused(name, value):
    state = fit_directions(problem(), TRAIN).to_state()
    array = state.arrays[name].copy()
    array.flat[0] = value
    with pytest.raises(BadModelFile):
        DirectionEncoder.from_state(State(state.spec, {**state.arrays, name: array}, state.strings))


def test_a_direction_is_named_by_what_weighs_most():
    assert name_direction(np.array([0.1, -0.5, 0.9]), ["u", "g", "r"]) == "r − g …"
    assert name_direction(np.array([-0.5, -0.4]), ["u", "g"]) == "u + g"
