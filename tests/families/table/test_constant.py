import numpy as np
import pytest

from rung.core.family import Problem, State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile
from rung.families.table.constant import FAMILY, fit_constant, weighted_median
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    scrambled,
    state_bytes,
    table,
)

Y = np.random.default_rng(0).lognormal(size=41)
WEIGHT = np.random.default_rng(1).uniform(0.1, 3, 41)


def problem_for(loss, weight=None):
    return Problem("regression", table(numbers=np.ones((41, 1)), weight=weight), Y, (), loss)


LOSSES = {
    "squared_error": lambda p: (Y - p) ** 2,
    "absolute_error": lambda p: np.abs(Y - p),
    "relative_error": lambda p: np.abs(Y - p) / Y,
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("weight", [None, WEIGHT])
def test_no_other_constant_has_a_smaller_loss(loss, weight):
    value = fit_constant(problem_for(loss, weight), np.arange(41)).value[0]
    best = np.average(LOSSES[loss](value), weights=weight)
    for other in np.concatenate([Y, Y + 1e-3, value + np.linspace(-0.1, 0.1, 21)]):
        assert np.average(LOSSES[loss](other), weights=weight) >= best - 1e-12


def test_median_without_weights_is_that_of_numpy():
    for size in (1, 2, 7, 8):
        values = np.random.default_rng(size).normal(size=size)
        assert weighted_median(values, np.ones(size)) == np.median(values)


def test_shares_are_those_of_the_training_rows():
    problem = classification([0, 0, 0, 1, 2], 4, numbers=np.ones((5, 1)))
    value = fit_constant(problem, np.arange(4)).value
    expected = np.array([0.75, 0.25, 1 / 8, 1 / 8])
    np.testing.assert_allclose(value, expected / expected.sum())


def test_weights_move_the_shares():
    problem = classification([0, 1], 2, numbers=np.ones((2, 1)), weight=[1.0, 3.0])
    np.testing.assert_allclose(fit_constant(problem, np.arange(2)).value, [0.25, 0.75])


def test_rows_of_no_weight_count_alike():
    problem = regression([1.0, 3.0], numbers=np.ones((2, 1)), weight=[0.0, 0.0])
    assert fit_constant(problem, np.arange(2)).value[0] == 2.0


@pytest.mark.parametrize("n_classes", [0, 3])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(n_classes):
    folds = partition_folds(np.arange(41) % 5)
    y = np.arange(41) % max(n_classes, 1)
    problem = (
        classification(y, 3, numbers=Y[:, None]) if n_classes else problem_for("squared_error")
    )
    for split in folds.splits:
        before = fit_constant(problem, split.train)
        after = fit_constant(scrambled(problem, split.test), split.train)
        assert state_bytes(after) == state_bytes(before)


@pytest.mark.parametrize("n_classes", [0, 3])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes):
    y = np.arange(41) % max(n_classes, 1)
    problem = (
        classification(y, 3, numbers=Y[:, None]) if n_classes else problem_for("squared_error")
    )
    fitted = FAMILY.cross_fit(problem, partition_folds(np.arange(41) % 5), SerialContext(problem))
    assert all(p.shape == (len(p), problem.n_outputs) for p in fitted.predictions)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)


def test_shares_that_do_not_sum_to_one_are_refused():
    with pytest.raises(BadModelFile, match="sum to one"):
        FAMILY.load(State({"n_outputs": 2}, {"value": np.array([0.5, 0.6])}))
    with pytest.raises(BadModelFile, match="n_outputs"):
        FAMILY.load(State({"n_outputs": True}, {"value": np.array([0.5])}))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    model, design = (
        fit_constant(problem_for("squared_error"), np.arange(41)),
        problem_for("squared_error").design,
    )
    given, heavy = predict_elsewhere("rung.families.table.constant", model, design)
    assert heavy == []
    assert given.tobytes() == model.predict(design).tobytes()
