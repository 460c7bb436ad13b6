"""A tree is a density: it sums and integrates to what it says where a cell is missing."""

import numpy as np
import pytest
from scipy.integrate import trapezoid

from rung.data import read_table
from rung.density.tree_fitting import fit_tree, load_tree


def _rows(n=600, seed=0, *, is_bent=False):
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    x = rng.normal(size=n) + 2.0 * kind
    y = (0.5 * x**2 if is_bent else 0.8 * x) + 0.4 * rng.normal(size=n)
    like = np.where(rng.random(n) < 0.8, kind, rng.integers(0, 3, n))
    names = np.array(["a", "b", "c"])
    return {"kind": names[kind], "x": x, "y": y, "like": names[like], "z": rng.normal(size=n)}


@pytest.fixture(scope="module", params=[False, True], ids=["straight", "bent"])
def is_bent(request):
    return request.param


@pytest.fixture(scope="module")
def table(is_bent):
    return read_table(_rows(is_bent=is_bent)).dataset


@pytest.fixture(scope="module")
def tree(table):
    return fit_tree(table, np.arange(600))


def _with(table, row, **cells):
    """Return copies of a row with other cells."""
    n = max(len(np.atleast_1d(one)) for one in cells.values())
    one = table.take(np.full(n, row))
    return type(one)(one.columns, {**one.values, **cells}, n)


def test_columns_hang_together_as_they_were_made(tree, table, is_bent):
    """Of a straight relation by a correlation, below a category; of a bent one by a table."""
    names = [*table.number_names, *(c.name for c in table.category_columns)]
    found = {(names[edge.parent], names[edge.child]) for edge in tree.edges}
    pairs = {frozenset(pair) for pair in found}
    assert pairs == {frozenset(pair) for pair in (("kind", "x"), ("x", "y"), ("kind", "like"))}
    assert (tree.n_bins > 0) == is_bent
    if is_bent:
        return
    by_child = {names[edge.child]: edge.information for edge in tree.edges}
    assert by_child["y"] == pytest.approx(-0.5 * np.log(1 - 0.9**2), abs=0.4)


@pytest.mark.parametrize("row", [3, 44])
def test_a_level_that_is_missing_is_summed_out(tree, table, row):
    levels = np.arange(4, dtype=np.int32)
    whole = tree.predict(_with(table, row, kind=levels))[:, 0]
    missing = tree.predict(_with(table, row, kind=np.array([-1], np.int32)))[0, 0]
    # the fourth level is one that was never seen
    assert np.log(np.exp(whole).sum()) == pytest.approx(missing, abs=1e-6)


@pytest.mark.parametrize("name", ["x", "y", "z"])
def test_a_number_that_is_missing_is_integrated_out(tree, table, name):
    grid = np.linspace(-30, 30, 60_001)
    whole = tree.predict(_with(table, 5, **{name: grid}))[:, 0]
    missing = tree.predict(_with(table, 5, **{name: np.array([np.nan])}))[0, 0]
    assert np.log(trapezoid(np.exp(whole), grid)) == pytest.approx(missing, abs=0.01)


def test_an_empty_row_has_the_probability_one(tree, table):
    blank = {c.name: np.array([-1], np.int32) for c in table.category_columns}
    blank |= {name: np.array([np.nan]) for name in table.number_names}
    assert tree.predict(_with(table, 0, **blank))[0, 0] == pytest.approx(0.0, abs=1e-9)


def test_what_is_drawn_has_the_means_and_shares_of_the_rows(tree, is_bent):
    numbers, codes = tree.sample(20_000, np.random.default_rng(0))
    real = read_table(_rows(20_000, 1, is_bent=is_bent)).dataset
    theirs = real.numbers()
    if is_bent:  # far out, rows of one bin are drawn alike: ranks are as the rows have them
        numbers, theirs = (
            numbers.argsort(axis=0).argsort(axis=0),
            theirs.argsort(axis=0).argsort(axis=0),
        )
    assert np.corrcoef(numbers.T) == pytest.approx(np.corrcoef(theirs.T), abs=0.04)
    if is_bent:
        return
    for j in range(2):
        for level in range(3):
            mine, theirs = (
                numbers[codes[:, j] == level],
                real.numbers()[real.codes()[:, j] == level],
            )
            assert mine.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.25)


def test_it_is_read_from_its_state_to_the_bit(tree, table):
    again = load_tree(tree.to_state())
    assert again.predict(table).tobytes() == tree.predict(table).tobytes()


def test_joining_columns_makes_held_out_rows_likelier(tree, table, is_bent):
    new = read_table(_rows(2000, 7, is_bent=is_bent)).dataset
    alone = fit_tree(table, np.arange(600), joined=False)
    gain = float((tree.predict(new) - alone.predict(new)).mean())
    held = sum(edge.information for edge in tree.edges)
    assert gain == pytest.approx(held, rel=0.2 if is_bent else 0.15)
