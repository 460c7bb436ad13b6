import numpy as np
import pytest

from rung.trees.boost import MAX_ROUNDS, MAX_TREES, Goal, candidates, choose, grow
from rung.trees.sample import Sample
from rung.trees.walk import walk

RNG = np.random.default_rng(4)
X = RNG.uniform(-1, 1, (400, 3))
Y = np.sign(X[:, 0]) + X[:, 1]
PLAIN = {"leaves": 7, "feature_share": 1.0, "row_share": 1.0, "learning_rate": 0.1}
SETTINGS = {**PLAIN, "min_rows_in_leaf": 20, "rounds": 30}


def sample(y=Y, features=X, weight=None):
    return Sample(features, y, np.ones(len(y)) if weight is None else weight)


def test_trees_begin_at_the_mean_and_follow_the_target():
    nodes = grow(sample(Y + 5), Goal("regression"), SETTINGS)
    given = walk(nodes, X)[:, 0]
    np.testing.assert_allclose(given.mean(), Y.mean() + 5, atol=1e-3)
    assert np.mean((given - Y - 5) ** 2) < 0.05 * np.var(Y)


def test_the_same_seed_gives_the_same_bits():
    parts = {**SETTINGS, "feature_share": 0.5, "row_share": 0.7}
    one, two, other = (
        grow(sample(), Goal("regression", seed=seed), parts).value.tobytes() for seed in (1, 1, 2)
    )
    assert one == two != other


def test_the_settings_that_do_best_on_held_out_rows_are_chosen():
    test = np.arange(400) % 4 == 0
    tried = [{**SETTINGS, "leaves": leaves} for leaves in (2, 7)]
    parts = sample().take(~test), sample().take(test)
    learning, watching = (
        Sample(part.X, part.X[:, 0] * part.X[:, 1], part.weight) for part in parts
    )
    assert choose(learning, [watching], Goal("regression"), tried)[0].settings["leaves"] == 7
    assert (
        choose(learning, [watching], Goal("regression"), tried[:1] * 2)[0].settings["leaves"] == 2
    )


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_what_one_part_chooses_does_not_depend_on_who_else_watches(rate):
    settings = {**SETTINGS, "learning_rate": rate, "row_share": 0.8}
    tried = [{**settings, "leaves": leaves} for leaves in (2, 7)]
    y = Y + RNG.normal(size=400)
    learning = sample(y).take(np.arange(200))
    easy, noise = sample(y).take(np.arange(200, 300)), sample(-y).take(np.arange(300, 400))
    (alone,) = choose(learning, [easy], Goal("regression"), tried)
    for watched in ([easy, noise], [easy, easy]):
        assert choose(learning, watched, Goal("regression"), tried)[0] == alone
    assert choose(learning, [noise, easy], Goal("regression"), tried)[1] == alone
    assert choose(learning, [noise], Goal("regression"), tried)[0].rounds <= 2


@pytest.mark.parametrize("objective", ["regression", "regression_l1", "binary", "multiclass"])
def test_without_features_the_trees_say_what_the_target_alone_says(objective):
    y = np.arange(12) % 3 // (2 if objective == "binary" else 1)
    n_classes = 3 if objective == "multiclass" else 1
    nothing = sample(y, np.empty((12, 0)))
    given = walk(grow(nothing, Goal(objective, n_classes), SETTINGS), nothing.X)
    expected = {"regression": 1.0, "regression_l1": 1.0, "binary": np.log(0.5)}
    np.testing.assert_allclose(given, expected.get(objective, np.log(1 / 3)), atol=1e-12)
    assert choose(nothing, [nothing], Goal(objective, n_classes), [PLAIN])[0].rounds == 1


def test_rare_classes_do_not_throw_the_scores_out():
    rng = np.random.default_rng(0)
    y = np.concatenate([np.zeros(380), np.ones(15), np.full(5, 2)]).astype(np.int64)
    features = rng.normal(size=(400, 3)) + y[:, None]
    settings = {**SETTINGS, "min_rows_in_leaf": 1, "rounds": 100}
    scores = walk(grow(sample(y, features), Goal("multiclass", 3), settings), features)
    assert np.abs(scores).max() < 40


@pytest.mark.parametrize("n_classes", [1, 3, 26, 300, 10_000])
def test_trees_of_all_classes_together_are_bounded(n_classes):
    goal = Goal("multiclass", n_classes)
    assert 1 <= goal.max_rounds <= MAX_ROUNDS
    assert goal.max_rounds * n_classes <= max(MAX_TREES, n_classes)
    assert all(0 < one["learning_rate"] <= 0.3 for one in candidates(1000, 5, goal))


@pytest.mark.parametrize("n_rows", [1, 2, 12, 200, 5000])
def test_leaves_ask_for_fewer_rows_where_there_are_few(n_rows):
    for one in candidates(n_rows, 5, Goal("regression")):
        assert 1 <= one["min_rows_in_leaf"] <= max(n_rows // 10, 1)


def test_many_rows_get_larger_trees_and_many_features_smaller_parts():
    goal = Goal("regression")
    few, many = (candidates(n_rows, 5, goal) for n_rows in (7_999, 8_000))
    assert max(one["leaves"] for one in few) < max(one["leaves"] for one in many)
    assert min(one["leaves"] for one in few) < min(one["leaves"] for one in many)
    for n_rows in (1_000, 9_000):
        plain, wide = (candidates(n_rows, n, goal) for n in (29, 30))
        shares = [min(one["feature_share"] for one in tried) for tried in (plain, wide)]
        assert shares[1] < shares[0]


def test_few_rows_are_learned_in_few_rounds():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 2)), np.arange(120) % 3
    sample = Sample(X + 9.0 * y[:, None], y, np.ones(120))
    goal = Goal("multiclass", 3)
    (chosen,) = choose(sample, [sample], goal, candidates(120, 2, goal))
    assert chosen.rounds <= 200
    assert chosen.tried["learning_rate"] == 0.1
