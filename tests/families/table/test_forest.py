"""The forest keeps the laws of trees, and scores what scikit-learn's does."""

import numpy as np
import pytest

from rung.core.family import State
from rung.core.fold_searches import choosing_splits
from rung.core.folds import partition_folds
from rung.errors import BadModelFile
from rung.families.table.forest import FAMILY, FINAL_TREES, _best
from rung.prep import fit_encoder
from rung.trees.forest import candidates
from rung.trees.shared_rows import grounds
from tests.families.table.trees_in_common import (
    ODD,
    assert_odd_problem_gives_sound_predictions,
    assert_refuses_parts_that_are_damaged,
    assert_takes_rows_that_hold_no_relation,
    assert_units_leave_no_trace,
    assert_unseen_is_read_as_missing,
    cross_fit,
    mixed_problems,
)
from tests.realdata import real_data
from tests.tables import (
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    scrambled,
)

# Enough rows that settings are chosen, few folds and so few trees.
FOLDS = partition_folds(np.arange(480) % 3)
# Four folds and more share their trees.
SHARING = partition_folds(np.arange(480) % 4)


@pytest.fixture(scope="module", params=[*mixed_problems(480)], ids=lambda problem: problem.task)
def learned(request):
    return request.param, cross_fit(FAMILY, request.param, FOLDS)


def test_held_out_rows_do_not_touch_a_bit_of_a_fold_nor_of_its_choice(learned):
    problem, before = learned
    after = cross_fit(FAMILY, scrambled(problem, FOLDS.splits[1].test[3:]), FOLDS)
    assert after.settings[1] == before.settings[1]
    assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()


def test_held_out_rows_do_not_touch_a_bit_where_folds_share_trees(learned):
    problem, before = learned[0], cross_fit(FAMILY, learned[0], SHARING)
    after = cross_fit(FAMILY, scrambled(problem, SHARING.splits[1].test[3:]), SHARING)
    assert after.settings[1] == before.settings[1]
    assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()
    assert after.predictions[0].tobytes() != before.predictions[0].tobytes()


def test_trees_of_a_pair_speak_of_the_other_fold_and_know_nothing_of_this_one(learned):
    problem, before = learned[0], cross_fit(FAMILY, learned[0], SHARING)
    choosing = choosing_splits(SHARING)
    assert [len(said) for said in before.paired] == [len(own[0].test) for own in choosing]
    held = SHARING.splits[1].test
    after = cross_fit(FAMILY, scrambled(problem, held), SHARING)
    assert after.paired[1].tobytes() == before.paired[1].tobytes()
    (ground,) = (one for one in grounds(SHARING) if one.serves == (0, 1))
    assert np.array_equal(ground.train, choosing[1][0].train)
    assert not np.isin(choosing[1][0].test, ground.train).any()


def test_what_trees_of_a_pair_say_is_close_to_what_a_forest_without_both_says():
    rng = np.random.default_rng(2)
    numbers = rng.uniform(-1, 1, (480, 3))
    y = np.sin(4 * numbers[:, 0]) + numbers[:, 1] + rng.normal(0, 0.5, 480)
    fitted = cross_fit(FAMILY, regression(y, numbers=numbers), SHARING)
    for own, said in zip(choosing_splits(SHARING), fitted.paired, strict=True):
        rows = own[0].test
        (other,) = (i for i, s in enumerate(SHARING.splits) if np.array_equal(s.test, rows))
        losses = [
            np.mean((each[:, 0] - y[rows]) ** 2) for each in (said, fitted.predictions[other])
        ]
        # Trees of one pair are fewer, and more alike, than those of all pairs together.
        assert 0.9 < losses[0] / losses[1] < 1.6


def test_folds_without_pairs_hand_nothing_over(learned):
    assert all(len(said) == 0 for said in learned[1].paired)


def test_state_gives_back_the_same_bits_and_damage_is_refused(learned):
    problem, fitted = learned
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_parts_that_are_damaged(FAMILY, fitted.model)


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy(learned):
    problem, fitted = learned
    given, heavy = predict_elsewhere("rung.families.table.forest", fitted.model, problem.design)
    assert heavy == []
    assert given.tobytes() == fitted.model.predict(problem.design).tobytes()


def test_the_final_model_holds_equally_many_trees_of_each_fold(learned):
    counts = [grove.nodes.n_trees for grove in learned[1].model.groves]
    assert counts == [-(-FINAL_TREES // 3)] * 3


@pytest.mark.parametrize("name", [*ODD])
def test_odd_tables_give_sound_predictions(name):
    assert_odd_problem_gives_sound_predictions(FAMILY, name)


def test_unseen_levels_are_read_as_missing():
    assert_unseen_is_read_as_missing(FAMILY)


def test_leaves_that_are_no_shares_are_refused():
    labels = np.arange(60) % 3
    problem = classification(labels, 3, numbers=labels[:, None])
    state = cross_fit(FAMILY, problem, partition_folds(np.arange(60) % 2)).model.to_state()
    name = "0.trees.value"
    arrays = {**state.arrays, name: state.arrays[name] * np.float32(2)}
    with pytest.raises(BadModelFile, match="do not sum to one"):
        FAMILY.load(State(state.spec, arrays, state.strings))


def near():
    """Return two columns that are nearly the same: their difference says it all."""
    rng = np.random.default_rng(5)
    common, gap, other = rng.normal(size=(3, 900))
    numbers = np.stack([common, common + 0.05 * gap, other], axis=1)
    return regression(np.sign(gap) + 0.1 * rng.normal(size=900), numbers=numbers)


THREE, FOUR = (partition_folds(np.arange(900) % k) for k in (3, 4))


def test_relations_are_cut_where_differences_of_columns_tell():
    fitted = cross_fit(FAMILY, near(), THREE)
    assert all(settings["relations"] for settings in fitted.settings)
    held = np.concatenate(fitted.predictions)[:, 0]
    y = np.concatenate([near().y[split.test] for split in THREE.splits])
    assert np.mean((held - y) ** 2) < 0.1 * np.var(y)


def test_columns_alone_are_cut_where_nothing_is_related():
    rng = np.random.default_rng(6)
    numbers = rng.normal(size=(900, 3))
    fitted = cross_fit(FAMILY, regression(np.sign(numbers[:, 0]), numbers=numbers), THREE)
    assert not any(settings["relations"] for settings in fitted.settings)


def test_a_forest_on_relations_keeps_the_laws():
    problem = near()
    for folds in (THREE, FOUR):
        before = cross_fit(FAMILY, problem, folds)
        after = cross_fit(FAMILY, scrambled(problem, folds.splits[1].test[3:]), folds)
        assert before.settings[1]["relations"]
        assert after.settings[1] == before.settings[1]
        assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()
    assert_round_trip(FAMILY, before.model, problem.design)
    assert_refuses_parts_that_are_damaged(FAMILY, before.model)


def test_relations_must_spare_more_where_fewer_rows_judge():
    tried = candidates(20_000, 0)
    losses = np.array([1.0, 1.2, 1.2, 0.95, 0.96])
    assert _best(losses, tried, 10_000) == 3
    assert _best(losses, tried, 100) == 0
    assert _best(np.zeros(5), tried, 0) == 0
    assert _best(np.array([1.0, 0.98, 1.2, np.inf, np.inf]), tried, 10_000) == 1
    assert _best(np.array([1.0, 0.995, 1.2, np.inf, np.inf]), tried, 10_000) == 0


def galaxies():
    from rung.data import read_table

    data = read_table(real_data("xgass/xGASS_representative_sample.csv")).dataset
    names = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]
    known = np.flatnonzero(data.values["NUVr"] > -99)
    numbers = np.stack([data.values[name][known] for name in names], axis=1)
    return regression(data.values["lgGF"][known], numbers=numbers)


def test_scikit_learn_on_our_encoding_gives_the_published_forest():
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import train_test_split

    problem = galaxies()
    train, test = train_test_split(np.arange(len(problem.y)), test_size=0.2, random_state=42)
    encoder = fit_encoder("tree", problem, train)
    forest = RandomForestRegressor(200, min_samples_leaf=5, max_features=0.9, random_state=42)
    forest.fit(encoder.training_matrix(problem.design, train), problem.y[train])
    given = forest.predict(encoder.matrix(problem.design, test))
    assert np.sqrt(np.mean((given - problem.y[test]) ** 2)) == pytest.approx(0.289, abs=0.004)
    importance = forest.feature_importances_
    np.testing.assert_allclose(importance[[1, 4, 0]], [0.82, 0.07, 0.04], atol=0.015)


def test_our_forest_of_galaxies_scores_what_the_published_one_does():
    problem = galaxies()
    folds = partition_folds(np.arange(len(problem.y)) % 5)
    fitted = cross_fit(FAMILY, problem, folds)
    squares = [
        np.mean((given[:, 0] - problem.y[split.test]) ** 2)
        for given, split in zip(fitted.predictions, folds.splits, strict=True)
    ]
    assert np.sqrt(np.mean(squares)) == pytest.approx(0.29, abs=0.012)


def test_rows_of_a_fold_may_hold_no_relation_where_fewer_did(monkeypatch):
    assert_takes_rows_that_hold_no_relation(FAMILY, near(), THREE, monkeypatch)


def test_units_and_origins_leave_no_trace():
    assert_units_leave_no_trace(FAMILY, n_rows=660)
