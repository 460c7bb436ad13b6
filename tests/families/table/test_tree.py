import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.errors import BadModelFile
from rung.families.table.tree import FAMILY, PENALTIES
from tests.families.table.trees_in_common import (
    FOLDS,
    ODD,
    ROWS,
    assert_odd_problem_gives_sound_predictions,
    assert_refuses_parts_that_are_damaged,
    assert_takes_rows_that_hold_no_relation,
    assert_units_leave_no_trace,
    assert_unseen_is_read_as_missing,
    cross_fit,
    mixed_problems,
)
from tests.tables import (
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    scrambled,
    table,
)

RNG = np.random.default_rng(3)
X = RNG.uniform(-1, 1, (400, 3))
STEPS = np.where(X[:, 0] > 0.2, 2.0, np.where(X[:, 1] > 0, 1.0, -1.0))
NOISY = STEPS + RNG.normal(0, 0.7, 400)
PARTS = partition_folds(np.arange(400) % 5)


@pytest.mark.parametrize("problem", [*mixed_problems()], ids=lambda problem: problem.task)
def test_held_out_rows_do_not_touch_a_bit_of_a_fold(problem):
    split = FOLDS.splits[1]
    before = cross_fit(FAMILY, problem)
    # The first three held-out rows keep their features: the model is watched through them.
    after = cross_fit(FAMILY, scrambled(problem, split.test[3:]))
    assert after.settings[1] == before.settings[1]
    assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()


@pytest.mark.parametrize("problem", [*mixed_problems()], ids=lambda problem: problem.task)
def test_state_gives_back_the_same_bits_and_damage_is_refused(problem):
    model = cross_fit(FAMILY, problem).model
    assert_round_trip(FAMILY, model, problem.design)
    assert_refuses_parts_that_are_damaged(FAMILY, model)


@pytest.mark.parametrize("name", [*ODD])
def test_odd_tables_give_sound_predictions(name):
    assert_odd_problem_gives_sound_predictions(FAMILY, name)


def test_unseen_levels_are_read_as_missing():
    assert_unseen_is_read_as_missing(FAMILY)


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    problem = next(iter(mixed_problems()))
    model = cross_fit(FAMILY, problem).model
    given, heavy = predict_elsewhere("rung.families.table.tree", model, problem.design)
    assert heavy == []
    assert given.tobytes() == model.predict(problem.design).tobytes()


def test_pruning_finds_the_three_steps_that_noise_hides():
    fitted = cross_fit(FAMILY, regression(NOISY, numbers=X), PARTS)
    assert all(3 <= settings["leaves"] <= 6 for settings in fitted.settings)
    assert all(settings["alpha"] in PENALTIES for settings in fitted.settings)
    assert fitted.model.nodes.is_leaf.sum() <= 6


def test_pruned_tree_is_better_than_the_whole_tree():
    from sklearn.tree import DecisionTreeRegressor

    fitted = cross_fit(FAMILY, regression(NOISY, numbers=X), PARTS)
    ours, whole = np.zeros(400), np.zeros(400)
    for split, prediction in zip(PARTS.splits, fitted.predictions, strict=True):
        tree = DecisionTreeRegressor(random_state=0).fit(X[split.train], NOISY[split.train])
        ours[split.test], whole[split.test] = prediction[:, 0], tree.predict(X[split.test])
    assert np.mean((ours - STEPS) ** 2) < 0.2 * np.mean((whole - STEPS) ** 2)


def test_pure_noise_is_left_undivided_in_most_folds():
    # Five folds of seeded noise; a fold that is divided once costs little.
    problem = classification(RNG.integers(0, 2, 400), 2, numbers=X)
    leaves = [settings["leaves"] for settings in cross_fit(FAMILY, problem, PARTS).settings]
    assert sorted(leaves)[2] <= 2


def test_no_leaf_is_certain_and_absent_classes_have_half_a_row():
    y = np.where(ROWS < 60, 0, 1)
    y[FOLDS.splits[0].test[:2]] = 2
    problem = classification(y, 4, numbers=ROWS[:, None])
    fitted = cross_fit(FAMILY, problem)
    lacking = fitted.predictions[0]
    np.testing.assert_allclose(lacking[:, 2:], (1 / 180) / (1 + 2 / 180))
    assert 0.9 < lacking[0].max() < 1.0


def test_weights_count_as_repeated_rows():
    weight = RNG.integers(1, 4, 120)
    problem = regression(ROWS // 40 * 10.0, numbers=ROWS[:, None], weight=weight)
    model = cross_fit(FAMILY, problem).model
    doubled = cross_fit(
        FAMILY, regression(ROWS // 40 * 10.0, numbers=ROWS[:, None], weight=4 * weight)
    ).model
    assert model.predict(problem.design).tobytes() == doubled.predict(problem.design).tobytes()
    np.testing.assert_allclose(model.predict(problem.design)[:, 0], problem.y, atol=1.0)


def test_zero_one_loss_prunes_by_mistakes():
    problem = classification(STEPS > 0, 2, numbers=X)
    object.__setattr__(problem, "loss", "zero_one")
    fitted = cross_fit(FAMILY, problem, PARTS)
    mistakes = [
        np.mean(prediction.argmax(axis=1) != problem.y[split.test])
        for split, prediction in zip(PARTS.splits, fitted.predictions, strict=True)
    ]
    assert np.mean(mistakes) < 0.03


def test_a_file_with_outputs_of_another_task_is_refused():
    model = cross_fit(FAMILY, regression(NOISY, numbers=X), PARTS).model
    state = model.to_state()
    state.spec.update(task="binary", n_outputs=2)
    with pytest.raises(BadModelFile, match="1 trees of 1 outputs; one tree of 2"):
        FAMILY.load(state)


def test_missing_cells_choose_a_side():
    numbers = np.where(ROWS % 3 == 0, np.nan, ROWS * 0.0)[:, None]
    problem = regression(np.where(ROWS % 3 == 0, 5.0, -5.0), numbers=numbers)
    model = cross_fit(FAMILY, problem).model
    given = model.predict(table(numbers=[[np.nan], [0.0]]))[:, 0]
    np.testing.assert_allclose(given, [5.0, -5.0], atol=0.5)


# Two columns that are nearly the same: their difference says it all, and no cut of one shows it.
COMMON, GAP = RNG.normal(size=(2, 400))
NEAR = regression(
    np.sign(GAP) + 0.1 * RNG.normal(size=400),
    numbers=np.stack([COMMON, COMMON + 0.05 * GAP, X[:, 0]], axis=1).round(3),
)


def test_relations_are_cut_where_differences_of_columns_tell():
    fitted = cross_fit(FAMILY, NEAR, PARTS)
    assert all(settings["relations"] for settings in fitted.settings)
    assert fitted.model.encoder.names[0] == "x0 − x1"
    assert int(fitted.model.nodes.feature[0]) == 3
    assert fitted.model.nodes.is_leaf.sum() <= 4


def test_columns_alone_are_cut_where_they_tell_as_much():
    numbers = np.stack([COMMON, COMMON + 0.5 * GAP], axis=1)
    fitted = cross_fit(FAMILY, regression(np.sign(COMMON), numbers=numbers), PARTS)
    assert not any(settings["relations"] for settings in fitted.settings)


def test_a_tree_on_relations_keeps_the_laws():
    before = cross_fit(FAMILY, NEAR, PARTS)
    after = cross_fit(FAMILY, scrambled(NEAR, PARTS.splits[1].test[3:]), PARTS)
    assert after.settings[1] == before.settings[1]
    assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()
    assert_round_trip(FAMILY, before.model, NEAR.design)
    assert_refuses_parts_that_are_damaged(FAMILY, before.model)


def test_rows_of_a_fold_may_hold_no_relation_where_fewer_did(monkeypatch):
    assert_takes_rows_that_hold_no_relation(FAMILY, NEAR, PARTS, monkeypatch)


def test_units_and_origins_leave_no_trace():
    assert_units_leave_no_trace(FAMILY)
