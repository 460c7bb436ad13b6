"""Relations of numbers beside the columns that trees cut."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.ordinal import TreeEncoder, fit_tree_encoder
from rung.prep.related import (
    RelatedEncoder,
    encoder_for,
    encoder_from_state,
    finds_relations,
    fit_related,
    spares_enough,
)
from tests.tables import SerialContext, mixed_table, regression, scrambled

RNG = np.random.default_rng(3)
ROWS = np.arange(400)
TRAIN = np.flatnonzero(ROWS % 4)


def problem(seed=0):
    """Return numbers with gaps, of which two go together, and categories with rare levels."""
    parts = mixed_table(400, seed, weighted=True)
    numbers = parts["numbers"]
    numbers[:, 1] = numbers[:, 0] + 0.3 * numbers[:, 1]
    return regression(numbers[:, 0] + parts["codes"][:, 0], **parts)


def test_columns_stay_and_relations_follow_them():
    own = problem()
    encoder, plain = fit_related(own, TRAIN), fit_tree_encoder(own, TRAIN)
    width = encoder.relations.width
    matrix = encoder.matrix(own.design)
    assert width >= 2
    assert matrix.shape == (400, encoder.n_features)
    assert encoder.n_features == plain.n_features + width
    np.testing.assert_array_equal(matrix[:, :-width], plain.matrix(own.design))
    trained = encoder.training_matrix(own.design, TRAIN)
    np.testing.assert_array_equal(trained[:, :-width], plain.training_matrix(own.design, TRAIN))
    np.testing.assert_array_equal(trained[:, -width:], matrix[TRAIN][:, -width:])
    assert np.isfinite(matrix[:, -width:]).all()
    assert len(encoder.names) == width


def test_rows_that_are_not_trained_on_change_nothing():
    own = problem()
    other = scrambled(own, np.flatnonzero(ROWS % 4 == 0))
    one, two = (fit_related(each, TRAIN).to_state() for each in (own, other))
    for name, array in one.arrays.items():
        assert array.tobytes() == two.arrays[name].tobytes()


def test_rows_without_weight_say_nothing_of_relations():
    own = problem()
    light = ROWS % 7 == 0
    weight = np.where(light, 0.0, 1.0)
    own = replace(own, design=replace(own.design, values={**own.design.values, "w": weight}))
    values = {**own.design.values}
    values["x0"] = np.where(light, 1e6, values["x0"])
    changed = replace(own, design=replace(own.design, values=values))
    one, two = (fit_related(each, ROWS).relations for each in (own, changed))
    assert one.axes.tobytes() == two.axes.tobytes()


def test_a_state_gives_the_encoder_back():
    own = problem()
    for encoder in (fit_related(own, TRAIN), fit_tree_encoder(own, TRAIN)):
        again = encoder_from_state(encoder.to_state())
        assert type(again) is type(encoder)
        matrix = encoder.matrix(own.design)
        assert again.matrix(own.design).tobytes() == matrix.tobytes()


def test_damage_is_refused():
    state = fit_related(problem(), TRAIN).to_state()
    array = state.arrays["relations.scale"].copy()
    array[0] = 0.0
    arrays = {**state.arrays, "relations.scale": array}
    with pytest.raises(BadModelFile):
        RelatedEncoder.from_state(State(state.spec, arrays, state.strings))


def test_trees_get_relations_where_they_ask_even_if_there_are_none():
    related, apart = problem(), regression(ROWS * 1.0, numbers=RNG.normal(size=(400, 3)))
    for own, is_found in ((related, True), (apart, False)):
        context = SerialContext(own)
        assert isinstance(encoder_for(context, TRAIN, relations=False), TreeEncoder)
        assert isinstance(encoder_for(context, TRAIN, relations=True), RelatedEncoder)
        assert finds_relations(context, TRAIN) == is_found


def test_few_rows_must_see_more_than_many():
    assert not spares_enough(0.95, 1.0, 100)
    assert spares_enough(0.95, 1.0, 1_000)
    assert not spares_enough(0.995, 1.0, 10**9)
    assert not spares_enough(np.inf, 1.0, 10)
