"""Ranks hold a column's order and nothing else, and cuts between them come back in its own unit."""

import numpy as np
import pytest

from rung.trees.join import join
from rung.trees.nodes import NodeArrays, single_leaf
from rung.trees.prune import stump
from rung.trees.ranks import Ranks, cuts_between
from rung.trees.walk import find_leaves

RNG = np.random.default_rng(0)
TENTHS = np.round(RNG.normal(size=(300, 1)), 1)


def rank(values, trained):
    return Ranks.of(np.array(trained)[:, None]).apply(np.array(values)[:, None])[:, 0].tolist()


def test_ranks_count_distinct_values_from_one():
    assert rank([5.0, -2.0, 7.0, 5.0], [5.0, 7.0, -2.0, 5.0]) == [2.0, 1.0, 3.0, 2.0]


def test_a_value_between_two_has_the_rank_of_the_nearer():
    assert rank([0.0, 1.4, 1.6, 9.0], [1.0, 2.0]) == [1.0, 1.0, 2.0, 2.0]


def test_a_value_half_way_goes_with_the_lower_in_every_unit():
    for unit in (1.0, 0.1, 1e-30, 3e29, 0.7):
        assert rank([0.2 * unit], [0.1 * unit, 0.3 * unit]) == [1.0]
        assert rank([-0.2 * unit], [-0.1 * unit, -0.3 * unit]) == [1.0]


def test_gaps_stay_gaps_and_a_column_of_gaps_has_no_cut():
    X = np.array([[np.nan, np.nan], [4.0, np.nan]])
    ranks = Ranks.of(X)
    assert [len(cuts) for cuts in ranks.cuts] == [0, 0]
    np.testing.assert_array_equal(ranks.apply(X), [[np.nan, np.nan], [1.0, np.nan]])
    np.testing.assert_array_equal(ranks.apply(np.zeros((1, 2))), [[1.0, 1.0]])


def test_infinite_values_are_the_last_of_all():
    assert rank([-np.inf, 0.0, np.inf], [np.inf, 0.0, -np.inf]) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "values",
    [
        [0.0, 5e-324],
        [1.0, np.nextafter(1.0, 2.0)],
        [-1.7e308, 1.7e308],
        [-np.inf, 1.0, np.inf],
        [-3e-320, -0.0, 2e-310],
        [2_460_000.5, 2_460_000.5 + 2**-31],
    ],
)
def test_a_cut_parts_its_neighbours(values):
    cuts = cuts_between(np.array(values))
    assert len(cuts) == len(values) - 1
    assert (cuts >= values[:-1]).all()
    assert (cuts < values[1:]).all()


def test_a_cut_lies_half_way():
    np.testing.assert_allclose(cuts_between(np.array([1.0, 2.0, 4.0])), [1.5, 3.0], atol=0.005)
    assert (cuts_between(np.array([1.0, 2.0, 4.0])) > [1.5, 3.0]).all()


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("factor", [1e-30, 1e-19, 1e-7, 0.1, 1 / 3, 7.0, 1e12, 1e30])
def test_no_row_of_rounded_numbers_changes_its_rank_with_the_unit(factor, spaced):
    trained, other = TENTHS[:60], TENTHS
    np.testing.assert_array_equal(
        Ranks.of(trained, spaced=spaced).apply(other),
        Ranks.of(trained * factor, spaced=spaced).apply(other * factor),
    )


@pytest.mark.parametrize("shift", [1e3, -1e6, 1e9, 1e12, 2_460_000.5])
@pytest.mark.parametrize("digits", [1, 15])
def test_no_row_changes_its_rank_with_the_origin(shift, digits):
    shifted = np.round(RNG.normal(size=(400, 1)), digits) + shift
    back = shifted - shift
    for spaced in (False, True):
        before, after = (Ranks.of(X[:60], spaced=spaced) for X in (back, shifted))
        np.testing.assert_array_equal(before.apply(back), after.apply(shifted))


@pytest.mark.parametrize("spaced", [False, True])
def test_restored_trees_send_values_where_their_ranks_went(spaced):
    from sklearn.tree import ExtraTreeRegressor

    from rung.trees.convert import from_sklearn_tree

    X = RNG.normal(size=(500, 4)) * [1e-20, 1.0, 1e20, 0.0] + [0.0, 1e9, 0.0, 5.0]
    X[RNG.random(X.shape) < 0.1] = np.nan
    ranks = Ranks.of(X[:200], spaced=spaced)
    tree = ExtraTreeRegressor(random_state=0).fit(ranks.apply(X[:200]), RNG.normal(size=200))
    nodes = from_sklearn_tree(tree)
    expected = find_leaves(nodes, ranks.apply(X))
    np.testing.assert_array_equal(find_leaves(ranks.restore(nodes), X), expected)


def test_a_cut_above_all_ranks_parts_known_from_missing():
    ranks = Ranks.of(np.array([[1.0], [2.0]]))
    for threshold in (np.inf, 1.7e308, 2.0, 9.0):
        restored = ranks.restore(stump(threshold))
        assert restored.threshold[0] == np.inf
    assert 1.5 < ranks.restore(stump(1.0)).threshold[0] < 1.51


def test_leaves_keep_their_thresholds_and_trees_their_order():
    ranks = Ranks.of(np.array([[1.0, 0.1], [2.0, 0.2]]))
    second = NodeArrays(**{**vars(stump(1.5)), "feature": np.array([1, 0, 0], dtype=np.int32)})
    restored = ranks.restore(join([single_leaf(np.ones(1)), stump(1.9), second]))
    assert restored.threshold.round(2).tolist() == [0.0, 1.5, 0.0, 0.0, 0.15, 0.0, 0.0]


def spaced(values):
    X = np.array(values)[:, None]
    return Ranks.of(X, spaced=True).apply(X)[:, 0]


def test_spaced_ranks_are_as_far_apart_as_near_values():
    gaps = np.diff(spaced([0.0, 1.0, 2.0, 4.0, 5.0, 7.0]))
    np.testing.assert_allclose(gaps / gaps[0], [1, 1, 2, 1, 2], rtol=0.05)
    assert gaps.sum() > 2**19


def test_spaced_ranks_are_whole_ascending_and_exact_in_single_precision():
    for values in (
        np.exp(30 * RNG.normal(size=5000)),
        np.append(np.arange(100.0), [1e20, -1.7e308, 1.7e308, -np.inf, np.inf]),
        np.arange(2.0**53, 2.0**53 + 2e4, 2.0),
        np.arange(70) * 5e-324,
    ):
        ranks = np.sort(spaced(values))
        assert ranks[0] == 1.0
        assert ranks[-1] < 2**24
        assert (np.diff(ranks) >= 1.0).all()
        assert np.array_equal(ranks, np.rint(ranks))


def test_an_absurd_cell_leaves_the_others_their_room():
    values = RNG.normal(size=1000)
    ranks = spaced(np.append(values, 1e20))
    assert np.ptp(ranks[:-1]) > 2**20


@pytest.mark.parametrize("missing", [0, 1])
def test_a_cut_below_all_ranks_parts_missing_cells_from_all_others(missing):
    """LightGBM cuts at 1e-35 where only missing cells are to be parted: known values go right."""
    X = np.array([[np.nan], [1.0], [2.0], [3.0]])
    ranks = Ranks.of(X)
    grown = NodeArrays(
        root=np.zeros(1, dtype=np.int32),
        feature=np.zeros(3, dtype=np.int32),
        threshold=np.array([1e-35, 0.0, 0.0]),
        left=np.array([1, -1, -1], dtype=np.int32),
        right=np.array([2, -1, -1], dtype=np.int32),
        missing=np.array([missing, 0, 0], dtype=np.uint8),
        value=np.array([[0.0], [-5.0], [7.0]]),
        tree_output=np.zeros(1, dtype=np.int32),
    )
    restored = ranks.restore(grown)
    before = grown.value[find_leaves(grown, ranks.apply(X)[:, :])[:, 0], 0]
    after = restored.value[find_leaves(restored, X)[:, 0], 0]
    assert before.tolist() == after.tolist()
    assert after.tolist() == [-5.0 if missing else 7.0, 7.0, 7.0, 7.0]
    assert np.isfinite(restored.threshold[1:]).all()
    assert restored.threshold[0] == np.inf
