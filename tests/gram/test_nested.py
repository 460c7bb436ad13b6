import numpy as np
import pytest

from rung.core.folds import given_folds, partition_folds
from rung.errors import NotApplicable
from rung.gram.nested import fit_nested
from rung.gram.ridge import PENALTIES
from tests.tables import SerialContext, mixed_table, regression, scrambled


def mixed_problem(n_rows=240, seed=0, *, weighted=False):
    parts = mixed_table(n_rows, seed, weighted=weighted)
    noise = np.random.default_rng(seed + 1).normal(size=n_rows)
    y = parts["numbers"][:, 0] + 0.5 * (parts["codes"][:, 0] == 2) + noise
    return regression(y + 100.0, **parts)


def fit(problem, folds):
    return fit_nested(problem, folds, SerialContext(problem))


def direct_ridge(problem, fitted, train, penalty=None):
    """Solve the normal equations of the centred, encoded training rows."""
    penalty = fitted.penalty if penalty is None else penalty
    X, y = fitted.encoder.matrix(problem.design, train), problem.y[train]
    w = problem.weights(train)
    mean, centre = np.average(X, axis=0, weights=w), np.average(y, weights=w)
    left = ((X - mean) * w[:, None]).T @ (X - mean)
    left += penalty * w.sum() * np.eye(len(mean))
    slope = np.linalg.solve(left, ((X - mean) * w[:, None]).T @ (y - centre))
    return slope, centre - mean @ slope


def bits(fitted):
    state = fitted.encoder.to_state()
    return (
        {name: array.tobytes() for name, array in state.arrays.items()},
        dict(state.strings),
        fitted.coefficients.tobytes(),
        fitted.intercept,
        fitted.penalty,
    )


def all_folds(n_rows):
    rng = np.random.default_rng(5)
    order = rng.permutation(n_rows)
    windows = [(np.arange(stop), np.arange(stop, stop + 40)) for stop in (80, 120, 160)]
    return {
        "five": partition_folds(np.arange(n_rows) % 5),
        "two": partition_folds(np.arange(n_rows) % 2, units=np.arange(n_rows)),
        "repeated": partition_folds(np.stack([order % 4, rng.permutation(n_rows) % 4], axis=1)),
        "many atoms": partition_folds(
            np.stack([rng.permutation(n_rows) % 3 for _ in range(5)], axis=1)
        ),
        "given": given_folds(windows, n_rows, np.arange(n_rows)),
    }


@pytest.mark.parametrize("weighted", [False, True])
def test_coefficients_equal_a_direct_solve_of_the_encoded_rows(weighted):
    problem = mixed_problem(weighted=weighted)
    for folds in all_folds(240).values():
        for fitted, split in zip(fit(problem, folds), [*folds.splits, None], strict=True):
            train = np.arange(240) if split is None else split.train
            slope, intercept = direct_ridge(problem, fitted, train)
            np.testing.assert_allclose(fitted.coefficients, slope, atol=1e-8)
            np.testing.assert_allclose(fitted.intercept, intercept, atol=1e-8)


def test_the_penalty_is_the_one_with_the_least_inner_loss():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 12))
    y = X[:, 0] + 2.0 * rng.normal(size=60)
    problem, folds = regression(y, numbers=X), partition_folds(np.arange(60) % 5)
    fits = fit(problem, folds)
    for i, fitted in enumerate(fits):
        losses = np.zeros(len(PENALTIES))
        for inner in folds.inner(i if i < 5 else None):
            shift, scale = X[inner.train].mean(axis=0), X[inner.train].std(axis=0)
            Z, z = (X[inner.train] - shift) / scale, (X[inner.test] - shift) / scale
            centre = y[inner.train].mean()
            for j, penalty in enumerate(PENALTIES):
                left = Z.T @ Z + penalty * len(Z) * np.eye(12)
                slope = np.linalg.solve(left, Z.T @ (y[inner.train] - centre))
                losses[j] += np.sum((y[inner.test] - centre - z @ slope) ** 2)
        assert fitted.penalty == PENALTIES[int(losses.argmin())]


@pytest.mark.parametrize("name", ["five", "two", "repeated", "many atoms", "given"])
@pytest.mark.parametrize("weighted", [False, True])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(name, weighted):
    problem = mixed_problem(weighted=weighted)
    folds = all_folds(240)[name]
    before = fit(problem, folds)
    for i in (0, 1, len(folds.splits) - 1):
        for seed in range(3):
            outside = np.setdiff1d(np.arange(240), folds.splits[i].train)
            after = fit(scrambled(problem, outside, seed), folds)
            assert bits(after[i]) == bits(before[i])


def test_a_large_offset_costs_no_accuracy():
    rng = np.random.default_rng(4)
    X = np.round(rng.normal(size=(200, 3)) * 1024) / 1024
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=200)
    folds = partition_folds(np.arange(200) % 5)
    plain = fit(regression(y, numbers=X), folds)
    far = fit(regression(y + 2.0**30, numbers=X + 2.0**30), folds)
    for one, other in zip(plain, far, strict=True):
        np.testing.assert_allclose(other.coefficients, one.coefficients, rtol=1e-6)
        assert other.penalty == one.penalty


def test_a_basis_from_a_misleading_fold_is_learned_again():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(200, 1))
    X[::5] += 1e12
    y = np.where(np.arange(200) % 5 == 0, 0.0, X[:, 0]) + 0.1 * rng.normal(size=200)
    folds = partition_folds(np.arange(200) % 5)
    problem = regression(y, numbers=X)
    fits = fit(problem, folds)
    slope, _ = direct_ridge(problem, fits[0], folds.splits[0].train)
    np.testing.assert_allclose(fits[0].coefficients, slope, rtol=1e-8)
    X[::5, 0] = np.nan
    constant_elsewhere = np.where(np.isnan(X), X, 0.1 + 1e6)
    fits = fit(regression(y, numbers=np.c_[constant_elsewhere, y]), folds)
    assert not fits[1].encoder.in_use[0]


def test_scaling_weights_changes_nothing_that_matters():
    problem = mixed_problem(weighted=True)
    values = dict(problem.design.values)
    values["w"] = values["w"] * 1024.0
    scaled = regression(problem.y, **mixed_table(240, weighted=True))
    scaled.design.column("w")
    object.__setattr__(scaled.design, "values", values)
    folds = partition_folds(np.arange(240) % 5)
    for one, other in zip(fit(problem, folds), fit(scaled, folds), strict=True):
        np.testing.assert_allclose(other.coefficients, one.coefficients, atol=1e-10)


def test_rows_without_weight_are_refused_with_the_reason():
    problem = regression(np.arange(20.0), numbers=np.ones((20, 1)), weight=np.zeros(20))
    with pytest.raises(NotApplicable, match="positive weight"):
        fit(problem, partition_folds(np.arange(20) % 5))


def test_levels_without_room_are_counted_aloud(monkeypatch):
    monkeypatch.setattr("rung.prep.levels.MAX_WIDTH", 10)
    problem = mixed_problem()
    fits = fit(problem, partition_folds(np.arange(240) % 5))
    assert all(fitted.encoder.width <= 11 for fitted in fits)  # an indicator comes on top
    assert "share columns" in fits[-1].encoder.notes[0]


def test_in_wide_tables_held_out_rows_do_not_touch_a_bit_either(monkeypatch):
    monkeypatch.setattr("rung.gram.nested.WIDE", 3)
    problem, folds = mixed_problem(), partition_folds(np.arange(240) % 5)
    before = fit(problem, folds)
    for i, split in enumerate(folds.splits):
        after = fit(scrambled(problem, split.test, i), folds)
        assert bits(after[i]) == bits(before[i])
