import dataclasses
import math

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as oracle

from rung.core.folds import Split, partition_folds
from rung.core.judge_predictions import confusion, score_families, unvaried_interval
from rung.core.losses import unit_losses
from rung.core.metrics import METRICS
from rung.core.out_of_fold import OutOfFold
from rung.core.verdict import decide
from tests.core.oof_examples import classification, in_row_order, regression

N = 150


def weights(weighted):
    return np.random.default_rng(8).uniform(0.1, 4, N) if weighted else None


def oracle_regression(key, y, p, w):
    if key == "r2":
        return oracle.r2_score(y, p, sample_weight=w)
    name = {
        "rmse": oracle.root_mean_squared_error,
        "mae": oracle.mean_absolute_error,
        "mse": oracle.mean_squared_error,
        "mape": oracle.mean_absolute_percentage_error,
    }
    return name[key](y, p, sample_weight=w)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("key", ["rmse", "mae", "mse", "mape"])
@pytest.mark.parametrize("family", ["constant", "linear"])
def test_regression_scores_equal_scikit_learn(weighted, key, family):
    oof = regression(N, weight=weights(weighted))
    score = score_families(oof)[family][key]
    p = in_row_order(oof, family)[:, 0]
    assert score.mean == pytest.approx(oracle_regression(key, oof.y, p, oof.weight))
    first = oof.splits[0].test
    w = None if oof.weight is None else oof.weight[first]
    assert score.per_fold[0] == pytest.approx(oracle_regression(key, oof.y[first], p[first], w))


@pytest.mark.parametrize("weighted", [False, True])
def test_r2_is_scikit_learns_over_all_rows(weighted):
    oof = regression(N, weight=weights(weighted))
    p = in_row_order(oof, "linear")[:, 0]
    folds = [
        oracle_regression("r2", oof.y[s.test], p[s.test], oof.weights[s.test]) for s in oof.splits
    ]
    score = score_families(oof)["linear"]["r2"]
    assert score.mean == pytest.approx(oracle_regression("r2", oof.y, p, oof.weights))
    assert score.per_fold == pytest.approx(folds)


def test_the_leader_has_the_highest_r2_even_where_groups_differ():
    """Sites far apart: the mean over sites of each site's own R² names another leader."""
    rng = np.random.default_rng(5)
    site = np.repeat(np.arange(6), 20)
    spread = np.array([0.01, 0.02, 0.05, 1.0, 2.0, 4.0])[site]
    y = 10.0 * site + spread * rng.normal(size=len(site))
    splits = partition_folds(site).splits
    near = tuple((y[s.test] + 0.3)[:, None] for s in splits)
    scaled = tuple((y[s.test] + 0.9 * spread[s.test])[:, None] for s in splits)
    guess = tuple(np.full((20, 1), y[s.train].mean()) for s in splits)
    made = {"constant": guess, "near": near, "scaled": scaled}
    oof = OutOfFold("regression", y, splits, made, unit=site)
    scores = {name: found["r2"].mean for name, found in score_families(oof).items()}
    decision = decide(
        unit_losses(oof, "squared_error"),
        steps={"constant": 0, "near": 1, "scaled": 2},
        metric="r2",
    )
    assert max(scores, key=scores.__getitem__) == decision.leader == "near"
    errors = y - np.concatenate(guess)[:, 0]
    assert scores["constant"] == pytest.approx(1 - (errors**2).sum() / (120 * y.var()))


def test_the_error_of_r2_is_that_of_a_ratio():
    """The interval's half-width against the jackknife of 1 - SSE/SST over 400 rows."""
    oof = regression(400, seed=2)
    p = in_row_order(oof, "linear")[:, 0]
    score = score_families(oof)["linear"]["r2"]
    left = np.array([oracle.r2_score(np.delete(oof.y, i), np.delete(p, i)) for i in range(len(p))])
    error = math.sqrt((len(p) - 1) * ((left - left.mean()) ** 2).mean())
    half = stats.t.ppf(0.975, 399) * error * 1.5
    assert (score.high - score.low) / 2 == pytest.approx(half, rel=0.02)


def oracle_class(key, y, p, w):
    if key == "log_loss":
        return oracle.log_loss(y, p, sample_weight=w)
    if key == "accuracy":
        return oracle.accuracy_score(y, p.argmax(axis=1), sample_weight=w)
    if key == "balanced_accuracy":
        return oracle.balanced_accuracy_score(y, p.argmax(axis=1), sample_weight=w)
    return oracle.brier_score_loss(y, p if p.shape[1] > 2 else p[:, 1], sample_weight=w)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("key", ["log_loss", "accuracy", "balanced_accuracy", "brier"])
def test_classification_scores_equal_scikit_learn(weighted, n_classes, key):
    oof = classification(N, n_classes=n_classes, weight=weights(weighted))
    score = score_families(oof)["linear"][key]
    p = in_row_order(oof, "linear")
    assert score.mean == pytest.approx(oracle_class(key, oof.y, p, oof.weight))
    first = oof.splits[0].test
    assert score.per_fold[0] == pytest.approx(
        oracle_class(key, oof.y[first], p[first], oof.weights[first])
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_the_area_is_the_mean_of_scikit_learns_over_folds_and_classes(weighted, n_classes):
    oof = classification(N, n_classes=n_classes, weight=weights(weighted))
    p = in_row_order(oof, "linear")
    labels = [1] if n_classes == 2 else range(n_classes)
    folds = [
        np.mean([
            oracle.roc_auc_score(
                oof.y[s.test] == c, p[s.test, c], sample_weight=oof.weights[s.test]
            )
            for c in labels
        ])
        for s in oof.splits
    ]  # fmt: skip
    score = score_families(oof)["linear"]["roc_auc"]
    assert score.mean == pytest.approx(np.mean(folds))
    assert score.per_fold == pytest.approx(folds)


def test_naming_the_other_class_positive_leaves_the_area_unchanged():
    oof = classification(N)
    other = dataclasses.replace(oof, positive=0)
    here, there = (score_families(o)["linear"]["roc_auc"].mean for o in (oof, other))
    assert here == pytest.approx(there)


@pytest.mark.parametrize("make", [regression, classification])
def test_the_interval_of_a_mean_is_the_corrected_t_interval(make):
    oof = make(N)
    key, loss = ("mae", None) if make is regression else ("brier", None)
    rows = in_row_order(oof, "one")
    if make is regression:
        loss = np.abs(oof.y - rows[:, 0])
    else:
        loss = (rows[:, 1] - oof.y) ** 2
    half = stats.t.ppf(0.975, N - 1) * loss.std(ddof=1) / math.sqrt(N) * math.sqrt(1 + 5 / 4)
    score = score_families(oof)["one"][key]
    assert (score.low, score.high) == pytest.approx((loss.mean() - half, loss.mean() + half))


def test_every_interval_holds_its_score_and_stays_in_range():
    for oof in (regression(30), classification(30), classification(40, n_classes=3)):
        for scores in score_families(oof).values():
            for key, score in scores.items():
                low, high = METRICS[key].limits(oof.task)
                assert low <= score.low <= score.mean <= score.high <= high


def test_rows_copied_within_their_unit_do_not_narrow_the_interval():
    oof = regression(N)
    twice = np.repeat(np.arange(N), 2)
    splits = partition_folds(twice % 5).splits
    arrays = tuple(in_row_order(oof, "one")[twice[s.test]] for s in splits)
    copied = OutOfFold("regression", oof.y[twice], splits, {"one": arrays}, twice)
    ours, theirs = (score_families(o)["one"]["rmse"] for o in (oof, copied))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_doubling_all_weights_changes_nothing():
    weight = weights(weighted=True)
    one = score_families(regression(N, weight=weight))["one"]
    two = score_families(regression(N, weight=2 * weight))["one"]
    for key in one:
        assert (one[key].mean, one[key].low) == pytest.approx((two[key].mean, two[key].low))


def test_a_perfect_prediction_is_not_called_certain():
    oof = classification(N)
    sure = tuple(np.eye(2)[oof.y[s.test]] for s in oof.splits)
    score = score_families(dataclasses.replace(oof, predictions={"sure": sure}))["sure"]
    assert score["accuracy"].mean == 1.0
    assert score["accuracy"].low == pytest.approx(stats.beta.ppf(0.025, N, 1))
    rarest = np.bincount(oof.y).min()
    assert score["roc_auc"].low == pytest.approx(stats.beta.ppf(0.025, rarest, 1))


def test_a_target_that_does_not_vary_in_a_fold_gives_a_number():
    y = np.array([1.0, 1.0, 2.0, 5.0])
    splits = partition_folds(np.array([0, 0, 1, 1])).splits
    arrays = tuple(np.full((2, 1), 2.0) for _ in splits)
    oof = OutOfFold("regression", y, splits, {"two": arrays}, np.arange(4))
    score = score_families(oof)["two"]["r2"]
    assert score.per_fold == pytest.approx((1 - 1 / y.var(), 1 - 4.5 / 2.25))


def test_a_single_unit_gives_the_widest_interval_and_no_nan():
    oof = regression(20, unit=np.zeros(20, dtype=int))
    for key, score in score_families(oof)["one"].items():
        assert (score.low, score.high) == METRICS[key].limits("regression")


def test_no_variation_on_a_range_without_end_says_nothing():
    assert unvaried_interval(0.0, (0.0, math.inf), 50, 0.95) == (0.0, math.inf)


@pytest.mark.parametrize("weighted", [False, True])
def test_confusion_counts_equal_scikit_learn(weighted):
    oof = classification(N, n_classes=3, weight=weights(weighted))
    p = in_row_order(oof, "linear").argmax(axis=1)
    expected = oracle.confusion_matrix(oof.y, p, sample_weight=oof.weight)
    assert np.array(confusion(oof, "linear")) == pytest.approx(expected.astype(float))


def test_confusion_counts_a_row_once_however_often_it_is_held_out():
    oof = classification(60)
    again = tuple(Split(s.train, s.test, repeat=1) for s in oof.splits)
    arrays = oof.predictions["linear"]
    repeated = OutOfFold(
        "binary",
        oof.y,
        (*oof.splits, *again),
        {"linear": (*arrays, *arrays)},
        oof.unit,
        oof.classes,
    )
    assert np.sum(confusion(repeated, "linear")) == pytest.approx(60)


def test_a_prior_scores_one_half_of_the_area():
    score = score_families(classification(N))["constant"]["roc_auc"]
    assert score.mean == 0.5
    assert score.low > 0.4


def test_corrected_intervals_hold_the_risk_of_fold_models_and_plain_ones_do_not():
    """300 tables; a true coverage of .95 gives under .91 with probability below .002."""
    held, n, n_repeats = 0, 60, 300
    rng = np.random.default_rng(11)
    splits = partition_folds(np.arange(n) % 5).splits
    for _ in range(n_repeats):
        X = rng.normal(size=(n, 8))
        y = X[:, 0] + rng.normal(size=n)
        arrays, risks = [], []
        for s in splits:
            slopes = np.linalg.lstsq(X[s.train], y[s.train], rcond=None)[0]
            arrays.append((X[s.test] @ slopes)[:, None])
            risks.append(1 + ((slopes - np.eye(8)[0]) ** 2).sum())
        oof = OutOfFold("regression", y, splits, {"linear": tuple(arrays)}, np.arange(n))
        score = score_families(oof)["linear"]["mse"]
        held += score.low <= np.mean(risks) <= score.high
    assert held / n_repeats >= 0.91
