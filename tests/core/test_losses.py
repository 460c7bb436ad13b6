import dataclasses

import numpy as np
import pytest

from rung.core.folds import Split, partition_folds
from rung.core.losses import (
    ROW_LOSSES,
    estimate,
    explained,
    row_losses,
    unit_losses,
)
from rung.core.out_of_fold import OutOfFold
from tests.core.oof_examples import classification, regression

PLAIN = ["squared_error", "absolute_error", "relative_error"]
CLASS = ["log_loss", "zero_one", "brier", "auc", "balanced"]


def weights(n, seed=3):
    return np.random.default_rng(seed).uniform(0.2, 3.0, n)


@pytest.mark.parametrize("loss", PLAIN)
def test_influence_of_plain_rows_is_the_loss_minus_its_mean(loss):
    oof = regression()
    rows, _ = row_losses(oof, "one", ROW_LOSSES[loss])
    found = estimate(oof, "one", loss)
    assert found.influence == pytest.approx(rows - rows.mean())
    assert found.influence.std(ddof=1) == pytest.approx(rows.std(ddof=1))


@pytest.mark.parametrize("loss", [*PLAIN, *CLASS])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("grouped", [False, True])
def test_influence_sums_to_zero(loss, weighted, grouped):
    n = 150
    make = regression if loss in PLAIN else classification
    weight = weights(n) if weighted else None
    unit = np.arange(n) // 7 if grouped else None
    oof = make(n, weight=weight, unit=unit)
    found = estimate(oof, "one", loss)
    assert len(found.influence) == oof.n_units
    assert abs(found.influence.sum()) < 1e-9 * max(abs(found.influence).sum(), 1)


def leave_out(oof, unit):
    """Return the same predictions with a unit weighing nothing."""
    weight = np.where(oof.unit == unit, 0.0, oof.weights)
    return dataclasses.replace(oof, weight=weight)


@pytest.mark.parametrize("loss", ["squared_error", "log_loss", "auc", "balanced"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_influence_variance_equals_the_jackknife_over_groups(loss, n_classes):
    n = 240
    unit, weight = np.arange(n) // 4, weights(n)
    if loss == "squared_error":
        oof = regression(n, unit=unit, weight=weight)
    else:
        oof = classification(n, n_classes=n_classes, unit=unit, weight=weight)
    found = estimate(oof, "one", loss)
    m = oof.n_units
    jack = np.array([estimate(leave_out(oof, u), "one", loss).mean for u in range(m)])
    brute = (m - 1) / m * ((jack - jack.mean()) ** 2).sum()
    ours = (found.influence**2).sum() / (m - 1) / m
    assert ours == pytest.approx(brute, rel=0.12)


def test_unexplained_variance_has_the_jackknife_variance():
    oof = regression(240, unit=np.arange(240) // 4, n_folds=3)
    m = oof.n_units
    jack = np.array([explained(leave_out(oof, u), "linear").mean for u in range(m)])
    brute = (m - 1) / m * ((jack - jack.mean()) ** 2).sum()
    ours = (explained(oof, "linear").influence ** 2).sum() / (m - 1) / m
    assert ours == pytest.approx(brute, rel=0.15)


def test_log_loss_is_clipped_at_half_a_training_row():
    oof = classification(150)
    sure = tuple(np.eye(2)[1 - oof.y[s.test]] for s in oof.splits)
    found = estimate(dataclasses.replace(oof, predictions={"sure": sure}), "sure", "log_loss")
    assert found.mean == pytest.approx(np.log(2 * 120))


def test_losses_of_a_row_are_averaged_over_repeats_and_never_its_predictions():
    y = np.zeros(6)
    one = partition_folds(np.arange(6) % 2).splits
    splits = (*one, *(Split(s.train, s.test, repeat=1) for s in one))
    signs = (1.0, 1.0, -1.0, -1.0)
    arrays = tuple(np.full((3, 1), sign) for sign in signs)
    oof = OutOfFold("regression", y, splits, {"swings": arrays}, np.arange(6))
    assert estimate(oof, "swings", "squared_error").mean == 1.0


def test_losses_line_up_with_families():
    losses = unit_losses(regression(), "squared_error")
    assert losses.names == ("constant", "one", "linear", "wild")
    assert losses.influence.shape == (120, 4)
    assert losses.k == 5
    assert losses.target_variance == pytest.approx(regression().y.var())
    assert losses.means[2] == losses.means.min()


def test_stretches_of_time_keep_their_order_and_name():
    splits = partition_folds(np.arange(12) % 3).splits
    zeros = {"zero": tuple(np.zeros((4, 1)) for _ in splits)}
    oof = OutOfFold(
        "regression",
        np.arange(12.0),
        splits,
        zeros,
        unit=np.arange(12) // 3,
        counted="stretches",
        is_ordered=True,
    )
    found = unit_losses(oof, "squared_error")
    assert (found.is_ordered, found.counted, found.are_groups, found.m) == (
        True,
        "stretches",
        True,
        4,
    )
