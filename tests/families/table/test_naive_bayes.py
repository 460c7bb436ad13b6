import numpy as np
import pytest

from rung.core.family import Problem
from rung.core.folds import partition_folds
from rung.errors import NotApplicable
from rung.families.table.naive_bayes import FAMILY, fit_naive_bayes
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
Y = np.arange(150) % 3
NUMBERS = RNG.normal(size=(150, 4)) + Y[:, None] * [1.0, 0.5, 0.0, -1.0]
NUMBERS = (NUMBERS - NUMBERS.mean(axis=0)) / NUMBERS.std(axis=0)
CODES = np.stack([RNG.integers(0, 4, 150), (Y + RNG.integers(0, 2, 150)) % 3], axis=1)
LEVELS = (list("abcd"), list("xyz"))
ROWS = np.arange(150)


def mixed_problem(*, weighted=False):
    return classification(Y, 3, **mixed_table(150, weighted=weighted))


@pytest.mark.parametrize("weight", [None, RNG.uniform(0.1, 2.0, 150)])
def test_numbers_are_weighed_as_scikit_learn_does(weight):
    from sklearn.naive_bayes import GaussianNB

    problem = classification(Y, 3, numbers=NUMBERS, weight=weight)
    oracle = GaussianNB().fit(NUMBERS, Y, sample_weight=weight).predict_proba(NUMBERS)
    given = fit_naive_bayes(problem, ROWS).predict(problem.design)
    np.testing.assert_allclose(given, oracle, atol=1e-9)


@pytest.mark.parametrize("weight", [None, RNG.uniform(0.1, 2.0, 150)])
def test_categories_are_weighed_as_scikit_learn_does(weight):
    from sklearn.naive_bayes import CategoricalNB

    problem = classification(Y, 3, codes=CODES, levels=LEVELS, weight=weight)
    oracle = CategoricalNB().fit(CODES, Y, sample_weight=weight).predict_proba(CODES)
    given = fit_naive_bayes(problem, ROWS).predict(problem.design)
    np.testing.assert_allclose(given, oracle, atol=1e-9)


def test_numbers_and_categories_multiply():
    model = [
        fit_naive_bayes(classification(Y, 3, **parts), ROWS).predict(table(**parts))
        for parts in (
            {"numbers": NUMBERS},
            {"codes": CODES, "levels": LEVELS},
            {"numbers": NUMBERS, "codes": CODES, "levels": LEVELS},
        )
    ]
    both = model[0] * model[1]  # the prior is uniform
    np.testing.assert_allclose(model[2], both / both.sum(axis=1, keepdims=True), atol=1e-12)


def test_missing_and_unseen_cells_say_nothing():
    parts = {"numbers": NUMBERS, "codes": CODES, "levels": LEVELS}
    model = fit_naive_bayes(classification(Y, 3, **parts), ROWS)
    for code in (-1, -2):
        blank = table(numbers=np.full((2, 4), np.nan), codes=np.full((2, 2), code), levels=LEVELS)
        np.testing.assert_allclose(model.predict(blank), 1 / 3, atol=1e-12)


def test_units_of_a_column_do_not_matter():
    plain = classification(Y, 3, numbers=NUMBERS)
    other = classification(Y, 3, numbers=NUMBERS * [1e-9, 1.0, 1e12, 1e3] + [0, 1e6, 0, 5])
    np.testing.assert_allclose(
        fit_naive_bayes(other, ROWS).predict(other.design),
        fit_naive_bayes(plain, ROWS).predict(plain.design),
        atol=1e-8,
    )


def test_levels_are_matched_by_name_in_other_data():
    problem = classification(Y, 3, codes=CODES, levels=LEVELS)
    model = fit_naive_bayes(problem, ROWS)
    turned = table(codes=3 - CODES[:, :1], levels=[list("dcba")]), CODES[:, 1]
    other = table(
        codes=np.stack([3 - CODES[:, 0], turned[1] + 1], axis=1),
        levels=(list("dcba"), list("wxyz")),
    )
    assert model.predict(other).tobytes() == model.predict(problem.design).tobytes()


@pytest.mark.parametrize("weighted", [False, True])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(weighted):
    problem = mixed_problem(weighted=weighted)
    for i, split in enumerate(partition_folds(ROWS % 5).splits):
        before = fit_naive_bayes(problem, split.train)
        after = fit_naive_bayes(scrambled(problem, split.test, i), split.train)
        assert state_bytes(after) == state_bytes(before)


def test_state_gives_back_the_same_bits_and_damage_is_refused():
    problem = mixed_problem(weighted=True)
    fitted = FAMILY.cross_fit(problem, partition_folds(ROWS % 5), SerialContext(problem))
    for prediction in fitted.predictions:
        np.testing.assert_allclose(prediction.sum(axis=1), 1.0)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)


@pytest.mark.parametrize(
    "numbers",
    [
        np.full((12, 2), np.nan),
        np.ones((12, 1)),
        np.where(np.arange(12) % 3 == 0, np.nan, np.arange(12.0))[:, None],
        np.linspace(-1e300, 1e300, 12)[:, None],
    ],
)
@pytest.mark.parametrize("y", [np.arange(12) % 3, np.arange(12) // 11, np.zeros(12), np.arange(12)])
def test_odd_tables_give_finite_probabilities(numbers, y):
    problem = classification(y, 12, numbers=numbers)
    folds = partition_folds(np.arange(12) % 4)
    for prediction in FAMILY.cross_fit(problem, folds, SerialContext(problem)).predictions:
        assert np.isfinite(prediction).all()
        np.testing.assert_allclose(prediction.sum(axis=1), 1.0)


def test_classes_absent_from_training_have_half_a_row():
    problem = classification([0, 0, 1, 1, 2], 3, numbers=np.arange(5.0)[:, None])
    prediction = fit_naive_bayes(problem, np.arange(4)).predict(problem.design)
    np.testing.assert_allclose(prediction[:, 2], 0.125 / 1.125)


def test_regression_and_tables_without_features_are_refused_with_the_reason():
    folds = partition_folds(np.arange(10) % 5)
    numbers = regression(np.arange(10.0), numbers=np.ones((10, 1)))
    with pytest.raises(NotApplicable, match="target is a number"):
        FAMILY.cross_fit(numbers, folds, SerialContext(numbers))
    empty = Problem("binary", table(numbers=np.ones((10, 0))), np.arange(10) % 2, ("a", "b"))
    with pytest.raises(NotApplicable, match="no features"):
        FAMILY.cross_fit(empty, folds, SerialContext(empty))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    model, design = fit_naive_bayes(mixed_problem(), ROWS), mixed_problem().design
    given, heavy = predict_elsewhere("rung.families.table.naive_bayes", model, design)
    assert heavy == []
    assert given.tobytes() == model.predict(design).tobytes()
