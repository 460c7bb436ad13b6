import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.piecewise import PiecewiseEncoder, fit_piecewise, into_pieces
from rung.testing import example_problem

TRAIN = np.arange(120)


def _fitted():
    problem = example_problem("regression", n_rows=160)
    return problem, fit_piecewise(problem, TRAIN)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=20))
def test_pieces_add_up_to_the_place_between_the_edges(values):
    edges = np.array([-2.0, -1.0, 0.5, 4.0])
    shares = into_pieces(np.array(values), edges)
    place = np.interp(values, edges, np.arange(4.0))
    assert np.allclose(shares.sum(axis=1), place, atol=1e-12)
    assert (np.diff(shares, axis=1) <= 1e-12).all()


def test_columns_of_training_rows_have_mean_zero_in_every_piece():
    problem, encoder = _fitted()
    matrix = encoder.matrix(problem.design, TRAIN)
    assert encoder.n_pieces > 20
    assert np.allclose(matrix[:, encoder.is_piece].mean(axis=0), 0.0, atol=1e-12)


def test_every_column_is_bounded_whatever_the_cells():
    problem, encoder = _fitted()
    values = dict(problem.design.values)
    for scale in (1e308, -1e308, np.inf, np.nan):
        values["signal"] = np.full(problem.design.n_rows, scale)
        design = type(problem.design)(problem.design.columns, values, problem.design.n_rows)
        assert np.abs(encoder.matrix(design)).max() <= 3.0 + 1e-9


def test_turned_columns_do_not_go_together_on_training_rows():
    problem, encoder = _fitted()
    turned = encoder.matrix(problem.design, TRAIN)[:, encoder.is_turned]
    assert turned.shape[1] == encoder.in_use.sum() > 1
    assert not (encoder.is_turned & encoder.is_piece).any()
    alike = np.corrcoef(turned.T) - np.eye(turned.shape[1])
    assert np.abs(alike).max() < 0.3


def test_a_model_without_turned_numbers_is_still_read():
    problem, encoder = _fitted()
    state = encoder.to_state()
    spec = {name: each for name, each in state.spec.items() if name != "rotation"}
    old = PiecewiseEncoder.from_state(State(spec, state.arrays, state.strings))
    kept = encoder.matrix(problem.design)[:, ~encoder.is_turned]
    assert np.array_equal(old.matrix(problem.design), kept)
    assert not old.is_turned.any()


def test_directions_that_are_not_as_many_as_the_numbers_are_refused():
    _, encoder = _fitted()
    state = encoder.to_state()
    arrays = {**state.arrays, "rotation.axes": state.arrays["rotation.axes"][:, :1]}
    with pytest.raises(BadModelFile, match="into 1 directions"):
        PiecewiseEncoder.from_state(State(state.spec, arrays, state.strings))


def test_rows_outside_training_change_nothing():
    problem, encoder = _fitted()
    values = {name: array.copy() for name, array in problem.design.values.items()}
    for array in values.values():
        array[len(TRAIN) :] = array[len(TRAIN) :][::-1]
    design = type(problem.design)(problem.design.columns, values, problem.design.n_rows)
    again = fit_piecewise(type(problem)("regression", design, problem.y), TRAIN)
    assert np.array_equal(again.matrix(problem.design), encoder.matrix(problem.design))


def test_a_state_gives_the_same_encoder_back():
    problem, encoder = _fitted()
    again = PiecewiseEncoder.from_state(encoder.to_state())
    assert np.array_equal(again.matrix(problem.design), encoder.matrix(problem.design))
    assert again.width == encoder.width


def test_edges_that_do_not_ascend_are_refused():
    _, encoder = _fitted()
    state = encoder.to_state()
    arrays = {**state.arrays, "numbers.edges": state.arrays["numbers.edges"][::-1]}
    with pytest.raises(BadModelFile, match="do not ascend"):
        PiecewiseEncoder.from_state(State(state.spec, arrays, state.strings))


def test_a_column_of_two_values_has_no_pieces():
    problem, encoder = _fitted()
    place = problem.design.number_names.index("flag")
    assert len(encoder.edges[place]) == 0
