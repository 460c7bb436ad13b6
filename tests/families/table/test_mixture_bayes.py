import numpy as np
import pytest

from rung.core.family import State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.class_mixtures import component_logs
from rung.families.table.mixture_bayes import FAMILY, fit_mixture_bayes
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
    scrambled,
    state_bytes,
    table,
)

RNG = np.random.default_rng(0)
N = 600
Y = np.arange(N) % 3
MIXING = RNG.normal(size=(3, 4, 4))
X = np.stack([RNG.normal(size=4) @ MIXING[k] for k in Y]) + Y[:, None] * [1.0, 0.5, 0.0, -1.0]
ROWS = np.arange(N)
LEVELS = (list("abcd"), list("xyz"))
CODES = np.stack([RNG.integers(0, 4, N), (Y + RNG.integers(0, 2, N)) % 3], axis=1)


def fit(problem, shape, k=1, drawn=0.0, rows=ROWS):
    context = SerialContext(problem)
    return fit_mixture_bayes(problem, rows, shape=shape, k=k, drawn=drawn, context=context)


def chances(shape, weight=None):
    problem = classification(Y, 3, numbers=X, weight=weight)
    return fit(problem, shape).predict(problem.design)


@pytest.mark.parametrize("weight", [None, RNG.uniform(0.1, 2.0, N)])
def test_one_component_of_independent_columns_is_gaussian_naive_bayes(weight):
    from sklearn.naive_bayes import GaussianNB

    oracle = GaussianNB().fit(X, Y, sample_weight=weight).predict_proba(X)
    np.testing.assert_allclose(chances("diagonal", weight), oracle, atol=2e-4)


def test_one_component_of_one_covariance_is_linear_discriminant_analysis():
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    oracle = LinearDiscriminantAnalysis(solver="lsqr").fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(chances("tied"), oracle, atol=2e-4)


def test_one_component_of_its_own_covariance_is_quadratic_discriminant_analysis():
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    # scikit-learn divides by one row less: 1 in 200 of a variance
    oracle = QuadraticDiscriminantAnalysis().fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(chances("full"), oracle, atol=0.01)
    assert np.abs(chances("full") - oracle).mean() < 0.001


def test_categories_alone_are_weighed_as_scikit_learn_does():
    from sklearn.naive_bayes import CategoricalNB

    problem = classification(Y, 3, codes=CODES, levels=LEVELS)
    oracle = CategoricalNB().fit(CODES, Y).predict_proba(CODES)
    np.testing.assert_allclose(fit(problem, "full").predict(problem.design), oracle, atol=1e-9)


def test_two_components_a_class_part_what_one_gaussian_cannot():
    centres = np.array([[4, 4], [-4, -4], [4, -4], [-4, 4]])[np.arange(400) % 4]
    y = (np.arange(400) % 4 > 1).astype(int)
    problem = classification(y, 2, numbers=centres + RNG.normal(size=(400, 2)))
    one, two = (fit(problem, "tied", k, rows=np.arange(300)) for k in (1, 2))
    right = [(m.predict(problem.design)[300:].argmax(1) == y[300:]).mean() for m in (one, two)]
    assert right[0] < 0.7
    assert right[1] > 0.99


def test_cells_that_are_missing_or_unseen_say_nothing():
    problem = classification(Y, 3, numbers=X, codes=CODES, levels=LEVELS)
    model = fit(problem, "full", 2, 1.0)
    for code in (-1, -2):
        blank = table(numbers=np.full((2, 4), np.nan), codes=np.full((2, 2), code), levels=LEVELS)
        np.testing.assert_allclose(model.predict(blank), 1 / 3, atol=1e-9)


def test_a_missing_number_is_summed_out_and_not_filled():
    problem = classification(Y, 3, numbers=X)
    model = fit(problem, "full", 2, 1.0)
    rows = X[:5].copy()
    rows[:, 0] = np.nan
    given = model.predict(table(numbers=rows))
    grid = np.linspace(-40, 40, 4001)
    for row, said in zip(rows, given, strict=True):
        wide = np.tile(row, (len(grid), 1))
        wide[:, 0] = (grid - model.columns.shift[0]) / model.columns.scale[0]
        wide[:, 1:] = (row[1:] - model.columns.shift[1:]) / model.columns.scale[1:]
        logs = component_logs(model.mixture, wide, np.empty((len(grid), 0), int))
        sums = np.exp(logs - logs.max()).sum(axis=0)
        wanted = np.array([sums[model.owner == label].sum() for label in range(3)])
        np.testing.assert_allclose(said, wanted / wanted.sum(), atol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(weighted):
    y = np.arange(240) % 3
    problem = classification(y, 3, **mixed_table(240, weighted=weighted))
    for i, split in enumerate(partition_folds(np.arange(240) % 4).splits):
        before = fit(problem, "full", 2, 1.0, split.train)
        after = fit(scrambled(problem, split.test, i), "full", 2, 1.0, split.train)
        assert state_bytes(after) == state_bytes(before)


@pytest.mark.parametrize("shape", ["diagonal", "tied", "full"])
def test_state_gives_back_the_same_bits_and_damage_is_refused(shape):
    problem = classification(np.arange(150) % 3, 3, **mixed_table(150))
    model = fit(problem, shape, 2, 1.0, np.arange(150))
    assert_round_trip(FAMILY, model, problem.design)
    assert_refuses_damage(FAMILY, model)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("covariances", lambda values: -values),
        ("covariances", lambda values: values + np.triu(np.ones(values.shape[1:]), 1) * 1e-3),
        ("weights", lambda values: values * 2),
        ("weights", lambda values: -values),
        ("tables", lambda values: values * 0.5),
        ("owner", lambda values: values * 2),
        ("owner", lambda values: values + 1),
        ("present", lambda values: values[::-1] * 0),
        ("absent", lambda values: values + 0.5),
    ],
)
def test_a_hostile_state_is_refused(name, change):
    problem = classification(Y, 3, numbers=X, codes=CODES, levels=LEVELS)
    state = fit(problem, "full", 2, 1.0).to_state()
    changed = np.ascontiguousarray(change(state.arrays[name]))
    with pytest.raises(BadModelFile, match="model"):
        FAMILY.load(State(state.spec, {**state.arrays, name: changed}, state.strings))


def test_the_shape_and_components_are_chosen_on_rows_inside_the_fold():
    centres = np.array([[4, 4], [-4, -4], [4, -4], [-4, 4]])[np.arange(400) % 4]
    problem = classification(np.arange(400) % 4 > 1, 2, numbers=centres + RNG.normal(size=(400, 2)))
    folds = partition_folds(np.arange(400) % 5)
    fitted = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    assert {settings["components"] for settings in fitted.settings} <= {2, 4, 8}


def test_regression_and_tables_that_are_empty_or_too_wide_are_refused_with_the_reason():
    folds = partition_folds(np.arange(10) % 5)
    numbers = regression(np.arange(10.0), numbers=np.ones((10, 1)))
    with pytest.raises(NotApplicable, match="target is a number"):
        FAMILY.cross_fit(numbers, folds, SerialContext(numbers))
    for width, said in ((0, "no features"), (101, "101 numbers")):
        empty = classification(np.arange(10) % 2, 2, numbers=np.ones((10, width)))
        with pytest.raises(NotApplicable, match=said):
            FAMILY.cross_fit(empty, folds, SerialContext(empty))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    problem = classification(np.arange(150) % 3, 3, **mixed_table(150))
    model = fit(problem, "full", 2, 1.0, np.arange(150))
    given, heavy = predict_elsewhere("rung.families.table.mixture_bayes", model, problem.design)
    assert heavy == []
    assert given.tobytes() == model.predict(problem.design).tobytes()
