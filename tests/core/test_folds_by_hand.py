"""Folds small enough to be written out, and the deal written a second time."""

import hashlib
import struct

import numpy as np
import pytest

from rung.core.folds import (
    Folds,
    Split,
    deal,
    default_n_folds,
    given_folds,
    partition_folds,
    time_folds,
)
from rung.errors import UsageError

PAIR = tuple[list[int], list[int]]


def rows(splits: tuple[Split, ...]) -> list[PAIR]:
    return [(split.train.tolist(), split.test.tolist()) for split in splits]


def inner(folds: Folds) -> list[list[PAIR]]:
    return [rows(folds.inner(i)) for i in [*range(len(folds.splits)), None]]


def complement(n_rows: int, *tests: list[int]) -> list[PAIR]:
    return [([row for row in range(n_rows) if row not in test], test) for test in tests]


def deal_again(keys: list[bytes], strata: list[int], sizes: list[int], k: int, seed: int):
    """Deal each stratum by itself, key by key, in the order of a hash."""
    prefix = b"folds" + struct.pack("<q", seed)
    rank = {key: hashlib.blake2b(prefix + key, digest_size=8).digest() for key in keys}
    fold, all_rows = {}, dict.fromkeys(range(k), 0)
    for stratum in sorted(set(strata)):
        own_rows = dict.fromkeys(range(k), 0)
        own = [i for i in range(len(keys)) if strata[i] == stratum]
        for i in sorted(own, key=lambda i: rank[keys[i]]):
            emptiest = min(own_rows.values())
            tied = [j for j in range(k) if own_rows[j] == emptiest]
            fold[i] = next(j for j in tied if all_rows[j] == min(all_rows[t] for t in tied))
            own_rows[fold[i]] += sizes[i]
            all_rows[fold[i]] += sizes[i]
    return [fold[i] for i in range(len(keys))]


@pytest.mark.parametrize("seed", [-3, 0, 1, 2**40])
@pytest.mark.parametrize("k", [2, 3, 7])
def test_keys_are_dealt_as_they_are_one_by_one_to_the_emptiest_fold(seed: int, k: int) -> None:
    rng = np.random.default_rng(k)
    keys = [b"%d" % i for i in range(60)]
    for strata, sizes in [
        (np.zeros(60, int), np.ones(60, int)),
        (rng.integers(4, size=60), rng.integers(1, 6, size=60)),
    ]:
        found = deal(keys, strata, sizes, n_folds=k, seed=seed)
        assert found.tolist() == deal_again(keys, strata.tolist(), sizes.tolist(), k, seed)


def test_keys_of_one_hash_are_dealt_in_the_order_of_their_bytes(monkeypatch) -> None:
    class Same:
        def digest(self) -> bytes:
            return b"same"

    monkeypatch.setattr(hashlib, "blake2b", lambda *_, **__: Same())
    keys = [b"c", b"a", b"d", b"b"]
    fold = deal(keys, np.zeros(4, int), np.ones(4, int), n_folds=2, seed=0)
    assert fold.tolist() == [0, 0, 1, 1]


def test_from_two_thousand_units_on_there_are_five_folds() -> None:
    assert [default_n_folds(n) for n in (2, 1_999, 2_000, 2_001)] == [10, 10, 5, 5]


def test_the_fingerprint_is_a_digest_of_lengths_and_rows() -> None:
    folds = partition_folds(np.array([0, 1, 2, 0]))
    said = b""
    for split in folds.splits:
        for part in (split.train, split.test):
            said += struct.pack(f"<q{len(part)}q", len(part), *part)
    assert folds.fingerprint == hashlib.blake2b(said, digest_size=8).hexdigest()


def test_four_folds_of_six_rows_written_out() -> None:
    folds = partition_folds(np.array([2, 0, 1, 3, 0, 2]), kind="grouped")
    assert rows(folds.splits) == complement(6, [1, 4], [2], [0, 5], [3])
    assert inner(folds) == [
        [([0, 3, 5], [2]), ([2, 3], [0, 5]), ([0, 2, 5], [3])],
        [([0, 3, 5], [1, 4]), ([1, 3, 4], [0, 5]), ([0, 1, 4, 5], [3])],
        [([1, 2, 4], [3]), ([2, 3], [1, 4]), ([1, 3, 4], [2])],
        [([1, 2, 4], [0, 5]), ([0, 2, 5], [1, 4]), ([0, 1, 4, 5], [2])],
        complement(6, [1, 4], [2], [0, 5], [3]),
    ]
    assert (folds.n_folds, folds.n_repeats, folds.n_rows, folds.n_atoms) == (4, 1, 6, 4)
    assert folds.kind == "grouped"
    assert folds.scored.tolist() == [0, 1, 2, 3, 4, 5]
    assert partition_folds(np.array([0, 1, 2])).kind == "random"


def test_three_folds_of_two_repeats_written_out() -> None:
    folds = partition_folds(np.array([[0, 1], [1, 1], [2, 0], [0, 2], [1, 0], [2, 2]]))
    first, second = complement(6, [0, 3], [1, 4], [2, 5]), complement(6, [2, 4], [0, 1], [3, 5])
    assert rows(folds.splits) == [*first, *second]
    assert [split.repeat for split in folds.splits] == [0, 0, 0, 1, 1, 1]
    assert inner(folds)[:1] == [[([2, 5], [1, 4]), ([1, 4], [2, 5])]]
    assert inner(folds)[2:4] == [
        [([1, 4], [0, 3]), ([0, 3], [1, 4])],
        [([3, 5], [0, 1]), ([0, 1], [3, 5])],
    ]
    assert inner(folds)[-1] == first
    assert (folds.n_folds, folds.n_repeats, folds.n_atoms) == (3, 2, 6)


def test_two_folds_hold_out_a_fifth_of_the_units_inside() -> None:
    units = np.arange(12) // 2
    folds = partition_folds(units % 2, units=units)
    assert rows(folds.splits) == complement(12, [0, 1, 4, 5, 8, 9], [2, 3, 6, 7, 10, 11])
    # unit 5 is of the part of unit 0: of the odd units 1, 3 and 5 each is a part
    assert inner(folds)[0] == [
        ([2, 3, 6, 7], [10, 11]),
        ([6, 7, 10, 11], [2, 3]),
        ([2, 3, 10, 11], [6, 7]),
    ]
    assert inner(folds)[-1] == [
        (train, test)
        for train, test in complement(12, [0, 1, 10, 11], [2, 3], [4, 5], [6, 7], [8, 9])
    ]
    assert folds.kind == "random"
    assert rows(partition_folds(np.arange(10) % 2).inner(0))[0] == ([1, 3, 7, 9], [5])


def test_six_half_windows_written_out() -> None:
    folds = time_folds(np.array([5, 0, 1, 2, 2, 3, 4]))
    assert rows(folds.splits) == [([1, 2], [3, 4, 5]), ([1, 2, 3, 4, 5], [0, 6])]
    assert inner(folds) == [
        [([1], [2])],
        [([1, 2, 3, 4], [5]), ([1, 2], [3, 4]), ([1], [2])],
        [
            ([1, 2, 3, 4, 5, 6], [0]),
            ([1, 2, 3, 4, 5], [6]),
            ([1, 2, 3, 4], [5]),
            ([1, 2], [3, 4]),
            ([1], [2]),
        ],
    ]
    assert folds.in_train.tolist() == [[True] * 2 + [False] * 4, [True] * 4 + [False] * 2]
    assert folds.scored.tolist() == [0, 3, 4, 5, 6]
    assert (folds.kind, folds.n_folds, folds.n_repeats) == ("time", 2, 1)
    assert folds.atom.tolist() == [5, 0, 1, 2, 2, 3, 4]


def arrays(pairs: list[PAIR]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.array(train[::-1], int), np.array(test[::-1], int)) for train, test in pairs]


def test_given_folds_that_part_all_rows_are_like_folds_of_ours() -> None:
    pairs = complement(9, [0, 4, 8], [1, 2, 3], [5, 6, 7])
    folds = given_folds(arrays(pairs), 9, np.arange(9))
    own = partition_folds(np.array([0, 1, 1, 1, 0, 2, 2, 2, 0]), kind="given")
    assert (rows(folds.splits), inner(folds)) == (pairs, inner(own))
    assert (folds.kind, folds.n_atoms, folds.fingerprint) == ("given", 3, own.fingerprint)


@pytest.mark.parametrize(
    "pairs",
    [
        complement(6, [0, 1, 2], [3, 4, 5]),  # two only
        complement(6, [0, 1], [2, 3]),  # not all are held out
        [*complement(6, [0, 1], [2, 3]), ([0, 1, 2], [4, 5])],  # one leaves a row to neither
    ],
)
def test_other_given_folds_hold_out_fifths_of_units_inside(pairs: list[PAIR]) -> None:
    folds = given_folds(arrays(pairs), 6, np.arange(6))
    assert rows(folds.splits) == pairs
    assert (folds.kind, [split.repeat for split in folds.splits]) == ("given", [0] * len(pairs))
    for split, own in zip([*folds.splits, None], inner(folds), strict=True):
        train = list(range(6)) if split is None else split.train.tolist()
        parts = [[row for row in train if row % 5 == part] for part in range(5)]
        assert own == [([r for r in train if r not in part], part) for part in parts if part]
    for number, split in enumerate(folds.splits):
        assert folds.atom_rows(folds.train_mask(number)).tolist() == split.train.tolist()


def test_a_training_set_of_one_part_has_no_inner_split() -> None:
    folds = given_folds(arrays([([0, 5], [1, 2, 3, 4])]), 6, np.arange(6))
    assert inner(folds)[0] == []
    assert len(inner(folds)[-1]) == 5


def test_rows_that_are_held_out_again_belong_to_the_next_repeat() -> None:
    pairs = complement(6, [0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [0, 5])
    folds = given_folds(arrays(pairs), 6, np.arange(6))
    assert [split.repeat for split in folds.splits] == [0, 0, 1, 1, 2]
    assert (folds.n_folds, folds.n_repeats) == (2, 3)


def test_units_are_not_cut_inside_given_folds() -> None:
    units = np.array([0, 0, 1, 1, 2, 2])
    folds = given_folds(arrays(complement(6, [0, 1], [2, 3])), 6, units)
    assert inner(folds)[0] == [([4, 5], [2, 3]), ([2, 3], [4, 5])]
    halves = given_folds(arrays(complement(6, [0, 1], [2, 3, 4, 5])), 6, units)
    assert inner(halves)[0] == [([4, 5], [2, 3]), ([2, 3], [4, 5])]


@pytest.mark.parametrize("pair", [([], [0, 1]), ([0, 1], []), ([0, 1], [1, 2])])
def test_a_given_split_without_rows_or_with_a_row_in_both_is_refused(pair: PAIR) -> None:
    good = complement(4, [0, 1])
    said = f"split 1 of folds= has {len(pair[0])} training and {len(pair[1])} test"
    with pytest.raises(UsageError, match=said):
        given_folds(arrays([*good, pair]), 4, np.arange(4))


def test_no_given_split_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="folds= gave no splits"):
        given_folds([], 4, np.arange(4))
