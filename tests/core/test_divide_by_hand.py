"""Divisions worked out by hand: how many folds, of what, dealt with which seed."""

import numpy as np
import pytest

from rung.core.divide import FoldPlan, divide, divide_as_given
from rung.core.folds import Folds, deal
from rung.core.keys import Keys
from rung.errors import DataError, UsageError

DEFAULT = FoldPlan(None, 1, 0)


def keys_of(of_row: list[int] | np.ndarray) -> Keys:
    of_row = np.asarray(of_row)
    return Keys([b"key %d" % i for i in range(of_row.max() + 1)], of_row)


def cut(
    keys: Keys, labels=None, plan: FoldPlan = DEFAULT, *, times=None, is_grouped=False
) -> Folds:
    return divide(keys, labels, plan, times=times, is_grouped=is_grouped)


def fold_of(folds: Folds, repeat: int = 0) -> list[int]:
    """Return the fold of each row in one repeat."""
    fold = np.full(folds.n_rows, -1)
    for number, split in enumerate(s for s in folds.splits if s.repeat == repeat):
        fold[split.test] = number
    return fold.tolist()


def test_ten_rows_are_enough() -> None:
    assert cut(keys_of(np.arange(10))).n_folds == 10
    with pytest.raises(DataError, match="9 rows are left"):
        cut(keys_of(np.arange(9)))


@pytest.mark.parametrize(("is_grouped", "expected"), [(True, 10), (False, 5)])
def test_groups_count_as_units_and_equal_rows_do_not(is_grouped: bool, expected: int) -> None:
    assert cut(keys_of(np.arange(2_000) % 100), is_grouped=is_grouped).n_folds == expected


@pytest.mark.parametrize(("asked", "n_folds"), [(3, 3), (4, 4), (7, 6), (None, 6)])
def test_there_are_no_more_folds_than_keys(asked: int | None, n_folds: int) -> None:
    assert cut(keys_of(np.arange(18) % 6), plan=FoldPlan(asked, 1, 0)).n_folds == n_folds


def test_each_repeat_is_dealt_with_the_next_seed_in_the_strata_of_the_commonest_class() -> None:
    """Keys 0 to 5 hold three rows each; their commonest classes, the first of equals, are these."""
    of_row = np.arange(18) // 3
    labels = np.array([2, 2, 0, 0, 1, 2, 1, 1, 1, 2, 0, 0, 1, 2, 2, 0, 0, 1])
    strata = np.array([2, 0, 1, 0, 2, 0])
    keys = keys_of(of_row)
    folds = cut(keys, labels, FoldPlan(3, 2, 11))
    plain = cut(keys, None, FoldPlan(3, 2, 11))
    assert (folds.kind, plain.kind) == ("stratified", "random")
    assert cut(keys, labels, FoldPlan(3, 2, 11), is_grouped=True).kind == "grouped"
    assert folds.n_repeats == 2
    for repeat in range(2):
        for found, of in ((folds, strata), (plain, np.zeros(6, int))):
            dealt = deal(keys.distinct, of, np.full(6, 3), n_folds=3, seed=11 + repeat)
            assert fold_of(found, repeat) == dealt[of_row].tolist()


def test_equal_rows_stay_together_inside_two_folds() -> None:
    of_row = np.arange(40) // 4
    for nested in cut(keys_of(of_row), plan=FoldPlan(2, 1, 0)).inner(0):
        assert not set(of_row[nested.train]) & set(of_row[nested.test])


@pytest.mark.parametrize(
    ("n_times", "asked", "windows"),
    [
        (6, None, [0, 1, 2, 3, 4, 5]),  # two folds, as each has two half windows after the first
        (7, None, [0, 0, 1, 2, 3, 4, 5]),
        (8, None, [0, 1, 2, 3, 4, 5, 6, 7]),
        (8, 2, [0, 0, 1, 2, 3, 3, 4, 5]),
        (12, 3, [0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7]),
    ],
)
def test_times_are_cut_into_half_windows(n_times, asked, windows) -> None:
    order = np.random.default_rng(0).permutation(np.repeat(np.arange(n_times), 2))
    folds = cut(keys_of(np.arange(2 * n_times)), plan=FoldPlan(asked, 1, 0), times=order * 10.0 - 5)
    assert folds.atom.tolist() == [windows[place] for place in order]
    assert folds.n_folds == windows[-1] // 2
    assert folds.kind == "time"


class Told:
    """A splitter that remembers what it was told."""

    def split(self, X: np.ndarray, y: np.ndarray, *groups: np.ndarray):
        self.told = (X, y, groups)
        return [(np.arange(2, 6), np.arange(2)), (np.arange(4), np.array([4, 5]))]


@pytest.mark.parametrize("is_grouped", [True, False])
def test_a_splitter_is_told_rows_in_the_order_of_the_file(is_grouped: bool) -> None:
    splitter, order = Told(), np.array([3, 1, 0, 5, 4, 2])
    y, units = np.arange(6) * 10.0, np.array([7, 7, 8, 8, 9, 9])
    folds = divide_as_given(splitter, y=y, file_order=order, units=units, is_grouped=is_grouped)
    X, told, groups = splitter.told
    assert X.shape == (6, 1)
    assert not X.any()
    assert told.tolist() == [30, 10, 0, 50, 40, 20]
    assert [one.tolist() for one in groups] == ([[8, 7, 7, 9, 9, 8]] if is_grouped else [])
    assert [split.test.tolist() for split in folds.splits] == [[1, 3], [2, 4]]
    assert [split.train.tolist() for split in folds.splits] == [[0, 2, 4, 5], [0, 1, 3, 5]]


def test_pairs_are_taken_as_they_are_and_units_kept_whole_inside() -> None:
    pairs = [(np.arange(4, 12), np.arange(4)), (np.arange(8), np.arange(8, 12))]
    units = np.arange(12) // 2
    folds = divide_as_given(iter(pairs), y=np.zeros(12), file_order=np.arange(12), units=units)
    assert [split.test.tolist() for split in folds.splits] == [[0, 1, 2, 3], [8, 9, 10, 11]]
    for nested in folds.inner(0):
        assert not set(units[nested.train]) & set(units[nested.test])


@pytest.mark.parametrize("given", ["five", 5, None])
def test_what_neither_splits_nor_lists_is_refused(given: object) -> None:
    with pytest.raises(UsageError, match=f"folds={given!r} is not usable"):
        divide_as_given(given, y=np.zeros(6), file_order=np.arange(6), units=np.arange(6))
