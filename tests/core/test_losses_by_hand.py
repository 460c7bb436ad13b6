"""Losses of four rows worked by hand."""

import math

import numpy as np
import pytest

from rung.core.folds import Split, partition_folds
from rung.core.losses import (
    ROW_LOSSES,
    Losses,
    estimate,
    explained,
    lowest_probability,
    row_losses,
    target_variance,
    unit_losses,
)
from rung.core.out_of_fold import OutOfFold

# Rows 0 and 1 are the first fold, rows 2 and 3 the second.
SPLITS = partition_folds(np.array([0, 0, 1, 1])).splits
Y = (1.0, 2.0, -4.0, 8.0)
PREDICTED = (2.0, 2.0, -3.0, 4.0)
ERRORS = {
    "squared_error": (1.0, 0.0, 1.0, 16.0),
    "absolute_error": (1.0, 0.0, 1.0, 4.0),
    "relative_error": (1.0, 0.0, 0.25, 0.5),
}
WEIGHT = (1.0, 1.0, 1.0, 3.0)


def regression(y=Y, predicted=PREDICTED, splits=SPLITS, **more):
    predicted = np.array(predicted)
    arrays = tuple(predicted[s.test][:, None] for s in splits)
    more = {"unit": np.arange(len(y))} | more
    return OutOfFold("regression", np.array(y), splits, {"a": arrays}, **more)


def classification(y, probability, splits=SPLITS, **more):
    probability = np.array(probability)
    n_classes = probability.shape[1]
    arrays = tuple(probability[s.test] for s in splits)
    task = "binary" if n_classes == 2 else "multiclass"
    classes = tuple("abc"[:n_classes])
    y = np.array(y)
    return OutOfFold(task, y, splits, {"a": arrays}, np.arange(len(y)), classes, **more)


@pytest.mark.parametrize("loss", ERRORS)
@pytest.mark.parametrize("weight", [(1.0,) * 4, WEIGHT])
def test_errors_of_rows_are_averaged_with_their_weights(loss, weight):
    rows, w = np.array(ERRORS[loss]), np.array(weight)
    found = estimate(regression(weight=w), "a", loss)
    mean = np.average(rows, weights=w)
    folds = [np.average(rows[part], weights=w[part]) for part in ([0, 1], [2, 3])]
    assert found.mean == pytest.approx(mean)
    assert found.per_fold == pytest.approx(folds)
    assert found.influence == pytest.approx(4 * w * (rows - mean) / w.sum())
    assert found.values == pytest.approx(4 * w * rows / w.sum())


def test_a_relative_error_beside_a_target_of_zero_is_over_the_smallest_step_from_one():
    found = estimate(regression(y=(0.0, 2.0, -4.0, 8.0)), "a", "relative_error")
    assert found.mean == pytest.approx(2.0 / 2.0**-52 / 4)


def test_units_of_several_rows_are_called_groups_and_add_up_their_rows():
    losses = unit_losses(regression(unit=np.array([0, 0, 1, 2])), "squared_error")
    assert (losses.m, losses.n_counted, losses.k) == (3, 3, 2)
    assert (losses.counted, losses.are_groups) == ("groups", True)
    assert losses.influence[:, 0] == pytest.approx(3 * np.array([1 - 9.0, 1 - 4.5, 16 - 4.5]) / 4)
    assert losses.values[:, 0] == pytest.approx(3 * np.array([1, 1, 16]) / 4)
    plain = unit_losses(regression(), "squared_error")
    assert (plain.counted, plain.are_groups, plain.m) == ("rows", False, 4)


def test_the_floor_is_a_thousandth_of_the_metric_and_a_millionth_of_a_square():
    assert unit_losses(regression(), "squared_error").floor == 1e-6
    assert unit_losses(regression(), "absolute_error").floor == 1e-3


@pytest.mark.parametrize(
    ("are_groups", "m", "few"), [(True, 9, True), (True, 10, False), (False, 9, False)]
)
def test_fewer_than_ten_groups_are_few(are_groups, m, few):
    losses = Losses(("a",), np.zeros(1), np.zeros((m, 1)), 5, m, m, are_groups=are_groups)
    assert losses.has_few_groups is few


def test_losses_are_of_plain_rows_unless_said_and_values_are_means_and_influence():
    influence = np.array([[0.5], [-0.5]])
    losses = Losses(("a",), np.array([2.0]), influence, 5, 2, 2)
    assert losses.values.tolist() == [[2.5], [1.5]]
    assert (losses.are_groups, losses.is_ordered, losses.factor) == (False, False, None)
    assert (losses.target_variance, losses.floor) == (0.0, 1e-3)
    given = Losses(("a",), np.array([2.0]), influence, 5, 2, 2, values=np.array([[7.0], [8.0]]))
    assert given.values.tolist() == [[7.0], [8.0]]


def test_a_row_never_held_out_has_no_loss_and_counts_for_nothing():
    splits = (
        Split(np.array([2, 3, 4]), np.array([0, 1])),
        Split(np.array([0, 1]), np.array([2, 3])),
    )
    oof = regression(y=(*Y, 1e6), predicted=(*PREDICTED, 0.0), splits=splits)
    rows, parts = row_losses(oof, "a", ROW_LOSSES["squared_error"])
    assert rows.tolist() == [1.0, 0.0, 1.0, 16.0, 0.0]
    assert [part.tolist() for part in parts] == [[1.0, 0.0], [1.0, 16.0]]
    assert estimate(oof, "a", "squared_error").mean == 4.5
    assert target_variance(oof) == pytest.approx(18.1875)


# Of classes.


@pytest.mark.parametrize(("n_train", "expected"), [(0, 0.5), (1, 0.5), (2, 0.25), (100, 0.005)])
def test_probabilities_are_clipped_at_half_a_row_of_training(n_train, expected):
    assert lowest_probability(n_train) == expected


def test_the_log_loss_is_that_of_the_true_class_clipped_at_both_ends():
    """Two training rows a split: probabilities are clipped to .25 and .75."""
    oof = classification([0, 1, 1, 0], [[1.0, 0.0], [1.0, 0.0], [0.4, 0.6], [0.3, 0.7]])
    rows = [-math.log(p) for p in (0.75, 0.25, 0.6, 0.3)]
    found = estimate(oof, "a", "log_loss")
    assert found.values == pytest.approx(rows)
    assert found.per_fold == pytest.approx([sum(rows[:2]) / 2, sum(rows[2:]) / 2])


def test_the_most_probable_class_is_right_or_wrong_and_a_tie_goes_to_the_first():
    oof = classification([0, 1, 1, 0], [[0.9, 0.1], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5]])
    assert estimate(oof, "a", "zero_one").values.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_the_brier_score_is_halved_for_two_classes_alone():
    two = classification([0, 1, 0, 1], [[0.75, 0.25], [0.75, 0.25], [1.0, 0.0], [0.0, 1.0]])
    assert estimate(two, "a", "brier").values == pytest.approx([0.0625, 0.5625, 0.0, 0.0])
    three = classification([0, 1, 2, 2], [[0.5, 0.25, 0.25]] * 4)
    assert estimate(three, "a", "brier").values == pytest.approx([0.375, 0.875, 0.875, 0.875])
    assert unit_losses(two, "brier").target_variance == 0.0


def test_balanced_misses_are_averaged_over_classes():
    """Class a: rows 0, 1 right, row 2 wrong; class b: row 3 right; nobody of c was scored."""
    splits = (
        Split(np.array([2, 3, 4]), np.array([0, 1])),
        Split(np.array([0, 1]), np.array([2, 3])),
    )
    right, wrong = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1]
    rows = [right, right, wrong, wrong, right]
    oof = classification([0, 0, 0, 1, 2], rows, splits)
    found = estimate(oof, "a", "balanced")
    assert found.mean == pytest.approx((1 / 3 + 0) / 2)
    assert found.influence == pytest.approx(np.array([-1, -1, 2, 0]) * 4 / 3 / 3 / 2)
    assert found.per_fold == (0.0, 0.5)


def test_balanced_misses_weigh_rows_inside_their_class():
    """Class a: weights 1, 1, 2, of which the last is wrong: 1/2; class b: 3 right of 3."""
    right, wrong = [0.8, 0.2], [0.2, 0.8]
    weight = np.array([1.0, 1.0, 2.0, 3.0])
    oof = classification([0, 0, 0, 1], [right, right, wrong, wrong], weight=weight)
    found = estimate(oof, "a", "balanced")
    assert found.mean == pytest.approx(1 / 4)
    assert found.influence == pytest.approx([-1 / 4, -1 / 4, 1 / 2, 0.0])


def test_balanced_misses_of_three_classes_are_those_of_each():
    """Half of class a is missed, nothing of b and c."""
    a, b, c = np.eye(3)
    oof = classification([0, 0, 1, 2], [b, a, b, c])
    found = estimate(oof, "a", "balanced")
    assert found.mean == pytest.approx(1 / 6)
    assert found.influence == pytest.approx([1 / 3, -1 / 3, 0.0, 0.0])


# R².


def test_unexplained_variance_is_over_all_rows_and_of_a_fold_over_its_own():
    """Y has mean 1.75 and variance 18.1875; its folds have variances .25 and 36."""
    found = explained(regression(), "a")
    ratio = 4.5 / 18.1875
    spread = (np.array(Y) - 1.75) ** 2
    assert target_variance(regression()) == pytest.approx(18.1875)
    assert found.mean == pytest.approx(ratio)
    assert found.per_fold == pytest.approx((0.5 / 0.25, 8.5 / 36))
    errors = np.array(ERRORS["squared_error"])
    assert found.influence == pytest.approx((errors - ratio * spread) / 18.1875)


def test_unexplained_variance_weighs_rows():
    w = np.array(WEIGHT)
    oof = regression(weight=w)
    center = np.average(Y, weights=w)
    spread = (np.array(Y) - center) ** 2
    variance = np.average(spread, weights=w)
    errors = np.array(ERRORS["squared_error"])
    ratio = np.average(errors, weights=w) / variance
    found = explained(oof, "a")
    assert target_variance(oof) == pytest.approx(variance)
    assert target_variance(oof, np.array([0, 1])) == pytest.approx(0.25)
    assert found.mean == pytest.approx(ratio)
    assert found.influence == pytest.approx(4 * w / w.sum() * (errors - ratio * spread) / variance)


def test_a_fold_that_does_not_vary_is_over_the_variance_of_all_rows():
    """3, 3, 2.5, 3.5: variance .125."""
    oof = regression(y=(3.0, 3.0, 2.5, 3.5), predicted=(3.0, 3.25, 2.5, 3.0))
    assert explained(oof, "a").per_fold == pytest.approx((0.03125 / 0.125, 0.125 / 0.25))


@pytest.mark.parametrize(
    ("predicted", "mean", "folds"),
    [((3.0,) * 4, 0.0, (0.0, 0.0)), ((3.0, 3.0, 3.0, 3.5), 1.0, (0.0, 1.0))],
)
def test_of_a_target_that_never_varies_all_or_nothing_is_unexplained(predicted, mean, folds):
    found = explained(regression(y=(3.0,) * 4, predicted=predicted), "a")
    assert (found.mean, found.per_fold) == (mean, folds)
    assert found.influence.tolist() == [0.0] * 4
