import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.prep import nearest
from rung.prep.nearest import Nearest


def by_definition(rows, queries, k):
    """Order by true distance, then by position."""
    squares = np.add.reduce((queries[:, None] - rows[None]) ** 2, axis=2)
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return order, np.sqrt(np.take_along_axis(squares, order, axis=1))


def table(seed, *, n_rows, width, kind):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n_rows, width))
    if kind == "ties":
        rows = np.round(rows)
    elif kind == "far":
        rows[: n_rows // 3] *= 10.0 ** rng.integers(-90, 90)
    elif kind == "equal":
        rows[:] = 1.0 / 3.0
    elif kind == "offset":
        rows = 1e6 + rows * 1e-6
    return rows, np.concatenate([rows[:: n_rows // 7 + 1], rng.normal(size=(9, width))])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([1, 5, 300, 1_100, 3_300]),
    st.sampled_from([1, 2, 6, 7, 30]),
    st.sampled_from(["plain", "ties", "far", "equal", "offset"]),
    st.integers(1, 89),
)
def test_neighbours_are_those_of_the_definition_to_the_bit(seed, n_rows, width, kind, k):
    rows, queries = table(seed, n_rows=n_rows, width=width, kind=kind)
    k = min(k, n_rows)
    positions, distances = Nearest(rows).find(queries, k)
    wanted, lengths = by_definition(rows, queries, k)
    np.testing.assert_array_equal(positions, wanted)
    assert distances.tobytes() == lengths.tobytes()


@pytest.mark.parametrize("width", [3, 20])
def test_a_query_has_the_same_neighbours_alone_and_in_any_block(width, monkeypatch):
    rows, queries = table(3, n_rows=2_500, width=width, kind="plain")
    whole = Nearest(rows).find(queries, 20)
    monkeypatch.setattr(nearest, "BLOCK_CELLS", 7_000)
    small = Nearest(rows)
    for one, other in zip(whole, small.find(queries, 20), strict=True):
        assert one.tobytes() == other.tobytes()
    for i in range(len(queries)):
        for one, other in zip(whole, small.find(queries[i : i + 1], 20), strict=True):
            assert one[i].tobytes() == other[0].tobytes()


def test_tree_and_product_find_the_same(monkeypatch):
    rows, queries = table(4, n_rows=2_500, width=4, kind="plain")
    by_tree = Nearest(rows).find(queries, 34)
    monkeypatch.setattr(nearest, "TREE_WIDTH", 0)
    for one, other in zip(by_tree, Nearest(rows).find(queries, 34), strict=True):
        assert one.tobytes() == other.tobytes()


def test_rows_without_columns_are_all_as_near():
    positions, distances = Nearest(np.zeros((5, 0))).find(np.zeros((2, 0)), 3)
    assert positions.tolist() == [[0, 1, 2]] * 2
    assert not distances.any()


def test_no_queries_give_no_neighbours():
    assert Nearest(np.zeros((2_000, 3))).find(np.zeros((0, 3)), 5)[0].shape == (0, 5)
