import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.errors import NotApplicable
from rung.families.class_trees import fit_class_trees
from rung.families.table.tree_bayes import BINS, FAMILY
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

Y = np.arange(150) % 3
ROWS = np.arange(150)


def mixed_problem(*, weighted=False):
    return classification(Y, 3, **mixed_table(150, weighted=weighted))


def test_bins_are_chosen_inside_the_fold_and_most_splits_decide_for_all_rows():
    x = np.random.default_rng(0).random((600, 1)) * 12
    y = np.floor(x[:, 0]).astype(int) % 2
    problem = classification(y, 2, numbers=x)
    folds = partition_folds(np.arange(600) % 5)
    fitted = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    chosen = [settings["bins"] for settings in fitted.settings]
    assert set(chosen) <= {12, 20}
    assert len(fitted.model.levels.cuts[0]) + 1 == max(set(chosen), key=chosen.count)
    assert set(chosen) <= set(BINS)


@pytest.mark.parametrize("weighted", [False, True])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(weighted):
    problem = mixed_problem(weighted=weighted)
    for i, split in enumerate(partition_folds(ROWS % 5).splits):
        before = fit_class_trees(problem, split.train, bins=6)
        after = fit_class_trees(scrambled(problem, split.test, i), split.train, bins=6)
        assert state_bytes(after) == state_bytes(before)


def test_state_gives_back_the_same_bits_and_damage_is_refused():
    problem = mixed_problem(weighted=True)
    fitted = FAMILY.cross_fit(problem, partition_folds(ROWS % 5), SerialContext(problem))
    for prediction in fitted.predictions:
        np.testing.assert_allclose(prediction.sum(axis=1), 1.0)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)


def test_a_blank_row_gets_the_shares_of_the_classes():
    y = np.arange(150) % 5 // 3
    problem = classification(y, 2, **mixed_table(150))
    model = fit_class_trees(problem, ROWS, bins=6)
    levels = mixed_table(150)["levels"]
    blank = table(numbers=np.full((2, 4), np.nan), codes=np.full((2, 2), -1), levels=levels)
    np.testing.assert_allclose(model.predict(blank), [[0.6, 0.4]] * 2, atol=1e-9)


@pytest.mark.parametrize("y", [np.arange(12) % 3, np.arange(12) // 11, np.zeros(12), np.arange(12)])
def test_odd_tables_give_finite_probabilities(y):
    for numbers in (
        np.full((12, 2), np.nan),
        np.ones((12, 1)),
        np.linspace(-1e300, 1e300, 12)[:, None],
    ):
        problem = classification(y, 12, numbers=numbers)
        folds = partition_folds(np.arange(12) % 4)
        for prediction in FAMILY.cross_fit(problem, folds, SerialContext(problem)).predictions:
            assert np.isfinite(prediction).all()


def test_regression_and_tables_that_are_empty_or_too_wide_are_refused_with_the_reason():
    folds = partition_folds(np.arange(10) % 5)
    numbers = regression(np.arange(10.0), numbers=np.ones((10, 1)))
    with pytest.raises(NotApplicable, match="target is a number"):
        FAMILY.cross_fit(numbers, folds, SerialContext(numbers))
    for width, said in ((0, "no features"), (201, "201 columns")):
        empty = classification(np.arange(10) % 2, 2, numbers=np.ones((10, width)))
        with pytest.raises(NotApplicable, match=said):
            FAMILY.cross_fit(empty, folds, SerialContext(empty))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    model, design = fit_class_trees(mixed_problem(), ROWS, bins=6), mixed_problem().design
    given, heavy = predict_elsewhere("rung.families.table.tree_bayes", model, design)
    assert heavy == []
    assert given.tobytes() == model.predict(design).tobytes()
