import math

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as oracle

from rung.core.judge_predictions import score_families
from rung.core.table_losses import MEASURES
from tests.core.test_judge_predictions import N, classification, in_row_order, weights

FUNCTIONS = {
    "f1": oracle.f1_score,
    "precision": oracle.precision_score,
    "recall": oracle.recall_score,
    "mcc": oracle.matthews_corrcoef,
}


def of_scikit_learn(key, y, p, w=None):
    more = {} if key == "mcc" else {"average": "macro" if p.shape[1] > 2 else "binary"}
    return FUNCTIONS[key](y, p.argmax(axis=1), sample_weight=w, **more)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("key", MEASURES)
def test_scores_equal_scikit_learn(key, n_classes, weighted):
    oof = classification(N, n_classes=n_classes, weight=weights(weighted))
    score, p = score_families(oof)["linear"][key], in_row_order(oof, "linear")
    assert score.mean == pytest.approx(of_scikit_learn(key, oof.y, p, oof.weight))
    first = oof.splits[0].test
    w = oof.weights[first]
    assert score.per_fold[0] == pytest.approx(of_scikit_learn(key, oof.y[first], p[first], w))


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("key", MEASURES)
def test_intervals_have_the_error_of_the_jackknife(key, n_classes):
    oof = classification(400, n_classes=n_classes)
    score, p = score_families(oof)["linear"][key], in_row_order(oof, "linear")
    kept = [np.delete(np.arange(400), row) for row in range(400)]
    left = np.array([of_scikit_learn(key, oof.y[rows], p[rows]) for rows in kept])
    error = math.sqrt(399 * ((left - left.mean()) ** 2).mean())
    k = oof.n_folds
    half = stats.t.ppf(0.975, 399) * error * math.sqrt(1 + k / (k - 1))
    assert (score.high - score.low) / 2 == pytest.approx(half, rel=0.03)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_average_precision_is_the_mean_of_scikit_learns_over_folds_and_classes(n_classes):
    oof = classification(N, n_classes=n_classes, weight=weights(True))
    p = in_row_order(oof, "linear")
    labels = [1] if n_classes == 2 else range(n_classes)
    expected = [
        [
            oracle.average_precision_score(
                oof.y[s.test] == label, p[s.test, label], sample_weight=oof.weights[s.test]
            )
            for s in oof.splits
        ]
        for label in labels
    ]
    score = score_families(oof)["linear"]["average_precision"]
    assert score.mean == pytest.approx(np.mean(expected))
    assert score.per_fold[1] == pytest.approx(np.mean(expected, axis=0)[1])


def test_the_error_of_average_precision_is_that_of_the_jackknife():
    """One fold's, whose influence stands alone: rows left out one at a time."""
    from rung.core.roc import _average_precision

    rng = np.random.default_rng(0)
    truth = rng.random(300) < 0.3
    score, weight = truth + rng.normal(size=300), np.ones(300)
    value, added, counted = _average_precision(score, truth, weight)
    influence = added - value * counted
    left = [
        _average_precision(*(np.delete(each, row) for each in (score, truth, weight)))[0]
        for row in range(300)
    ]
    assert influence.sum() == pytest.approx(0.0, abs=1e-12)
    assert np.corrcoef(influence, value - np.array(left))[0, 1] > 0.999
    assert np.std(influence) == pytest.approx(np.std(left), rel=0.03)


def test_a_class_that_is_never_predicted_counts_zero():
    oof = classification(N, n_classes=3)
    guess = tuple(np.tile([1.0, 0.0, 0.0], (len(split.test), 1)) for split in oof.splits)
    object.__setattr__(oof, "predictions", {"linear": guess})
    scores = score_families(oof)["linear"]
    assert scores["mcc"].mean == 0.0
    assert scores["recall"].mean == pytest.approx(1 / 3)
