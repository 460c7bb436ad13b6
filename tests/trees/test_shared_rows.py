"""Grounds leave out the folds they serve, and serve every fold alike."""

import numpy as np
import pytest

from rung.core.fold_partners import group_folds
from rung.core.folds import partition_folds, time_folds
from rung.trees.shared_rows import BAG, REACH, grounds, serving


@pytest.mark.parametrize("k", [4, 5, 6, 10])
@pytest.mark.parametrize("n_repeats", [1, 2])
def test_a_ground_holds_no_row_of_the_folds_it_serves(k, n_repeats):
    dice = np.random.default_rng(k)
    deals = np.stack([dice.permutation(20 * k) % k for _ in range(n_repeats)], axis=1)
    folds = partition_folds(deals)
    found = grounds(folds)
    for ground in found:
        assert len(ground.serves) == 2
        for split in ground.serves:
            assert not np.intersect1d(ground.train, folds.splits[split].test).size
    counts = [len(serving(found, split)) for split in range(len(folds.splits))]
    assert counts == [min(2 * REACH, k - 1)] * (k * n_repeats)


def test_a_tree_of_a_pair_sees_as_many_rows_as_a_bootstrap_of_the_training_set():
    folds = partition_folds(np.arange(100) % 5)
    for ground in grounds(folds):
        assert ground.share * len(ground.train) == pytest.approx(BAG * 80)


@pytest.mark.parametrize(
    "folds",
    [
        partition_folds(np.arange(30) % 2),
        partition_folds(np.arange(30) % 3),
        time_folds(np.arange(96) // 8),
        group_folds(partition_folds(np.arange(30) % 5)).folds,
    ],
)
def test_folds_without_pairs_grow_on_their_training_sets(folds):
    found = grounds(folds)
    assert [ground.serves for ground in found] == [(i,) for i in range(len(folds.splits))]
    for ground, split in zip(found, folds.splits, strict=True):
        assert ground.train.tolist() == split.train.tolist()
        assert ground.share == 0.0
