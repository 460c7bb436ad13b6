import numpy as np
import pytest

from rung.core.folds import given_folds, partition_folds
from rung.errors import NotApplicable
from rung.gram.grid import Grid
from rung.gram.polynomial import fit_nested_polynomials, highest_degree, solve_sets
from rung.gram.ridge import PENALTIES
from rung.gram.terms import product_matrix
from tests.tables import SerialContext, mixed_table, regression, scrambled

GRID = Grid((1, 2, 3))


def mixed_problem(n_rows=240, seed=0, *, weighted=False):
    parts = mixed_table(n_rows, seed, weighted=weighted)
    noise = np.random.default_rng(seed + 1).normal(size=n_rows)
    numbers = parts["numbers"]
    y = numbers[:, 0] ** 2 + 0.5 * (parts["codes"][:, 0] == 2) + noise
    return regression(y + 100.0, **parts)


def fit(problem, folds, grid=GRID):
    return fit_nested_polynomials(problem, folds, SerialContext(problem), grid)


def all_folds(n_rows):
    rng = np.random.default_rng(5)
    deals = [rng.permutation(n_rows) % 3 for _ in range(5)]
    windows = [(np.arange(stop), np.arange(stop, stop + 40)) for stop in (80, 120, 160)]
    return {
        "five": partition_folds(np.arange(n_rows) % 5),
        "two": partition_folds(np.arange(n_rows) % 2, units=np.arange(n_rows)),
        "many atoms": partition_folds(np.stack(deals, axis=1)),
        "given": given_folds(windows, n_rows, np.arange(n_rows)),
    }


def direct(problem, fitted, train):
    """Solve the ridge of the columns that a fit names, on its training rows."""
    numbers = problem.design.numbers()
    X = fitted.encoder.matrix(problem.design)
    X = np.c_[X, product_matrix(fitted.encoder, numbers, fitted.terms)][train]
    y, w = problem.y[train], problem.weights(train)
    mean, centre = np.average(X, axis=0, weights=w), np.average(y, weights=w)
    scale = np.sqrt(np.average((X - mean) ** 2, axis=0, weights=w))
    Z = (X - mean) / scale
    left = (Z * w[:, None]).T @ Z + fitted.penalty * w.sum() * np.eye(len(mean))
    slope = np.linalg.solve(left, (Z * w[:, None]).T @ (y - centre)) / scale
    return slope, centre - mean @ slope


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["five", "two", "many atoms", "given"])
def test_coefficients_equal_a_direct_solve_of_the_expanded_rows(name, weighted):
    problem, folds = mixed_problem(weighted=weighted), all_folds(240)[name]
    fits = fit(problem, folds)
    for fitted, split in list(zip(fits, [*folds.splits, None], strict=True))[-4:]:
        slope, intercept = direct(problem, fitted, np.arange(240) if split is None else split.train)
        own = np.r_[fitted.coefficients, fitted.products]
        np.testing.assert_allclose(own, slope, rtol=1e-6, atol=1e-8 * np.abs(slope).max())
        np.testing.assert_allclose(fitted.intercept, intercept, rtol=1e-8)


def bits(fitted):
    state = fitted.encoder.to_state()
    arrays = {**state.arrays, "c": fitted.coefficients, "t": fitted.terms, "p": fitted.products}
    return (
        {name: array.tobytes() for name, array in arrays.items()},
        dict(state.strings),
        (fitted.intercept, fitted.low, fitted.high, fitted.degree, fitted.penalty),
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["five", "two", "many atoms", "given"])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(name, weighted):
    problem, folds = mixed_problem(weighted=weighted), all_folds(240)[name]
    before = fit(problem, folds)
    for i in (0, 1, len(folds.splits) - 1):
        outside = np.setdiff1d(np.arange(240), folds.splits[i].train)
        after = fit(scrambled(problem, outside, i), folds)
        assert bits(after[i]) == bits(before[i])


def test_the_whole_grid_is_that_of_a_search_with_scikit_learn():
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV, KFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4)) * [0.1, 1.0, 10.0, 100.0] + 50.0
    y = X[:, 1] ** 2 + X[:, 0] * X[:, 2] + rng.normal(size=300)
    problem, folds = regression(y, numbers=X), partition_folds(np.arange(300) // 60)
    for unit_variance, extra in ((False, []), (True, [StandardScaler()])):
        grid = Grid((1, 2, 3), PENALTIES, unit_variance)
        found = solve_sets(problem, folds, SerialContext(problem), grid, splits=(None,))
        losses = found.losses(folds, None)
        scores = (losses[:, :-1] / losses[:, -1:]).mean(axis=0).reshape(3, -1)
        for degree, own in zip(grid.degrees, scores, strict=True):
            expand = PolynomialFeatures(degree, include_bias=False)
            pipeline = make_pipeline(StandardScaler(), expand, *extra, Ridge())
            alphas = {"ridge__alpha": np.array(PENALTIES) * 240}
            search = GridSearchCV(pipeline, alphas, cv=KFold(5), scoring="neg_mean_squared_error")
            peer = -search.fit(X, y).cv_results_["mean_test_score"]
            np.testing.assert_allclose(own, peer, rtol=1e-8)


def test_degree_and_penalty_are_those_of_least_inner_loss():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(200, 2))
    folds = partition_folds(np.arange(200) % 5)
    for degree, y in ((1, X[:, 0]), (2, X[:, 0] * X[:, 1]), (3, X[:, 0] ** 3)):
        fits = fit(regression(y + 0.3 * rng.normal(size=200), numbers=X), folds)
        assert fits[-1].degree == degree
        assert all(fitted.degree >= degree for fitted in fits)


def test_a_large_offset_costs_no_accuracy():
    rng = np.random.default_rng(4)
    X = np.round(rng.normal(size=(200, 2)) * 1024) / 1024
    y = X[:, 0] * X[:, 1] + 0.1 * rng.normal(size=200)
    folds = partition_folds(np.arange(200) % 5)
    plain, far = (fit(regression(y + d, numbers=X + d), folds) for d in (0.0, 2.0**30))
    for one, other in zip(plain, far, strict=True):
        np.testing.assert_allclose(other.products, one.products, rtol=1e-5, atol=1e-7)


def test_powers_stop_where_a_number_has_no_more_values():
    rng = np.random.default_rng(7)
    X = np.c_[rng.integers(0, 2, 200), rng.integers(0, 3, 200), rng.normal(size=200)]
    fits = fit(
        regression(rng.normal(size=200), numbers=X), partition_folds(np.arange(200) % 4), Grid((3,))
    )
    powers = np.stack([(fits[-1].terms == j).sum(axis=1) for j in range(3)], axis=1)
    assert powers.max(axis=0).tolist() == [1, 2, 3]
    assert fits[-1].condition < 1e5


def test_the_degree_drops_aloud_where_columns_would_be_too_many():
    wide = regression(np.arange(5000.0), numbers=np.zeros((5000, 35)))
    assert highest_degree(wide) == (2, "degree 3 would need 8,435 columns; 2 is the highest tried")
    few_rows = regression(np.arange(30.0), numbers=np.zeros((30, 10)))
    assert highest_degree(few_rows)[0] == 3
    assert highest_degree(regression(np.arange(5000.0), numbers=np.zeros((5000, 3)))) == (4, "")


def test_rows_without_weight_are_refused_with_the_reason():
    numbers = np.arange(20.0)[:, None]
    problem = regression(np.arange(20.0), numbers=numbers, weight=np.zeros(20))
    with pytest.raises(NotApplicable, match="positive weight"):
        fit(problem, partition_folds(np.arange(20) % 5))
