"""Three folds left out at a time: each split is judged by other folds, and knows nothing of its own."""

import numpy as np
import pytest

from rung.core.fold_searches import share_searches
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds, partition_folds


@pytest.mark.parametrize("k", [7, 10, 13])
def test_each_split_is_judged_once_by_each_of_six_folds(k: int) -> None:
    fold = np.arange(4 * k) % k
    judged = judging_splits(partition_folds(fold))
    for number, own in enumerate(judged):
        tests = np.concatenate([split.test for split in own])
        assert len(np.unique(tests)) == len(tests) == 6 * 4
        assert number not in fold[tests]
        near = {(number + step) % k for step in (-3, -2, -1, 1, 2, 3)}
        assert set(fold[tests].tolist()) == near


def test_as_many_searches_as_folds_serve_all_of_them() -> None:
    judged = judging_splits(partition_folds(np.arange(30) % 10))
    searches, _ = share_searches(judged)
    assert len(searches) == 10
    assert all(len(search.tests) == 3 for search in searches)


@pytest.mark.parametrize("n_repeats", [1, 2])
def test_rows_to_learn_from_are_those_of_the_other_folds_of_the_repeat(n_repeats: int) -> None:
    rng = np.random.default_rng(0)
    fold = np.stack([rng.permutation(40) % 8 for _ in range(n_repeats)], axis=1)
    folds = partition_folds(fold)
    for split, own in zip(folds.splits, judging_splits(folds), strict=True):
        for inner in own:
            assert inner.repeat == split.repeat
            out = np.unique(fold[np.append(inner.test, split.test), split.repeat])
            rest = np.flatnonzero(~np.isin(fold[:, split.repeat], out))
            assert np.array_equal(inner.train, rest)
            assert len(out) == 3


def same(folds: Folds) -> bool:
    """Say whether splits are judged on what they were without triples."""
    return all(
        [each.train.tolist() for each in own] == [each.train.tolist() for each in folds.inner(i)]
        for i, own in enumerate(judging_splits(folds))
    )


@pytest.mark.parametrize("k", [3, 5, 6])
def test_fewer_than_seven_folds_are_left_out_as_they_were(k: int) -> None:
    assert same(partition_folds(np.arange(30) % k))


def test_folds_that_spare_their_neighbours_are_left_out_as_they_were() -> None:
    """Atoms that no split trains on beside its held-out rows: triples would be no whole folds."""
    folds = partition_folds(np.arange(40) % 8)
    in_train = folds.in_train.copy()
    in_train[0, folds.atom[3]] = False
    assert same(Folds(folds.splits, folds.atom, in_train, folds.inner_pairs, "space"))
