import numpy as np
import pytest

from rung.core.folds import Folds, partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.table import neighbours
from rung.families.table.neighbours import FAMILY, GRID, closeness, fit_neighbours
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
    scrambled,
    table,
)

N_ROWS = 150
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N_ROWS, 4))
X = (X - X.mean(axis=0)) / X.std(axis=0)
SIGNAL = X[:, 0] + X[:, 1] ** 2 + 0.2 * RNG.normal(size=N_ROWS)
LABEL = np.argsort(np.argsort(SIGNAL)) * 3 // N_ROWS
TRAIN, TEST = np.arange(110), np.arange(110, N_ROWS)


def mixed_problem(n_classes):
    parts = mixed_table(N_ROWS, weighted=True)
    signal = parts["numbers"][:, 0] + np.random.default_rng(7).normal(size=N_ROWS)
    if not n_classes:
        return regression(signal, **parts)
    return classification(np.argsort(np.argsort(signal)) * n_classes // N_ROWS, n_classes, **parts)


def cross_fit(problem, n_folds=5):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    return FAMILY.cross_fit(problem, folds, SerialContext(problem))


def fitted(problem, k, kernel="uniform", train=TRAIN):
    return fit_neighbours(problem, train, SerialContext(problem), k=k, kernel=kernel)


@pytest.mark.parametrize("kernel", ["uniform", "distance"])
@pytest.mark.parametrize("k", [1, 2, 5, 34])
def test_values_are_those_of_scikit_learn(k, kernel):
    from sklearn.neighbors import KNeighborsRegressor

    problem = regression(SIGNAL, numbers=X)
    model = fitted(problem, k, kernel)
    Z = model.encoder.matrix(problem.design)
    oracle = KNeighborsRegressor(k, weights=kernel).fit(Z[TRAIN], SIGNAL[TRAIN])
    given = model.predict(problem.design, TEST)[:, 0]
    np.testing.assert_allclose(given, oracle.predict(Z[TEST]), atol=1e-12)
    # At no distance from a training row, that row alone is heard.
    if kernel == "distance":
        given = model.predict(problem.design, TRAIN)[:, 0]
        np.testing.assert_array_equal(given, SIGNAL[TRAIN])


@pytest.mark.parametrize("kernel", ["uniform", "distance"])
@pytest.mark.parametrize("k", [1, 3, 21])
def test_shares_are_those_of_scikit_learn_with_one_more_neighbour(k, kernel):
    from sklearn.neighbors import KNeighborsClassifier

    problem = classification(LABEL, 3, numbers=X)
    model = fitted(problem, k, kernel)
    Z = model.encoder.matrix(problem.design)
    oracle = KNeighborsClassifier(k, weights=kernel).fit(Z[TRAIN], LABEL[TRAIN])
    prior = np.bincount(LABEL[TRAIN]) / len(TRAIN)
    wanted = (k * oracle.predict_proba(Z[TEST]) + prior) / (k + 1)
    np.testing.assert_allclose(model.predict(problem.design, TEST), wanted, atol=1e-12)


def test_a_weight_of_two_counts_as_two_rows():
    twice = np.arange(N_ROWS) < 30
    weighted = regression(SIGNAL, numbers=X, weight=1.0 + twice)
    model = fitted(weighted, N_ROWS, train=np.arange(N_ROWS))
    expected = np.average(SIGNAL, weights=1.0 + twice)
    np.testing.assert_allclose(model.predict(weighted.design), expected, atol=1e-12)


def test_rows_without_weight_have_no_vote():
    weight = np.where(np.arange(N_ROWS) % 2, 1.0, 0.0)
    model = fitted(regression(SIGNAL, numbers=X, weight=weight), 3)
    assert len(model.rows) == len(TRAIN) // 2
    assert set(model.target) <= set(SIGNAL[1::2])


def test_votes_fall_with_the_distance_without_overflow():
    votes = closeness(np.array([[5e-324, 1e300], [0.0, 0.0], [2.0, 4.0]]))
    np.testing.assert_array_equal(votes, [[1, 0], [1, 1], [1, 0.5]])


def test_of_equal_rows_those_vote_that_come_first_in_a_random_order():
    y = np.arange(400.0)
    model = fitted(regression(y, numbers=np.zeros((400, 1))), 40, train=np.arange(400))
    # In the order of the table the first forty values would give 19.5.
    assert 130 < model.predict(table(numbers=np.zeros((1, 1))))[0, 0] < 270


@pytest.mark.parametrize("n_classes", [0, 2, 4])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes):
    problem = mixed_problem(n_classes)
    model = cross_fit(problem).model
    assert_round_trip(FAMILY, model, problem.design)
    assert_refuses_damage(FAMILY, model)
    outputs, heavy = predict_elsewhere(neighbours.__name__, model, problem.design)
    assert not set(heavy) & {"sklearn", "lightgbm"}
    np.testing.assert_array_equal(outputs, model.predict(problem.design))


@pytest.mark.parametrize(
    ("entry", "value", "said"),
    [
        ("stores_training_rows", False, "stores training rows"),
        ("k", 0, "'k'"),
        ("k", 10_000, "'k'"),
        ("kernel", "magic", "'kernel'"),
        ("task", "binary", "fit together"),
    ],
)
def test_a_forged_entry_is_refused(entry, value, said):
    state = cross_fit(mixed_problem(4)).model.to_state()
    state.spec[entry] = value
    with pytest.raises(BadModelFile, match=said):
        FAMILY.load(state)


def test_the_model_says_that_it_holds_training_rows():
    found = cross_fit(mixed_problem(2))
    assert found.model.to_state().spec["stores_training_rows"] is True
    assert "holds training rows" in found.notes[0]


def test_many_rows_are_thinned_and_the_note_says_so(monkeypatch):
    monkeypatch.setattr(neighbours, "MOST_ROWS", 50)
    found = cross_fit(mixed_problem(0))
    assert len(found.model.rows) == 50
    assert "keeps 50 of 150 training rows, drawn at random" in found.notes


def test_settings_are_those_of_least_loss_on_held_out_rows():
    rng = np.random.default_rng(1)
    numbers = rng.uniform(size=(600, 1))
    rough = cross_fit(regression(rng.normal(size=600), numbers=numbers)).settings
    smooth = cross_fit(regression(np.sin(20 * numbers[:, 0]), numbers=numbers)).settings
    assert min(one["k"] for one in rough) > max(one["k"] for one in smooth)


def test_more_neighbours_than_rows_are_all_rows():
    problem = regression(np.arange(6.0), numbers=np.arange(6.0)[:, None])
    model = fitted(problem, GRID[-1], train=np.arange(6))
    assert model.k == 6
    np.testing.assert_allclose(model.predict(problem.design), 2.5)


def test_held_out_rows_change_no_settings():
    problem = mixed_problem(3)
    folds = partition_folds(np.arange(N_ROWS) % 5)
    before = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    other = scrambled(problem, folds.splits[2].test)
    after = FAMILY.cross_fit(other, folds, SerialContext(other))
    assert before.settings[2] == after.settings[2]


@pytest.mark.parametrize("scale", [1.0, 1e300, 1e-300])
@pytest.mark.parametrize("n_classes", [0, 3])
def test_odd_numbers_give_finite_predictions(scale, n_classes):
    numbers = np.random.default_rng(0).normal(size=(24, 2)) * scale
    y = np.arange(24) % 3
    parts = {"numbers": numbers}
    problem = classification(y, 3, **parts) if n_classes else regression(y, **parts)
    for outputs in cross_fit(problem, 4).predictions:
        assert np.isfinite(outputs).all()


def test_folds_without_inner_splits_take_the_fallback():
    problem = mixed_problem(0)
    folds = partition_folds(np.arange(N_ROWS) % 5)
    bare = Folds(folds.splits, folds.atom, folds.in_train, ((),) * 6)
    found = FAMILY.cross_fit(problem, bare, SerialContext(problem))
    assert found.settings[0] == {"k": 5, "votes": "uniform"}


def test_a_table_without_features_is_refused():
    with pytest.raises(NotApplicable, match="no features"):
        cross_fit(regression(np.arange(20.0), numbers=np.zeros((20, 0))))
