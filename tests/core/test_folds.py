import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.folds import Folds, deal, given_folds, partition_folds, time_folds
from rung.errors import DataError, UsageError


def check_inner(folds: Folds) -> None:
    for i, split in enumerate([*folds.splits, None]):
        train = np.arange(folds.n_rows) if split is None else split.train
        inner = folds.inner(None if split is None else i)
        assert inner
        for one in inner:
            assert len(one.train)
            assert len(one.test)
            assert np.isin(one.train, train).all()
            assert np.isin(one.test, train).all()
            assert not np.intersect1d(one.train, one.test).size


@given(
    st.integers(2, 7),
    st.integers(1, 3),
    st.integers(20, 60),
    st.integers(0, 1000),
)
def test_atoms_add_up_to_every_training_set(k: int, repeats: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    fold = np.stack([rng.permutation(n) % k for _ in range(repeats)], axis=1)
    folds = partition_folds(fold, units=np.arange(n))
    assert (folds.n_folds, folds.n_repeats) == (k, repeats)
    for split, mask in zip(folds.splits, folds.in_train, strict=True):
        np.testing.assert_array_equal(folds.atom_rows(mask), split.train)
        assert not np.intersect1d(split.train, split.test).size
    for repeat in range(repeats):
        held = np.concatenate([s.test for s in folds.splits if s.repeat == repeat])
        np.testing.assert_array_equal(np.sort(held), np.arange(n))
    check_inner(folds)


def test_inner_folds_are_the_other_folds_beginning_with_the_partner() -> None:
    folds = partition_folds(np.arange(15) % 5)
    first = [[split.test[0] for split in folds.inner(i)] for i in range(5)]
    assert first == [[1, 2, 3, 4], [0, 2, 3, 4], [3, 4, 0, 1], [2, 4, 0, 1], [0, 1, 2, 3]]


def test_time_folds_train_on_the_past_only() -> None:
    folds = time_folds(np.arange(48) // 4)
    for split in folds.splits:
        assert split.train.max() < split.test.min()
    for i in [*range(len(folds.splits)), None]:
        for inner in folds.inner(i):
            assert inner.train.max() < inner.test.min()
    assert folds.scored.min() == 8
    check_inner(folds)


def test_units_are_not_cut_by_the_inner_splits_of_two_folds() -> None:
    units = np.arange(40) // 4
    folds = partition_folds(units % 2, units=units)
    for inner in folds.inner(0):
        assert not np.intersect1d(units[inner.train], units[inner.test]).size


def test_given_folds_may_overlap() -> None:
    rng = np.random.default_rng(0)
    pairs = [(rng.permutation(50)[:40],) for _ in range(3)]
    splits = [(train, np.setdiff1d(np.arange(50), train)) for (train,) in pairs]
    folds = given_folds(splits, 50, np.arange(50))
    for split, (train, test) in zip(folds.splits, splits, strict=True):
        np.testing.assert_array_equal(split.train, np.sort(train))
        np.testing.assert_array_equal(split.test, test)
    check_inner(folds)


def test_given_folds_that_train_on_their_test_rows_are_refused() -> None:
    with pytest.raises(UsageError, match="split 0 of folds= has 3 training and 2 test"):
        given_folds([(np.array([0, 1, 2]), np.array([2, 3]))], 4, np.arange(4))


def test_one_fold_is_refused() -> None:
    with pytest.raises(DataError, match="the data give 1"):
        partition_folds(np.zeros(9, int))


def test_the_fingerprint_changes_with_one_row() -> None:
    fold = np.arange(20) % 4
    other = fold.copy()
    other[[0, 1]] = other[[1, 0]]
    assert partition_folds(fold).fingerprint != partition_folds(other).fingerprint


@given(st.integers(0, 99), st.integers(2, 10))
def test_dealing_balances_rows_and_classes(seed: int, k: int) -> None:
    keys = [i.to_bytes(4, "little") for i in range(103)]
    strata = np.arange(103) % 3
    fold = deal(keys, strata, np.ones(103, int), n_folds=k, seed=seed)
    assert np.ptp(np.bincount(fold, minlength=k)) <= 1
    for stratum in range(3):
        assert np.ptp(np.bincount(fold[strata == stratum], minlength=k)) <= 1


def test_dealing_does_not_depend_on_the_order_of_keys() -> None:
    keys = [i.to_bytes(4, "little") for i in range(50)]
    order = np.random.default_rng(0).permutation(50)
    ones, zeros = np.ones(50, int), np.zeros(50, int)
    fold = deal(keys, zeros, ones, n_folds=5, seed=1)
    shuffled = deal([keys[i] for i in order], zeros, ones, n_folds=5, seed=1)
    np.testing.assert_array_equal(shuffled, fold[order])


def test_training_sets_of_repeated_folds_are_unions_of_parts_of_their_own_repeat():
    deals = [np.random.default_rng(i).permutation(60) % 4 for i in range(3)]
    folds = partition_folds(np.stack(deals, axis=1))
    for number, split in enumerate(folds.splits):
        parts = folds.held_out_parts(folds.train_mask(number))
        assert len(parts) == 3
        together = np.sort(np.concatenate([folds.atom_rows(part) for part in parts]))
        np.testing.assert_array_equal(together, split.train)
        inner, _ = folds.inner_pairs[number][0]
        assert len(folds.held_out_parts(inner)) == 2
    assert len(folds.held_out_parts(folds.train_mask(None))) == 4
    odd = folds.train_mask(0).copy()
    odd[np.flatnonzero(odd)[0]] = False
    assert folds.held_out_parts(odd) == ()
