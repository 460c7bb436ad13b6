import numpy as np
import pytest

from rung.core.family import State
from rung.core.target_units import target_units
from rung.errors import BadModelFile, DataError
from rung.prep.ordinal import FREQUENT_ROWS, PRIOR_ROWS, fit_tree_encoder, tree_encoder_from_state
from tests.tables import classification, mixed_table, regression, scrambled, table

RNG = np.random.default_rng(2)
ROWS = np.arange(600)
# Level i of twelve occurs 50 times each; the last ten rows hold ten levels that occur once.
CODES = np.concatenate([ROWS[:590] % 12, 12 + np.arange(10)])[:, None]
LEVELS = [[f"v{i:02d}" for i in range(23)]]
Y = CODES[:, 0] * 10.0 + RNG.normal(size=600)


def fitted(y=Y, rows=ROWS, **parts):
    problem = regression(y, **{"codes": CODES, "levels": LEVELS, **parts})
    return problem, fit_tree_encoder(problem, rows)


def test_numbers_pass_unchanged_with_their_gaps():
    numbers = RNG.normal(size=(600, 2))
    numbers[::7, 1] = np.nan
    problem, encoder = fitted(numbers=numbers)
    np.testing.assert_array_equal(encoder.matrix(problem.design)[:, :2], numbers)


def test_few_levels_give_a_column_each_and_two_levels_one():
    codes = np.stack([ROWS % 3, ROWS % 2], axis=1)
    problem, encoder = fitted(codes=codes, levels=[list("abc"), ["no", "yes"]])
    matrix = encoder.matrix(problem.design)
    np.testing.assert_array_equal(matrix[:, :3], np.eye(3)[ROWS % 3])
    np.testing.assert_array_equal(matrix[:, 3], ROWS % 2)
    assert encoder.n_features == 4


def test_many_levels_give_their_smoothed_mean_in_closed_form():
    problem, encoder = fitted()
    known = CODES[:, 0] < 12
    prior = Y[known].mean()
    own = Y[CODES[:, 0] == 5]
    expected = (own.sum() + PRIOR_ROWS * prior) / (len(own) + PRIOR_ROWS) - prior
    given = encoder.matrix(problem.design)[5, 0] * target_units(Y)[1]
    np.testing.assert_allclose(given, expected, atol=1e-9)


def test_order_of_levels_is_the_order_of_their_means():
    problem, encoder = fitted()
    given = encoder.matrix(problem.design)[:12, 0]
    assert (np.diff(given) > 0).all()


@pytest.mark.parametrize("code", [-1, -2, 22, 15])
def test_missing_unseen_and_hardly_seen_levels_are_missing(code):
    _, encoder = fitted()
    assert np.isnan(encoder.matrix(table(codes=[[code]], levels=LEVELS))).all()


def test_a_rare_level_is_learned_without_the_rows_own_part():
    codes = (ROWS % 60)[:, None]  # ten rows a level
    levels = [[f"v{i:02d}" for i in range(60)]]
    noise = RNG.normal(size=600)
    problem, encoder = fitted(noise, codes=codes, levels=levels)
    plain = encoder.matrix(problem.design)[:, 0]
    trained = encoder.training_matrix(problem.design, ROWS)[:, 0]
    # The target is noise: only an encoding that holds the row's own target can follow it.
    assert np.corrcoef(plain, noise)[0, 1] > 0.2
    assert abs(np.corrcoef(trained, noise)[0, 1]) < 0.15
    # A row's own target changes no number that it is trained with.
    other = noise.copy()
    other[7] += 1e3
    other -= other.mean() - noise.mean()
    problem, encoder = fitted(other, codes=codes, levels=levels)
    moved = encoder.training_matrix(problem.design, ROWS)[:, 0]
    moved, trained = moved * target_units(other)[1], trained * target_units(noise)[1]
    assert abs(moved[7] - trained[7]) < abs(moved[67] - trained[67])


def test_a_frequent_level_is_trained_with_the_number_that_it_predicts_with():
    codes = (ROWS % 10)[:, None]
    assert FREQUENT_ROWS <= 60
    problem, encoder = fitted(codes=codes, levels=[list("abcdefghij")])
    np.testing.assert_array_equal(
        encoder.training_matrix(problem.design, ROWS), encoder.matrix(problem.design)
    )


def test_classes_are_told_apart_along_their_main_directions():
    codes = (ROWS % 30)[:, None]
    levels = [[f"v{i:02d}" for i in range(30)]]
    problem = classification(ROWS % 30 // 10, 3, codes=codes, levels=levels)
    encoder = fit_tree_encoder(problem, ROWS)
    matrix = encoder.matrix(problem.design)
    assert matrix.shape == (600, 2)
    means = np.stack([matrix[problem.y == k].mean(axis=0) for k in range(3)])
    gaps = np.linalg.norm(means[[0, 0, 1]] - means[[1, 2, 2]], axis=1)
    assert gaps.min() > 10 * matrix[problem.y == 0].std(axis=0).max()


def test_weights_count_as_repeated_rows():
    weight = RNG.integers(1, 3, 600)
    _, weighted = fitted(weight=weight)
    kept = CODES[:, 0] < 12
    mean = np.average(Y[kept], weights=weight[kept])
    own = CODES[:, 0] == 3
    share = weight[own].sum() / weight.mean()
    level_mean = np.average(Y[own], weights=weight[own])
    expected = share * (level_mean - mean) / (share + PRIOR_ROWS)
    given = weighted.matrix(table(codes=[[3]], levels=LEVELS))[0, 0] * target_units(Y)[1]
    np.testing.assert_allclose(given, expected, rtol=1e-9)


@pytest.mark.parametrize("make", [regression, lambda y, **p: classification(y > 0, 2, **p)])
def test_rows_outside_training_do_not_touch_a_bit(make):
    parts = mixed_table(300, weighted=True)
    problem = make(RNG.normal(size=300), **parts)
    train, held = np.arange(200), np.arange(200, 300)
    before = fit_tree_encoder(problem, train).training_matrix(problem.design, train)
    other = scrambled(problem, held)
    after = fit_tree_encoder(other, train).training_matrix(other.design, train)
    assert after.tobytes() == before.tobytes()


def test_levels_are_matched_by_name_in_other_data():
    problem, encoder = fitted()
    turned = table(codes=22 - CODES, levels=[LEVELS[0][::-1]])
    assert encoder.matrix(turned).tobytes() == encoder.matrix(problem.design).tobytes()


def test_a_table_without_a_column_is_refused_by_name():
    _, encoder = fitted(numbers=RNG.normal(size=(600, 2)))
    with pytest.raises(DataError, match="column 'x1' not found"):
        encoder.matrix(table(numbers=[[1.0]], codes=[[0]], levels=LEVELS))


def test_state_gives_back_the_same_bits():
    parts = mixed_table(300)
    problem = regression(RNG.normal(size=300), **parts)
    encoder = fit_tree_encoder(problem, np.arange(300))
    again = tree_encoder_from_state(encoder.to_state())
    assert again.matrix(problem.design).tobytes() == encoder.matrix(problem.design).tobytes()
    assert again.n_features == encoder.n_features


def damaged(state, **arrays):
    return State(state.spec, {**state.arrays, **arrays}, state.strings)


def test_a_bent_state_is_refused():
    state = fitted()[1].to_state()
    with pytest.raises(BadModelFile, match="level_counts"):
        tree_encoder_from_state(damaged(state, level_counts=np.array([-1])))
    with pytest.raises(BadModelFile, match="values"):
        tree_encoder_from_state(damaged(state, widths=np.array([2])))
    with pytest.raises(BadModelFile, match="values"):
        tree_encoder_from_state(damaged(state, values=state.arrays["values"] * np.nan))
    strings = {**state.strings, "levels": ["v00"] * 12}
    with pytest.raises(BadModelFile, match="level of column 'c0' of the model repeats"):
        tree_encoder_from_state(State(state.spec, state.arrays, strings))
