"""Correlations are the likeliest, and a forged state is refused."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.data import read_table
from rung.density.tree_fitting import added_by_chance, fit_tree, likeliest_correlation, load_tree
from rung.errors import BadModelFile


def _table(columns):
    return read_table(columns).dataset


def test_a_chain_of_columns_is_found_as_a_chain():
    rng = np.random.default_rng(1)
    chain = [rng.normal(size=400)]
    for _ in range(3):
        chain.append(0.9 * chain[-1] + 0.4 * rng.normal(size=400))
    table = _table({name: chain[i] for name, i in zip("dbca", (3, 1, 2, 0), strict=True)})
    tree = fit_tree(table, np.arange(400))
    # columns d, b, c, a are the last, second, third and first of the chain
    assert {frozenset((e.parent, e.child)) for e in tree.edges} == {
        frozenset(pair) for pair in ((0, 2), (2, 1), (1, 3))
    }


def test_a_correlation_is_the_likeliest_and_independent_scores_have_none():
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 4000))
    two = 0.8 * one + 0.6 * other
    found, gain = likeliest_correlation(one, two)
    assert found == pytest.approx(0.8, abs=0.02)
    assert gain == pytest.approx(-0.5 * np.log(1 - 0.64), abs=0.04)
    assert likeliest_correlation(one, other)[1] < 0.001


def test_columns_that_have_nothing_in_common_stay_alone():
    rng = np.random.default_rng(3)
    table = _table({"x": rng.normal(size=300), "y": rng.normal(size=300), "k": list("abc") * 100})
    assert fit_tree(table, np.arange(300)).edges == ()


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("edges", np.array([[0, 1], [1, 0]]), "no tree"),
        ("parts/0", np.array([1.0]), "parts/0"),
        ("counts/0", np.array([-1.0]), "counts/0"),
    ],
)
def test_a_forged_state_is_refused(name, array, said):
    x = np.random.default_rng(0).normal(size=100)
    state = fit_tree(_table({"x": x, "y": x + 1e-2 * x**2}), np.arange(100)).to_state()
    forged = replace(state, arrays={**state.arrays, name: array})
    if name == "edges":
        forged = State(forged.spec, {**forged.arrays, "information": np.zeros(2)})
    with pytest.raises(BadModelFile, match=said):
        load_tree(forged)


@pytest.mark.parametrize("n_bins", [-1, 2.0, True, 10**9])
def test_a_number_of_bins_that_no_tree_has_is_refused(n_bins):
    x = np.random.default_rng(0).normal(size=100)
    state = fit_tree(_table({"x": x, "y": x + 1e-2 * x**2}), np.arange(100)).to_state()
    with pytest.raises(BadModelFile, match="number of bins"):
        load_tree(State({**state.spec, "n_bins": n_bins}, state.arrays))


def test_a_ring_of_rows_is_joined_though_its_correlation_is_zero():
    """Of scores on a ring the bins know much; a correlation says nothing."""
    turn = np.random.default_rng(5).uniform(0, 2 * np.pi, (2, 1500))
    ring, held = (_table({"x": np.cos(one), "y": np.sin(one)}) for one in turn)
    tree = fit_tree(ring, np.arange(1500))
    alone = fit_tree(ring, np.arange(1500), joined=False)
    assert tree.n_bins >= 16
    assert (tree.predict(held) - alone.predict(held)).mean() > 1.0
    counts, table = tree.edges[0].counts, tree.table(tree.edges[0])
    beside = np.pad(counts, 1)[:-2, 1:-1] + np.pad(counts, 1)[2:, 1:-1] > 0
    far = (counts == 0) & (table < np.median(table))
    assert table[(counts == 0) & beside].min() > 3 * table[far].min()
    # a bin of one knows the other but for its sign and the width of some bins
    assert tree.edges[0].information == pytest.approx(np.log(tree.n_bins / 4), abs=0.4)


def test_what_chance_adds_to_a_table_is_taken_away():
    """Of 200 tables of independent bins the mean information is .108 nats, and .009 are left."""
    rng = np.random.default_rng(6)
    found = []
    for pairs in rng.integers(0, 12, (200, 2, 600)):
        counts = np.zeros((12, 12))
        np.add.at(counts, tuple(pairs), 1)
        share = counts / 600
        apart = np.outer(share.sum(axis=1), share.sum(axis=0))
        held = share > 0
        information = (share[held] * np.log(share[held] / apart[held])).sum()
        found.append((information, information - added_by_chance(counts)))
    assert np.mean(found, axis=0) == pytest.approx([0.108, 0.009], abs=0.003)


def test_a_smooth_tree_has_no_histograms_and_no_tables_of_numbers():
    turn = np.random.default_rng(5).uniform(0, 2 * np.pi, 500)
    ring = _table({"x": np.cos(turn), "y": np.sin(turn)})
    tree = fit_tree(ring, np.arange(500), is_smooth=True)
    assert (tree.n_bins, [margin.histogram for margin in tree.margins]) == (0, [None, None])
