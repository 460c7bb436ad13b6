"""Sums over missing levels are those of the table of all levels together."""

import itertools

import numpy as np

from rung.density.tree_levels import LevelTree

SIZES = (3, 2, 4, 2)


def _tree() -> LevelTree:
    rng = np.random.default_rng(0)
    bases = tuple(rng.dirichlet(np.ones(size)) for size in SIZES)
    edges = ((1, 0), (1, 2))  # the last column stands alone
    tables = tuple(rng.dirichlet(np.ones(SIZES[c]), size=SIZES[p]) for p, c in edges)
    return LevelTree(bases, edges, tables)


def _whole(tree: LevelTree) -> np.ndarray:
    """Return the probabilities of all levels together, by multiplication."""
    (up, down), (_, first, _, last) = tree.tables, tree.bases
    return np.einsum("j,ji,jk,l->ijkl", first, up, down, last)


def test_missing_levels_are_summed_out_whichever_they_are() -> None:
    tree, whole = _tree(), _whole(_tree())
    rows = np.array(list(itertools.product(*(range(-1, size) for size in SIZES))))
    expected = [
        whole[tuple(slice(None) if level < 0 else level for level in row)].sum() for row in rows
    ]
    np.testing.assert_allclose(np.exp(tree.log_probabilities(rows, {})), expected)


def test_what_is_added_weighs_the_levels_that_are_missing() -> None:
    tree, whole = _tree(), _whole(_tree())
    own = np.log(np.array([[0.5, 3.0]]))
    found = tree.log_probabilities(np.array([[1, -1, 2, -1]]), {1: own})
    np.testing.assert_allclose(np.exp(found), (whole[1, :, 2].sum(axis=1) * [0.5, 3.0]).sum())


def test_levels_are_drawn_as_often_as_they_are_probable() -> None:
    tree, whole = _tree(), _whole(_tree())
    drawn = tree.sample(40_000, np.random.default_rng(1))
    counts = np.zeros(SIZES)
    np.add.at(counts, tuple(drawn.T), 1 / len(drawn))
    np.testing.assert_allclose(counts, whole, atol=0.01)
