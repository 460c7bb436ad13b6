from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile, DataError
from rung.prep.curves import CurveEncoder, fit_curve_encoder
from tests.tables import mixed_table, regression, table

N_ROWS = 80


def made(pairs=()):
    problem = regression(np.arange(N_ROWS), **mixed_table(N_ROWS))
    encoder = fit_curve_encoder(problem, np.arange(N_ROWS), most=[7] * 4)
    return problem.design, replace(encoder, pairs=np.array(pairs, dtype=int).reshape(-1, 2))


@pytest.mark.parametrize("pairs", [(), ((0, 1),), ((0, 2), (1, 4), (4, 5))])
def test_combine_is_the_matrix_times_the_coefficients(pairs):
    design, encoder = made(pairs)
    coefficients = np.random.default_rng(0).normal(size=(encoder.width, 2))
    matrix = encoder.matrix(design).toarray()
    expected = matrix @ np.concatenate([[[5.0, -1.0]], coefficients])
    found = encoder.combine(design, None, coefficients, np.array([5.0, -1.0]))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    some = np.array([3, 70, 4])
    assert (encoder.combine(design, some, coefficients, np.array([5.0, -1.0])) == found[some]).all()


def test_hats_of_a_present_number_sum_to_one_and_of_a_missing_one_to_zero():
    design, encoder = made()
    matrix = encoder.matrix(design).toarray()
    for j in range(4):
        own = matrix[:, 1 + encoder.starts[j] : 1 + encoder.starts[j + 1]].sum(axis=1)
        np.testing.assert_allclose(own, np.isfinite(design.numbers()[:, j]), atol=1e-12)


def test_cells_of_a_pair_are_products_of_both_sides():
    numbers = np.array([[0.0, 0.0], [1.0, 1.0], [0.25, 0.5], [np.nan, 0.5]])
    problem = regression(np.arange(4), numbers=numbers)
    encoder = fit_curve_encoder(problem, np.arange(2), most=[4, 4])
    encoder = replace(encoder, pairs=np.array([[0, 1]]))
    cells = encoder.matrix(problem.design).toarray()[:, 5:9]
    assert cells[2].tolist() == [0.375, 0.375, 0.125, 0.125]
    assert not cells[3].any()


def test_the_state_gives_back_the_same_bits():
    design, encoder = made(((0, 2), (1, 4)))
    again = CurveEncoder.from_state(encoder.to_state())
    assert (again.matrix(design) != encoder.matrix(design)).nnz == 0


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("knots", lambda a: a[::-1]),
        ("knots", lambda a: np.where(np.arange(len(a)) == 1, np.nan, a)),
        ("n_knots", lambda a: np.where(np.arange(len(a)) == 0, 1, a)),
        ("n_knots", lambda a: a - 1),
        ("pairs", lambda a: a[:, ::-1]),
        ("pairs", lambda a: a + 60),
        ("pairs", lambda a: -a - 1),
    ],
)
def test_a_state_that_does_not_fit_is_refused(name, change):
    _, encoder = made(((0, 2), (1, 4)))
    state = encoder.to_state()
    arrays = {**state.arrays, f"numbers.{name}": change(state.arrays[f"numbers.{name}"])}
    with pytest.raises(BadModelFile):
        CurveEncoder.from_state(State(state.spec, arrays, state.strings))


def test_other_columns_are_refused():
    _, encoder = made()
    with pytest.raises(DataError, match="fitted on"):
        encoder.matrix(table(numbers=np.zeros((2, 1))))
