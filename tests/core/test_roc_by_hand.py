"""Areas under the ROC curve counted pair by pair."""

import math

import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.core.out_of_fold import OutOfFold
from rung.core.roc import auc, placements


def test_placements_count_ties_half_and_weigh_the_other_class():
    """Negatives .1 and .4 weigh 3 and 1, positives .4 and .6 weigh 1 and 3."""
    score, truth = np.array([0.1, 0.4, 0.4, 0.6]), np.array([False, False, True, True])
    area, placement = placements(score, truth, np.array([3.0, 1.0, 1.0, 3.0]))
    assert placement.tolist() == [1.0, (0.5 + 3) / 4, (3 + 0.5) / 4, 1.0]
    assert area == (0.875 * 1 + 1.0 * 3) / 4


def two_folds(y, score, fold, weight=None):
    splits = partition_folds(np.array(fold)).splits
    score = np.array(score)
    arrays = tuple(np.column_stack([1 - score, score])[s.test] for s in splits)
    y, weight = np.array(y), None if weight is None else np.array(weight)
    unit, classes = np.arange(len(y)), ("no", "yes")
    return OutOfFold("binary", y, splits, {"a": arrays}, unit, classes, weight=weight)


def test_the_area_is_the_mean_of_folds_and_rows_are_centred_at_it():
    """The first fold's pairs are right, half of the second's: .75, and 8 rows share two folds.

    Row 5, positive, has both negatives below and row 4 none: 1 - .75 and 0 - .75, over two folds
    and two positives, times eight.
    """
    oof = two_folds(
        [1, 1, 0, 0, 1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1, 0.1, 0.9, 0.4, 0.6], [0] * 4 + [1] * 4
    )
    found = auc(oof, "a")
    assert found.mean == 0.25
    assert found.per_fold == (0.0, 0.5)
    expected = [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.5, 0.5]
    assert found.influence == pytest.approx([-(p - 0.75) / 2 / 2 * 8 for p in expected])


def test_rows_that_weigh_nothing_are_in_no_pair():
    """Without row 3 the second fold has one class only, and counts for nothing."""
    oof = two_folds([1, 0, 1, 0], [0.9, 0.1, 0.2, 0.6], [0, 0, 1, 1], [1.0, 1.0, 1.0, 0.0])
    found = auc(oof, "a")
    assert found.mean == 0.0
    assert found.per_fold[0] == 0.0
    assert math.isnan(found.per_fold[1])


def test_rows_ranked_together_have_no_area_of_a_fold():
    """Each fold has one class: 3 of 4 pairs are right, the positive .3 is below the negative .4."""
    oof = two_folds([1, 1, 0, 0], [0.9, 0.3, 0.4, 0.1], [0, 0, 1, 1])
    found = auc(oof, "a")
    assert found.mean == pytest.approx(0.25)
    assert len(found.per_fold) == 2
    assert all(math.isnan(area) for area in found.per_fold)
    expected = [1.0, 0.5, 0.5, 1.0]
    assert found.influence == pytest.approx([-(p - 0.75) / 2 * 4 for p in expected])


def test_a_class_without_rows_has_no_area_among_rows_ranked_together():
    """Each fold has one of three classes; the area of both that are there is 3 of 4 pairs."""
    rows = np.array([[0.9, 0.1, 0.0], [0.3, 0.7, 0.0], [0.4, 0.6, 0.0], [0.1, 0.9, 0.0]])
    splits = partition_folds(np.array([0, 0, 1, 1])).splits
    arrays = {"a": tuple(rows[s.test] for s in splits)}
    y = np.array([0, 0, 1, 1])
    oof = OutOfFold("multiclass", y, splits, arrays, np.arange(4), tuple("abc"))
    assert auc(oof, "a").mean == pytest.approx(0.25)


def by_pairs(y, score, weight, label):
    """Return the area of one class against the rest, and each row's placement, in loops."""
    rows = range(len(y))
    placement = np.zeros(len(y))
    for i in rows:
        others = [j for j in rows if (y[j] == label) != (y[i] == label)]
        sign = 1 if y[i] == label else -1
        wins = [(1 + np.sign(sign * (score[i] - score[j]))) / 2 for j in others]
        placement[i] = np.average(wins, weights=weight[others])
    own = y == label
    return np.average(placement[own], weights=weight[own]), placement


def test_areas_of_several_classes_are_those_of_loops_over_pairs():
    """Four classes: the third is absent from the first fold, the fourth from all."""
    rng = np.random.default_rng(12)
    fold, y = np.arange(36) % 3, rng.integers(0, 3, 36)
    y[(fold == 0) & (y == 2)] = 1
    probability, weight = rng.dirichlet(np.ones(4), 36).round(1), rng.uniform(0.2, 3.0, 36)
    splits = partition_folds(fold).splits
    arrays = {"a": tuple(probability[s.test] for s in splits)}
    oof = OutOfFold(
        "multiclass", y, splits, arrays, np.arange(36), tuple("abcd"), weight=weight
    )  # fmt: skip
    areas = np.full((3, 3), np.nan)
    pieces = []
    for k, label in [(k, label) for k in range(3) for label in range(3)]:
        rows = splits[k].test
        if not (y[rows] == label).any():
            continue
        areas[k, label], placement = by_pairs(
            y[rows], probability[rows, label], weight[rows], label
        )
        pieces.append((rows, label, placement))
    influence = np.zeros(36)
    for rows, label, placement in pieces:
        own, w = y[rows] == label, weight[rows]
        share = w / np.where(own, w[own].sum(), w[~own].sum())
        n_folds = np.isfinite(areas[:, label]).sum()
        influence[rows] -= share * (placement - np.nanmean(areas[:, label])) / n_folds / 3
    found = auc(oof, "a")
    assert np.isnan(areas).sum() == 1
    assert 1 - found.mean == pytest.approx(np.nanmean(areas, axis=0).mean())
    assert [1 - area for area in found.per_fold] == pytest.approx(np.nanmean(areas, axis=1))
    assert found.influence == pytest.approx(36 * influence)
