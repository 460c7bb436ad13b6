import numpy as np
import pytest

from rung.gram import sums
from rung.gram.sums import LevelIndex, add_up, dense_block, learn_basis
from tests.tables import mixed_table, regression

ROWS = np.arange(90)


def mixed_problem(*, weighted=True):
    parts = mixed_table(90, weighted=weighted)
    return regression(parts["numbers"][:, 0] + 3.0, **parts)


def every_level(problem):
    return LevelIndex.of(
        [np.ones(len(c.levels) + 2, bool) for c in problem.design.category_columns]
    )


def dummies(problem, index):
    X = np.zeros((90, index.width))
    for i, column in enumerate(problem.design.category_columns):
        codes = problem.design.codes()[:, i]
        slot = np.where(codes == -1, len(column.levels), codes)
        place = index.place[i][slot]
        X[np.flatnonzero(place >= 0), place[place >= 0]] = 1.0
    return X


@pytest.mark.parametrize("cells", [4_000_000, 100])
def test_sums_are_products_of_whole_matrices(cells, monkeypatch):
    monkeypatch.setattr(sums, "BLOCK_CELLS", cells)
    problem = mixed_problem()
    index, basis = every_level(problem), learn_basis(problem, ROWS)
    given = add_up(problem, ROWS, basis, index)
    dense, levels = dense_block(problem, ROWS, basis), dummies(problem, index)
    w = problem.weights(ROWS)[:, None]
    np.testing.assert_allclose(given.dense, dense.T @ (w * dense), atol=1e-10)
    np.testing.assert_allclose(given.mixed, levels.T @ (w * dense), atol=1e-10)
    np.testing.assert_allclose(given.levels, levels.T @ (w * levels), atol=1e-10)


def test_an_entry_does_not_depend_on_which_levels_are_wanted():
    problem = mixed_problem()
    basis, everything = learn_basis(problem, ROWS), every_level(problem)
    some = LevelIndex.of([np.arange(8) % 2 == 0, np.arange(62) % 3 == 0])
    whole, part = (add_up(problem, ROWS, basis, index) for index in (everything, some))
    used = np.flatnonzero(np.r_[np.arange(8) % 2 == 0, np.arange(62) % 3 == 0])
    assert part.dense.tobytes() == whole.dense.tobytes()
    assert part.mixed.tobytes() == whole.mixed[used].tobytes()
    assert part.levels.tobytes() == whole.levels[np.ix_(used, used)].tobytes()


def test_indicators_are_zero_where_no_cell_is_missing():
    problem = regression(np.arange(9.0), numbers=np.arange(18.0).reshape(9, 2))
    given = add_up(problem, np.arange(9), learn_basis(problem, np.arange(9)), LevelIndex.of([]))
    assert given.dense.shape == (6, 6)
    assert not given.dense[4:].any()


def test_a_basis_is_a_value_of_the_column_and_no_outlier_moves_it():
    x = np.r_[np.arange(9.0), 1e300]
    basis = learn_basis(regression(x, numbers=x[:, None]), np.arange(10))
    assert basis.shift[0] in x[:9]
    assert np.isfinite(basis.scale).all()
