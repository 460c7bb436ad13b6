import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile, DataError
from rung.prep.one_hot import TableEncoder, fit_one_hot, standardise
from tests.tables import mixed_table, regression, scrambled, state_bytes, table

TRAIN = np.arange(0, 200, 2)


def mixed_problem(*, weighted=False):
    return regression(np.arange(200.0), **mixed_table(200, weighted=weighted))


def test_numbers_are_those_of_scikit_learn():
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    problem = mixed_problem()
    numbers = problem.design.numbers()
    oracle = make_pipeline(SimpleImputer(add_indicator=False), StandardScaler())
    oracle.fit(numbers[TRAIN])
    given = fit_one_hot(problem, TRAIN).matrix(problem.design)
    np.testing.assert_allclose(given[:, :4], oracle.transform(numbers), atol=1e-12)
    np.testing.assert_array_equal(given[:, 4], np.isnan(numbers[:, 1]))


@pytest.mark.parametrize("weighted", [False, True])
def test_numbers_of_training_rows_have_mean_zero_and_variance_one(weighted):
    problem = mixed_problem(weighted=weighted)
    Z = fit_one_hot(problem, TRAIN).matrix(problem.design, TRAIN)[:, :4]
    weight = problem.weights(TRAIN)
    np.testing.assert_allclose(np.average(Z, axis=0, weights=weight), 0, atol=1e-12)
    np.testing.assert_allclose(np.average(Z**2, axis=0, weights=weight), 1, atol=1e-12)


def test_each_category_cell_lights_one_column_where_all_are_covered():
    problem = mixed_problem()
    encoder = fit_one_hot(problem, TRAIN)
    first, second = encoder.categories
    assert first.missing
    assert second.other
    X = encoder.matrix(problem.design)
    assert (X[:, -second.width :].sum(axis=1) == 1).all()
    assert len(encoder.column_names()) == X.shape[1] == encoder.width
    column = encoder.column_names().index("c0 = a2")
    np.testing.assert_array_equal(X[:, column], problem.design.codes()[:, 0] == 2)


@pytest.mark.parametrize("weighted", [False, True])
def test_rows_outside_training_do_not_touch_a_bit(weighted):
    problem = mixed_problem(weighted=weighted)
    before = fit_one_hot(problem, TRAIN)
    for seed in range(5):
        after = fit_one_hot(scrambled(problem, TRAIN + 1, seed), TRAIN)
        assert state_bytes(after) == state_bytes(before)


def test_combine_is_the_matrix_times_the_coefficients_for_any_subset_of_rows():
    problem = mixed_problem()
    encoder = fit_one_hot(problem, TRAIN)
    rng = np.random.default_rng(0)
    slope, intercept = rng.normal(size=(encoder.width, 3)), rng.normal(size=3)
    whole = encoder.combine(problem.design, None, slope, intercept)
    np.testing.assert_allclose(whole, encoder.matrix(problem.design) @ slope + intercept)
    rows = np.array([5, 3, 199])
    part = encoder.combine(problem.design, rows, slope, intercept)
    assert part.tobytes() == whole[rows].tobytes()


@pytest.mark.parametrize(
    "values", [np.full(20, np.nan), np.full(20, 1e9 + 0.1), np.linspace(-1e-310, 1e-310, 20)]
)
def test_columns_that_do_not_vary_are_dropped(values):
    problem = regression(np.arange(20.0), numbers=np.c_[values, np.arange(20.0)])
    assert fit_one_hot(problem, np.arange(20)).in_use.tolist() == [False, True]


def test_a_large_offset_keeps_the_digits():
    x = np.arange(20.0) * 2.0**-20
    near = regression(x, numbers=x[:, None])
    far = regression(x, numbers=x[:, None] + 2.0**30)
    np.testing.assert_allclose(
        *(fit_one_hot(p, np.arange(20)).matrix(p.design) for p in (near, far)), atol=1e-2
    )
    assert fit_one_hot(far, np.arange(20)).scale[0] == pytest.approx(x.std(), rel=1e-12)


def test_rare_unseen_and_missing_levels_are_told_apart():
    codes = np.r_[np.zeros(10), np.ones(10), np.arange(2, 8), np.full(6, -1)].astype(int)[:, None]
    problem = regression(codes[:, 0], codes=codes, levels=[[f"l{i}" for i in range(9)]])
    encoder = fit_one_hot(problem, np.arange(32))
    assert encoder.column_names() == ("c0 = l0", "c0 = l1", "c0 is missing", "c0 is another level")
    other = table(codes=[[0], [1], [2], [-1], [-2]], levels=[["l1", "new", "l5"]])
    given = encoder.matrix(other)
    np.testing.assert_array_equal(given.argmax(axis=1), [1, 3, 3, 2, 3])
    np.testing.assert_array_equal(given.sum(axis=1), 1)


def test_levels_beyond_the_room_are_counted_aloud():
    codes = np.repeat(np.arange(2_100), 5)[:, None]
    problem = regression(
        np.zeros(len(codes)), codes=codes, levels=[[f"{i:04}" for i in range(2_100)]]
    )
    encoder = fit_one_hot(problem, np.arange(len(codes)))
    assert encoder.width == 2_000
    assert "101 of the rarer levels" in encoder.notes[0]


def test_the_state_gives_the_encoder_back():
    problem = mixed_problem()
    encoder = fit_one_hot(problem, TRAIN)
    again = TableEncoder.from_state(encoder.to_state())
    assert state_bytes(again) == state_bytes(encoder)
    assert again.matrix(problem.design).tobytes() == encoder.matrix(problem.design).tobytes()


def test_states_that_contradict_themselves_are_refused():
    state = fit_one_hot(mixed_problem(), TRAIN).to_state()
    wrong = {
        "scale": np.zeros(4),
        "in_use": np.full(4, 2),
        "n_levels": state.arrays["n_levels"] + [1, 0],
        "missing": np.array([-1, 0]),
    }
    for name, array in wrong.items():
        with pytest.raises(BadModelFile, match=r"levels?|scale|in_use|missing"):
            TableEncoder.from_state(State({}, {**state.arrays, name: array}, state.strings))
    levels = list(state.strings["levels"])
    levels[1] = levels[0]
    with pytest.raises(BadModelFile, match="repeat"):
        TableEncoder.from_state(State({}, state.arrays, {**state.strings, "levels": levels}))


def test_other_features_are_refused_by_name():
    encoder = fit_one_hot(mixed_problem(), TRAIN)
    with pytest.raises(DataError, match="x3"):
        encoder.matrix(table(numbers=np.ones((2, 2))))


def test_standardised_cells_are_always_finite():
    given = standardise(np.array([np.nan, np.inf, 1e308, -1e308]), 1e308, 1e-300)
    assert np.isfinite(given).all()
    assert given.tolist()[:2] == [0.0, 0.0]


def test_combine_gives_the_same_bits_for_any_size_of_block(monkeypatch):
    problem = mixed_problem()
    encoder = fit_one_hot(problem, np.arange(40))
    coefficients = np.random.default_rng(5).normal(size=(encoder.width, 2))
    whole = encoder.combine(problem.design, None, coefficients, np.ones(2))
    monkeypatch.setattr("rung.prep.one_hot._BLOCK_ROWS", 7)
    parts = encoder.combine(problem.design, None, coefficients, np.ones(2))
    assert parts.tobytes() == whole.tobytes()
