import dataclasses

import numpy as np
import pytest
from sklearn import metrics as oracle

from rung.core.folds import Split, partition_folds
from rung.core.out_of_fold import OutOfFold
from rung.core.roc import auc, placements
from tests.core.oof_examples import classification, in_row_order


def test_area_and_its_variance_are_those_of_delong():
    rng = np.random.default_rng(5)
    truth = np.arange(90) < 30
    score = np.round(rng.normal(size=90) + truth, 1)
    area, placement = placements(score, truth, np.ones(90))
    gaps = score[truth][:, None] - score[~truth][None, :]
    wins = (gaps > 0) + 0.5 * (gaps == 0)
    assert area == pytest.approx(wins.mean())
    assert placement[truth] == pytest.approx(wins.mean(axis=1))
    assert placement[~truth] == pytest.approx(wins.mean(axis=0))
    probability = np.column_stack([1 - score, score])
    oof = OutOfFold(
        "binary", truth.astype(int), (Split(np.arange(0), np.arange(90)),), {"a": (probability,)},
        np.arange(90), classes=("no", "yes"), n_train=(90,),
    )  # fmt: skip
    delong = wins.mean(axis=1).var(ddof=1) / 30 + wins.mean(axis=0).var(ddof=1) / 60
    ours = (auc(oof, "a").influence ** 2).sum() / 89 / 90
    assert ours == pytest.approx(delong, rel=0.05)


@pytest.mark.parametrize("weighted", [False, True])
def test_area_equals_scikit_learn_with_ties_and_weights(weighted):
    rng = np.random.default_rng(6)
    truth, score = rng.random(200) < 0.3, np.round(rng.normal(size=200), 1)
    weight = np.random.default_rng(3).uniform(0.2, 3.0, 200) if weighted else np.ones(200)
    assert placements(score, truth, weight)[0] == pytest.approx(
        oracle.roc_auc_score(truth, score, sample_weight=weight)
    )


def test_folds_without_a_class_are_left_out_of_the_area():
    oof = classification(60, n_folds=3)
    y = oof.y.copy()
    y[oof.splits[0].test] = 0
    changed = dataclasses.replace(oof, y=y)
    found = auc(changed, "linear")
    assert np.isnan(found.per_fold[0])
    assert found.mean == pytest.approx(np.mean(found.per_fold[1:]))


def test_rows_are_ranked_together_if_no_fold_holds_both_classes():
    oof = classification(60)
    splits = partition_folds((oof.y == 0).astype(int)).splits
    rows = in_row_order(oof, "linear")
    arrays = tuple(rows[s.test] for s in splits)
    found = auc(
        dataclasses.replace(oof, splits=splits, predictions={"linear": arrays}, n_train=()),
        "linear",
    )
    assert 1 - found.mean == pytest.approx(oracle.roc_auc_score(oof.y, rows[:, 1]))


def test_one_class_alone_has_no_area_and_no_nan():
    oof = classification(40)
    found = auc(dataclasses.replace(oof, y=np.zeros(40, dtype=int)), "linear")
    assert found.mean == 0.5
    assert not found.influence.any()
