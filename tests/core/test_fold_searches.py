import hashlib

import numpy as np
import pytest

from rung.core.fold_searches import choosing_splits, share_searches
from rung.core.folds import given_folds, partition_folds, time_folds


def _shared(folds, n_judges=1):
    inner = [folds.inner(i)[:n_judges] for i in range(len(folds.splits))]
    return inner, *share_searches(inner)


@pytest.mark.parametrize("n_folds", [3, 4, 5, 10])
def test_every_two_folds_share_a_search_and_the_last_odd_one_has_its_own(n_folds):
    _, searches, homes = _shared(partition_folds(np.arange(4 * n_folds) % n_folds))
    assert len(searches) == (n_folds + 1) // 2
    assert all(homes[i][0][0] == homes[i + 1][0][0] for i in range(0, n_folds - 1, 2))


@pytest.mark.parametrize(
    "folds",
    [
        partition_folds(np.arange(20) % 5),
        partition_folds(np.stack([np.arange(24) % 4, np.arange(24) // 6], axis=1)),
        partition_folds(np.arange(20) % 2),
        time_folds(np.arange(48) // 4),
        given_folds(
            [(np.arange(10), np.arange(10, 14)), (np.arange(8), np.arange(8, 20))],
            20,
            np.arange(20),
        ),
    ],
    ids=["partition", "repeats", "halves", "time", "given"],
)
@pytest.mark.parametrize("n_judges", [1, 2])
def test_every_split_finds_its_own_inner_splits_and_nothing_of_its_held_out_rows(folds, n_judges):
    inner, searches, homes = _shared(folds, n_judges)
    for split, own, home in zip(folds.splits, inner, homes, strict=True):
        for each, (number, judge) in zip(own, home, strict=True):
            search = searches[number]
            assert np.array_equal(search.train, each.train)
            assert np.array_equal(search.tests[judge], each.test)
            assert not np.intersect1d(search.train, split.test).size
            assert not np.intersect1d(search.tests[judge], split.test).size
            assert all(not np.intersect1d(search.train, test).size for test in search.tests)


def test_a_split_that_does_not_choose_has_no_home():
    folds = partition_folds(np.arange(8) % 4)
    searches, homes = share_searches([(), folds.inner(1)[:1], (), ()])
    assert homes == ((), ((0, 0),), (), ())
    assert len(searches[0].tests) == 1


def test_the_name_of_a_search_depends_on_its_training_rows_alone():
    folds = partition_folds(np.arange(8) % 4)
    both = share_searches([folds.inner(0)[:1], folds.inner(1)[:1]])[0][0]
    alone = share_searches([(), folds.inner(1)[:1]])[0][0]
    other = share_searches([folds.inner(2)[:1]])[0][0]
    assert both.key == alone.key != other.key


def test_a_search_is_named_by_a_digest_of_its_training_rows():
    key = share_searches([partition_folds(np.arange(8) % 4).inner(0)[:1]])[0][0].key
    rows = np.array([2, 3, 6, 7], dtype="<i8")
    assert key == hashlib.blake2b(rows.tobytes(), digest_size=8).hexdigest()


def test_a_whole_training_set_has_the_rows_of_one_judge_more():
    folds = partition_folds(np.arange(20) % 5)
    search = share_searches([folds.inner(0)[:1], folds.inner(1)[:1]])[0][0]
    assert round(len(search.train) * search.whole) == len(folds.splits[0].train)


@pytest.mark.parametrize("n_folds", [2, 3, 4, 5, 9, 10, 11, 12])
@pytest.mark.parametrize("n_repeats", [1, 2])
def test_what_chooses_for_a_split_knows_nothing_of_its_held_out_rows(n_folds, n_repeats):
    rng = np.random.default_rng(n_folds)
    dealt = np.column_stack([rng.permutation(120) % n_folds for _ in range(n_repeats)])
    folds = partition_folds(dealt)
    for split, own in zip(folds.splits, choosing_splits(folds), strict=True):
        assert len(own) == 1
        for each in own:
            assert not np.intersect1d(each.train, split.test).size
            assert not np.intersect1d(each.test, split.test).size
            assert not np.intersect1d(each.train, each.test).size


def test_below_ten_folds_partners_choose_and_from_ten_on_threes_judged_by_two_folds():
    five, ten = (partition_folds(np.arange(60) % n_folds) for n_folds in (5, 10))
    for number, own in enumerate(choosing_splits(five)):
        assert np.array_equal(own[0].train, five.inner(number)[0].train)
        assert np.array_equal(own[0].test, five.inner(number)[0].test)
    chosen = choosing_splits(ten)
    searches, homes = share_searches([own[:1] for own in chosen])
    # Three times three folds, and the last with the first two.
    assert len(searches) == 4
    assert [home[0][0] for home in homes] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
    assert all(len(own[0].test) == 12 and len(own[0].train) == 42 for own in chosen)


def test_folds_by_time_choose_on_their_latest_half_window():
    folds = time_folds(np.arange(48) // 4)
    for number, own in enumerate(choosing_splits(folds)):
        same = folds.inner(number)[:1]
        assert [each.test.tolist() for each in own] == [each.test.tolist() for each in same]
        assert [each.train.tolist() for each in own] == [each.train.tolist() for each in same]
