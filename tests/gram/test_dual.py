import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.errors import NotApplicable
from rung.gram import nested
from rung.gram.dual import is_dual, solve_dual
from rung.gram.nested import fit_nested
from rung.gram.ridge import PENALTIES
from tests.gram.test_nested import bits, direct_ridge
from tests.tables import SerialContext, regression, scrambled


def wide_problem(n_rows=60, n_numbers=70, *, weighted=False, seed=0):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, n_numbers)) * np.logspace(-2, 3, n_numbers) + 50.0
    y = 100.0 + numbers[:, 0] * 100 + rng.normal(size=n_rows)
    numbers[rng.random(n_rows) < 0.2, 1] = np.nan
    numbers[:, 2] = 7.0
    codes = rng.integers(-1, 4, (n_rows, 1))
    weight = rng.uniform(0.0, 3.0, n_rows) if weighted else None
    if weighted:
        weight[:5] = 0.0
    levels = ([f"a{i}" for i in range(4)],)
    return regression(y, numbers=numbers, codes=codes, levels=levels, weight=weight)


def divided(n_rows):
    deals = [np.random.default_rng(i).permutation(n_rows) % 4 for i in range(2)]
    return {"once": partition_folds(deals[0]), "twice": partition_folds(np.stack(deals, axis=1))}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["once", "twice"])
def test_products_of_rows_give_the_same_models_as_products_of_columns(monkeypatch, weighted, kind):
    problem = wide_problem(weighted=weighted)
    folds = divided(60)[kind]
    assert is_dual(problem, 60)
    dual = fit_nested(problem, folds, SerialContext(problem))
    monkeypatch.setattr(nested, "is_dual", lambda *_: False)
    primal = fit_nested(problem, folds, SerialContext(problem))
    for one, other in zip(dual, primal, strict=True):
        assert one.penalty == other.penalty
        assert one.encoder.column_names() == other.encoder.column_names()
        given, wanted = (
            fit.encoder.matrix(problem.design) @ fit.coefficients + fit.intercept
            for fit in (one, other)
        )
        np.testing.assert_allclose(given, wanted, rtol=1e-8)
        np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=0, atol=1e-7)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_path_solves_the_normal_equations_at_every_penalty(weighted):
    problem = wide_problem(weighted=weighted)
    train = np.arange(0, 60, 2)
    fit = fit_nested(problem, divided(60)["once"], SerialContext(problem))[-1]
    kept, _ = nested.keep_levels(
        nested.SlotCounts(problem, divided(60)["once"]).of(np.ones(4, dtype=bool)), taken=70
    )
    found = solve_dual(problem, train, {"all": np.arange(60)}, kept=kept)
    for place, penalty in enumerate(PENALTIES):
        slope, intercept = direct_ridge(problem, found, train, penalty)
        X = found.encoder.matrix(problem.design)
        given = X @ found.coefficients[:, place] + found.intercepts[place]
        np.testing.assert_allclose(given, X @ slope + intercept, rtol=1e-7)
        loss = problem.weights(np.arange(60)) @ (given - problem.y) ** 2
        np.testing.assert_allclose(found.losses["all"][place], loss, rtol=1e-9)
    assert fit.penalty in PENALTIES


def test_the_final_model_is_that_of_scikit_learn():
    from sklearn.linear_model import Ridge

    problem = wide_problem()
    fit = fit_nested(problem, divided(60)["once"], SerialContext(problem))[-1]
    X = fit.encoder.matrix(problem.design)
    oracle = Ridge(alpha=fit.penalty * 60, solver="svd").fit(X, problem.y)
    np.testing.assert_allclose(fit.coefficients, oracle.coef_, rtol=1e-7, atol=1e-8)
    assert fit.intercept == pytest.approx(oracle.intercept_, rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
def test_held_out_rows_touch_no_bit(weighted):
    problem = wide_problem(weighted=weighted)
    folds = divided(60)["once"]
    before = fit_nested(problem, folds, SerialContext(problem))
    for number, split in enumerate(folds.splits):
        other = scrambled(problem, split.test, seed=number)
        after = fit_nested(other, folds, SerialContext(other))
        assert bits(after[number]) == bits(before[number])


def test_more_rows_than_columns_go_the_other_way():
    assert not is_dual(wide_problem(200), 200)
    assert is_dual(wide_problem(70), 70)


def test_rows_without_any_weight_are_refused():
    problem = wide_problem(weighted=True)
    problem.design.values["w"][:] = 0.0
    with pytest.raises(NotApplicable, match="no rows of positive weight"):
        fit_nested(problem, divided(60)["once"], SerialContext(problem))


def test_enormous_targets_and_cells_stay_finite():
    problem = wide_problem()
    problem.y[3] = 1e300
    problem.design.values["x4"][7] = -1e308
    fits = fit_nested(problem, divided(60)["once"], SerialContext(problem))
    assert all(np.isfinite(fit.coefficients).all() for fit in fits)
