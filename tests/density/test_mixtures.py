"""Densities of tables: they sum to one, change with units by the Jacobian alone, and are saved."""

import itertools

import numpy as np
import pytest

from rung.data import read_table
from rung.density.cells import learn_scaling
from rung.density.choosing import fit_best
from rung.density.gaussians import Categories, fit_from
from rung.density.mixtures import fit_gaussian, fit_kernel, load_mixture
from rung.density.tree_fitting import fit_tree, load_tree
from rung.errors import BadModelFile

FITS = {
    "independent": lambda d, r: fit_tree(d, r, joined=False),
    "gaussian": fit_gaussian,
    "tree": fit_tree,
    "mixture": lambda d, r: fit_best(d, r, np.random.default_rng(0), most=3),
    "kernel": lambda d, r: fit_kernel(d, r, np.random.default_rng(0)),
}
LOADS = {"independent": load_tree, "tree": load_tree}


def _columns(n=150, seed=0):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, n)
    x = rng.normal(size=n) + 3 * kind
    y = 0.8 * x + 0.5 * rng.normal(size=n)
    return {
        "x": x,
        "y": y,
        "c": np.array(["red", "blue"])[kind].tolist(),
        "d": np.array(["on", "off"])[(kind + (rng.random(n) < 0.1)) % 2].tolist(),
    }


def _table(columns):
    return read_table(columns).dataset


@pytest.mark.parametrize("name", FITS)
def test_a_density_sums_to_one_over_numbers_and_categories(name):
    table = _table(_columns())
    model = FITS[name](table, np.arange(table.n_rows))
    x, y = _ends(model, 0), _ends(model, 1)
    grid = np.array(list(itertools.product((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2)))
    sizes = np.outer(np.diff(x), np.diff(y)).ravel()
    total = 0.0
    for c, d in itertools.product((0, 1, -2), repeat=2):
        values = {"x": grid[:, 0], "y": grid[:, 1]}
        values |= {"c": np.full(len(grid), c), "d": np.full(len(grid), d)}
        rows = type(table)(table.columns, values, len(grid))
        total += np.exp(model.predict(rows))[:, 0] @ sizes
    assert total == pytest.approx(1, abs=2e-3)


def _ends(model, j):
    """Return ends of intervals, those of the histogram of a column among them."""
    ends = np.linspace(-9, 13, 101)
    if model.margins and model.margins[j].histogram is not None:
        edges = model.margins[j].histogram.edges
        ends = np.append(ends, edges * model.scaling.scale[j] + model.scaling.centre[j])
    return np.unique(ends)


@pytest.mark.parametrize("name", FITS)
def test_missing_cells_are_summed_out(name):
    table = _table(_columns())
    model = FITS[name](table, np.arange(table.n_rows))
    y = np.linspace(-12, 16, 2001)
    total = 0.0
    for c in (0, 1, -2):
        values = {
            "x": np.full_like(y, 1.0),
            "y": y,
            "c": np.full(len(y), c),
            "d": np.ones(len(y), int),
        }
        rows = type(table)(table.columns, values, len(y))
        total += np.exp(model.predict(rows)).sum() * (y[1] - y[0])
    one = {"x": np.ones(1), "y": np.full(1, np.nan), "c": np.full(1, -1), "d": np.ones(1, int)}
    rows = type(table)(table.columns, one, 1)
    assert np.exp(model.predict(rows))[0, 0] == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize("name", FITS)
def test_units_of_a_column_shift_the_log_density_by_the_jacobian_alone(name):
    columns = _columns(80)
    one, two = _table(columns), _table(columns | {"x": columns["x"] * 1e30})
    rows = np.arange(80)
    before, after = FITS[name](one, rows).predict(one), FITS[name](two, rows).predict(two)
    np.testing.assert_allclose(after, before - 30 * np.log(10), rtol=1e-7)


@pytest.mark.parametrize("name", FITS)
def test_a_model_saved_and_loaded_is_the_same_to_the_bit(name):
    table = _table(_columns(60))
    model = FITS[name](table, np.arange(60))
    again = LOADS.get(name, load_mixture)(model.to_state())
    assert again.predict(table).tobytes() == model.predict(table).tobytes()


@pytest.mark.parametrize("name", FITS)
def test_rows_that_a_model_draws_are_as_probable_as_it_says(name):
    """Mean log density of drawn rows is minus the entropy: two draws agree within 5 errors."""
    table = _table(_columns())
    model = FITS[name](table, np.arange(table.n_rows))
    means = []
    for seed in (1, 2):
        X, codes = model.sample(1500, np.random.default_rng(seed))
        values = {"x": X[:, 0], "y": X[:, 1], "c": codes[:, 0], "d": codes[:, 1]}
        logs = model.predict(type(table)(table.columns, values, 1500))[:, 0]
        means.append((logs.mean(), logs.std() / np.sqrt(1500)))
    assert abs(means[0][0] - means[1][0]) < 5 * np.hypot(means[0][1], means[1][1])
    drawn = np.corrcoef(X.T)[0, 1]
    expected = 0 if name == "independent" else 0.95
    assert drawn == pytest.approx(expected, abs=0.1)


def test_the_likelihood_of_a_mixture_with_categories_never_falls():
    table = _table(_columns())
    scaling = learn_scaling(table, np.arange(150))
    X, codes = scaling.numbers(table), scaling.codes(table)
    X[::7, 0], codes[::5, 1] = np.nan, -1
    shares = np.random.default_rng(0).dirichlet(np.ones(3), 150)
    for rows in (0.01, 1.0):
        found = fit_from(
            X,
            shares,
            "full",
            limit=(30, 1e-9),
            prior=(rows, 0.1),
            categories=Categories(codes, scaling.bases),
        )
        assert np.diff(found.objective).min() > -1e-7


def test_a_state_that_is_no_density_is_refused():
    table = _table(_columns(40))
    state = fit_gaussian(table, np.arange(40)).to_state()
    broken = state.arrays | {"covariances": -state.arrays["covariances"]}
    with pytest.raises(BadModelFile, match="not positive"):
        load_mixture(type(state)(state.spec, broken))
    with pytest.raises(BadModelFile, match="weights"):
        load_mixture(type(state)(state.spec, state.arrays | {"weights": np.array([np.nan])}))
