import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families.cell_levels import CellLevels, learn_levels
from tests.tables import classification, table

Y = np.arange(60) % 2


def test_bins_hold_as_many_rows_each_and_end_at_values_of_the_column():
    problem = classification(Y, 2, numbers=np.arange(60.0)[:, None] ** 3)
    levels = learn_levels(problem, np.arange(60), bins=4)
    assert levels.cuts[0].tolist() == [14.0**3, 29.0**3, 44.0**3]
    found = levels.apply(problem.design)[:, 0]
    assert np.bincount(found).tolist() == [15, 15, 15, 15]


def test_a_number_of_few_values_has_a_bin_for_each():
    problem = classification(Y, 2, numbers=np.tile([0.0, 1.0, 5.0], 20)[:, None])
    levels = learn_levels(problem, np.arange(60), bins=6)
    assert levels.cuts[0].tolist() == [0.0, 1.0]
    assert levels.apply(
        table(numbers=[[-9.0], [0.5], [1.0], [5.0], [np.nan]])
    ).ravel().tolist() == [
        *(0, 1, 1, 2, -1),
    ]


def test_rare_and_unseen_levels_share_one_and_missing_cells_have_none():
    codes = np.array([0] * 40 + [1] * 16 + [2] * 3 + [-1])[:, None]
    names = [["a", "b", "rare", "never"]]
    problem = classification(Y, 2, codes=codes, levels=names)
    levels = learn_levels(problem, np.arange(60), bins=4)
    assert levels.sizes == (3,)
    other = table(codes=[[0], [1], [2], [3], [-1], [-2]], levels=names)
    assert levels.apply(other).ravel().tolist() == [0, 1, 2, 2, -1, 2]


def test_an_unseen_level_says_nothing_where_no_level_is_rare():
    problem = classification(Y, 2, codes=Y[:, None], levels=[["a", "b", "never"]])
    levels = learn_levels(problem, np.arange(60), bins=4)
    other = table(codes=[[1], [2], [-2]], levels=[["a", "b", "never"]])
    assert levels.apply(other).ravel().tolist() == [1, -1, -1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("cuts", np.array([2.0, 1.0])), ("cuts", np.array([1.0, 1.0])), ("n_cuts", np.array([1]))],
)
def test_cuts_that_are_out_of_order_or_do_not_add_up_are_refused(name, value):
    problem = classification(Y, 2, numbers=np.tile([0.0, 1.0, 5.0], 20)[:, None])
    state = learn_levels(problem, np.arange(60), bins=6).to_state()
    broken = State(state.spec, {**state.arrays, name: value}, state.strings)
    with pytest.raises(BadModelFile, match="cuts of the model"):
        CellLevels.from_state(broken)
