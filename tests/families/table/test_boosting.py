from types import SimpleNamespace

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem, State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile
from rung.families.table import boosting
from rung.families.table.boosting import FAMILY, _notes
from rung.prep import related
from rung.trees.boost import Chosen
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
    state_bytes,
)

RNG = np.random.default_rng(5)
X = RNG.uniform(-1, 1, (500, 4))
CURVED = np.sin(4 * X[:, 0]) + X[:, 1] * X[:, 2] * 3
NOISY = CURVED + RNG.normal(0, 0.2, 500)
PARTS = partition_folds(np.arange(500) % 3)


def held_out(fitted, folds):
    """Return out-of-fold predictions in the order of the rows."""
    given = np.zeros((folds.n_rows, fitted.predictions[0].shape[1]))
    for split, prediction in zip(folds.splits, fitted.predictions, strict=True):
        given[split.test] = prediction
    return given


@pytest.mark.parametrize("problem", [*mixed_problems()], ids=lambda problem: problem.task)
def test_held_out_rows_do_not_touch_a_bit_of_a_fold(problem):
    before = cross_fit(FAMILY, problem)
    after = cross_fit(FAMILY, scrambled(problem, FOLDS.splits[2].test))
    assert after.settings[2] == before.settings[2]
    assert state_bytes(after.model.models[2]) == state_bytes(before.model.models[2])


@pytest.mark.parametrize("problem", [*mixed_problems()], ids=lambda problem: problem.task)
def test_state_gives_back_the_same_bits_and_damage_is_refused(problem):
    model = cross_fit(FAMILY, problem, partition_folds(ROWS % 2, units=ROWS)).model
    assert_round_trip(FAMILY, model, problem.design)
    assert_refuses_parts_that_are_damaged(FAMILY, model)


@pytest.mark.parametrize("name", [*ODD])
def test_odd_tables_give_sound_predictions(name):
    assert_odd_problem_gives_sound_predictions(FAMILY, name)


def test_unseen_levels_are_read_as_missing():
    assert_unseen_is_read_as_missing(FAMILY)


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    *_, problem = mixed_problems()
    model = cross_fit(FAMILY, problem).model
    given, heavy = predict_elsewhere("rung.families.table.boosting", model, problem.design)
    assert heavy == []
    assert given.tobytes() == model.predict(problem.design).tobytes()


def test_final_model_is_the_mean_of_the_fold_models():
    problem = regression(NOISY, numbers=X)
    model = cross_fit(FAMILY, problem, PARTS).model
    each = [one.predict(problem.design) for one in model.models]
    np.testing.assert_allclose(model.predict(problem.design), np.mean(each, axis=0), rtol=1e-14)


def test_out_of_fold_predictions_are_those_of_the_fold_models():
    problem = regression(NOISY, numbers=X)
    fitted = cross_fit(FAMILY, problem, PARTS)
    for split, model, given in zip(
        PARTS.splits, fitted.model.models, fitted.predictions, strict=True
    ):
        assert model.predict(problem.design)[split.test].tobytes() == given.tobytes()


def test_curves_and_products_are_learned_that_a_line_misses():
    given = held_out(cross_fit(FAMILY, regression(NOISY, numbers=X), PARTS), PARTS)[:, 0]
    line = X @ np.linalg.lstsq(X, NOISY - NOISY.mean(), rcond=None)[0] + NOISY.mean()
    assert np.mean((given - CURVED) ** 2) < 0.3 * np.mean((line - CURVED) ** 2)


def test_twelve_rows_are_enough_to_see_a_step():
    y = np.where(np.arange(60) % 12 < 6, 0.0, 10.0)
    problem = regression(y[:12], numbers=np.arange(12.0)[:, None])
    folds = partition_folds(np.arange(12) % 4)
    given = held_out(cross_fit(FAMILY, problem, folds), folds)[:, 0]
    assert np.mean((given - y[:12]) ** 2) < 0.5 * np.var(y[:12])


def test_units_of_the_target_do_not_matter():
    plain = cross_fit(FAMILY, regression(NOISY, numbers=X), PARTS)
    moved = cross_fit(FAMILY, regression(NOISY * 2.0**40 + 2.0**50, numbers=X), PARTS)
    given = (held_out(moved, PARTS) - 2.0**50) / 2.0**40
    np.testing.assert_allclose(given, held_out(plain, PARTS), atol=1e-4)


def test_absolute_error_leads_to_medians_not_means():
    skewed = np.where(ROWS % 3 == 0, 100.0, 0.0)
    problem = regression(skewed, numbers=RNG.normal(size=(120, 1)))
    means = held_out(cross_fit(FAMILY, problem), FOLDS)
    object.__setattr__(problem, "loss", "absolute_error")
    medians = held_out(cross_fit(FAMILY, problem), FOLDS)
    assert np.median(medians) < 5
    assert np.median(means) > 20


def test_absent_classes_have_half_a_row():
    y = np.where(ROWS < 60, 0, 1)
    y[FOLDS.splits[0].test[:2]] = 2
    fitted = cross_fit(FAMILY, classification(y, 4, numbers=ROWS[:, None]))
    np.testing.assert_allclose(fitted.predictions[0][:, 2:], (1 / 180) / (1 + 2 / 180))


def test_weights_steer_the_shares():
    y = ROWS // 4 % 2
    problem = classification(y, 2, numbers=np.zeros((120, 1)), weight=np.where(y == 1, 3.0, 1.0))
    np.testing.assert_allclose(cross_fit(FAMILY, problem).predictions[0][:, 1], 0.75, atol=0.01)


def test_more_fold_models_than_the_file_holds_are_refused():
    state = cross_fit(FAMILY, regression(NOISY[:120], numbers=X[:120])).model.to_state()
    with pytest.raises(BadModelFile, match="part '4' is missing"):
        FAMILY.load(State({**state.spec, "n_models": 5}, state.arrays, state.strings))


def test_classes_that_repeat_in_a_file_are_refused():
    problem = classification(ROWS % 3, 3, numbers=ROWS[:, None])
    state = cross_fit(FAMILY, problem).model.to_state()
    arrays = {**state.arrays, "0.own.present": np.array([0, 1, 1])}
    with pytest.raises(BadModelFile, match=r"classes \[0, 1, 1\] of 3"):
        FAMILY.load(State(state.spec, arrays, state.strings))


def test_the_user_is_told_where_many_classes_cut_growth_short():
    models = [SimpleNamespace(present=np.arange(n)) for n in (300, 299)]
    (note,) = _notes(models, ({"rounds": 20}, {"rounds": 3}))
    assert "300 classes; growth was stopped at 6,000 trees a fold" in note
    assert _notes(models, ({"rounds": 19}, {"rounds": 3})) == ()


def test_a_hundred_classes_grow_in_sixty_rounds_at_most():
    y = np.arange(500) // 5
    fitted = cross_fit(FAMILY, classification(y, 100, numbers=y[:, None] + X), PARTS)
    assert all(settings["rounds"] <= 60 for settings in fitted.settings)


# Two columns that are nearly the same: their difference says it all, and no cut of one shows it.
COMMON = RNG.normal(size=500)
GAP = RNG.normal(size=500)
NEAR = np.stack([COMMON, COMMON + 0.05 * GAP, X[:, 0]], axis=1)
COLOURED = GAP + 0.1 * RNG.normal(size=500)


def test_relations_are_taken_where_differences_of_columns_tell(monkeypatch):
    problem = regression(COLOURED, numbers=NEAR)
    turned = cross_fit(FAMILY, problem, PARTS)
    assert all(settings["relations"] for settings in turned.settings)
    monkeypatch.setattr(related, "CLEARLY", 1.0)
    plain = cross_fit(FAMILY, problem, PARTS)
    assert not any(settings["relations"] for settings in plain.settings)
    losses = [np.mean((held_out(each, PARTS)[:, 0] - COLOURED) ** 2) for each in (turned, plain)]
    assert losses[0] < 0.5 * losses[1]


def test_relations_are_left_where_columns_tell_as_much():
    steps = np.sign(X[:, 0]) + np.sign(X[:, 1]) + RNG.normal(0, 0.1, 500)
    fitted = cross_fit(FAMILY, regression(steps, numbers=X), PARTS)
    assert not any(settings["relations"] for settings in fitted.settings)


@pytest.mark.parametrize(("n_rows", "is_taken"), [(600, True), (60, False)])
def test_fewer_held_rows_must_see_more_to_take_relations(monkeypatch, n_rows, is_taken):
    """A tenth of the loss is spared: 200 rows can tell that, 20 cannot."""

    def choose(train, watched, goal, tried, *, asked):
        loss = 0.9 if tried[0]["relations"] else 1.0
        return tuple(Chosen(tried[0], 5, loss, rows[:, :1]) for rows in asked)

    monkeypatch.setattr(boosting, "choose", choose)
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=(n_rows, 1)) + rng.normal(size=(n_rows, 2))
    folds = partition_folds(np.arange(n_rows) % 3)
    fitted = cross_fit(FAMILY, regression(numbers.sum(axis=1), numbers=numbers), folds)
    assert [settings["relations"] for settings in fitted.settings] == [is_taken] * 3


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_folds_with_relations_know_nothing_of_their_rows(task):
    numbers = {"numbers": NEAR}
    problem = (
        regression(COLOURED, **numbers)
        if task == "regression"
        else classification(COLOURED > 0, 2, **numbers)
    )
    before = cross_fit(FAMILY, problem, PARTS)
    after = cross_fit(FAMILY, scrambled(problem, PARTS.splits[1].test), PARTS)
    assert before.settings[1]["relations"]
    assert after.settings[1] == before.settings[1]
    assert state_bytes(after.model.models[1]) == state_bytes(before.model.models[1])


def test_models_with_relations_give_back_the_same_bits_and_refuse_damage():
    problem = regression(COLOURED, numbers=NEAR)
    model = cross_fit(FAMILY, problem, PARTS).model
    assert_round_trip(FAMILY, model, problem.design)
    assert_refuses_parts_that_are_damaged(FAMILY, model)


def test_a_judge_that_wants_relations_changes_nothing_for_its_partner():
    """Folds 0 and 1 are judged by each other's rows; those of fold 0 are made to ask for them."""
    folds = partition_folds(np.arange(500) % 4)
    y = np.where(np.isin(np.arange(500), folds.splits[0].test), COLOURED, np.sign(NEAR[:, 2]))
    mixed = cross_fit(FAMILY, regression(y, numbers=NEAR), folds)
    calm = cross_fit(FAMILY, scrambled(regression(y, numbers=NEAR), folds.splits[0].test), folds)
    assert calm.settings[0] == mixed.settings[0]
    assert state_bytes(calm.model.models[0]) == state_bytes(mixed.model.models[0])


def test_rows_of_a_fold_may_hold_no_relation_where_fewer_did(monkeypatch):
    assert_takes_rows_that_hold_no_relation(
        FAMILY, regression(COLOURED, numbers=NEAR), PARTS, monkeypatch
    )


def test_units_and_origins_leave_no_trace():
    assert_units_leave_no_trace(FAMILY)


def test_rows_whose_cells_are_all_missing_do_not_send_the_others_astray():
    """A split of missing from known cells alone once sent all rows one way: a loss of 6 for .01."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 2))
    y = x[:, 0].copy()
    gone = rng.choice(600, 60, replace=False)
    x[gone, 0], y[gone] = np.nan, -5.0
    names = ("a", "b")
    columns = tuple(Column(name, "number", "feature") for name in names)
    design = Dataset(columns, {name: x[:, j] for j, name in enumerate(names)}, 600)
    problem = Problem("regression", design, y)
    folds = partition_folds(np.arange(600) % 4)
    fitted = FAMILY.cross_fit(problem, folds, RunContext(0, problem))
    error = np.concatenate(
        [p[:, 0] - y[s.test] for p, s in zip(fitted.predictions, folds.splits, strict=True)]
    )
    assert np.sqrt(np.mean(error**2)) < 0.3
