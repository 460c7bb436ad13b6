"""Grounds leave out the folds they serve, and serve every fold alike."""

import numpy as np
import pytest

from rung.core.fold_partners import group_folds
from rung.core.folds import partition_folds, time_folds
from rung.trees.shared_rows import BAG, REACH, serving, shared_rows


@pytest.mark.parametrize("k", [4, 5, 6, 10])
@pytest.mark.parametrize("n_repeats", [1, 2])
def test_a_ground_holds_no_row_of_the_folds_it_serves(k, n_repeats):
    dice = np.random.default_rng(k)
    deals = np.stack([dice.permutation(20 * k) % k for _ in range(n_repeats)], axis=1)
    folds = partition_folds(deals)
    found = shared_rows(folds)
    for shared in found:
        assert len(shared.serves) == 2
        for split in shared.serves:
            assert not np.intersect1d(shared.train, folds.splits[split].test).size
    counts = [len(serving(found, split)) for split in range(len(folds.splits))]
    assert counts == [min(2 * REACH, k - 1)] * (k * n_repeats)


def test_a_tree_of_a_pair_sees_as_many_rows_as_a_bootstrap_of_the_training_set():
    folds = partition_folds(np.arange(100) % 5)
    for shared in shared_rows(folds):
        assert shared.share * len(shared.train) == pytest.approx(BAG * 80)


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
    found = shared_rows(folds)
    assert [shared.serves for shared in found] == [(i,) for i in range(len(folds.splits))]
    for shared, split in zip(found, folds.splits, strict=True):
        assert shared.train.tolist() == split.train.tolist()
        assert shared.share == 0.0
