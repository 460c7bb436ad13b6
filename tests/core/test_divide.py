import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, KFold, RepeatedKFold

from rung.core.divide import FoldPlan, cut_inside, divide, divide_as_given
from rung.core.keys import find_keys
from rung.errors import DataError, UsageError

PLAN = FoldPlan(None, 1, 0)


def keys_of(units: np.ndarray):
    return find_keys([int(unit).to_bytes(4, "little") for unit in units])


@pytest.mark.parametrize(("n_rows", "expected"), [(200, 10), (1999, 10), (2000, 5)])
def test_small_tables_get_ten_folds(n_rows: int, expected: int) -> None:
    folds = divide(keys_of(np.arange(n_rows)), None, PLAN, times=None, is_grouped=False)
    assert folds.n_folds == expected


def test_groups_are_never_cut() -> None:
    units = np.random.default_rng(0).integers(0, 30, 500)
    folds = divide(keys_of(units), None, PLAN, times=None, is_grouped=True)
    for split in folds.splits:
        assert not np.intersect1d(units[split.train], units[split.test]).size


def test_folds_are_no_more_than_groups() -> None:
    folds = divide(keys_of(np.arange(100) % 4), None, PLAN, times=None, is_grouped=True)
    assert folds.n_folds == 4


def test_classes_are_spread_over_folds() -> None:
    labels = (np.arange(300) < 30).astype(int)
    folds = divide(keys_of(np.arange(300)), labels, PLAN, times=None, is_grouped=False)
    assert [int(labels[split.test].sum()) for split in folds.splits] == [3] * 10


def test_too_few_rows_are_refused_with_their_number() -> None:
    with pytest.raises(DataError, match=r"^9 rows are left to train on; 10 are the fewest"):
        divide(keys_of(np.arange(9)), None, PLAN, times=None, is_grouped=False)


def test_too_few_times_are_refused_with_their_number() -> None:
    with pytest.raises(DataError, match="5 distinct times"):
        divide(keys_of(np.arange(50)), None, PLAN, times=np.arange(50) % 5, is_grouped=False)


def test_rows_of_one_time_stay_together() -> None:
    times = np.random.default_rng(0).integers(0, 60, 400).astype(float)
    folds = divide(keys_of(np.arange(400)), None, PLAN, times=times, is_grouped=False)
    for split in folds.splits:
        assert times[split.train].max() < times[split.test].min()


def test_a_splitter_counts_in_the_order_of_the_file() -> None:
    file_row = np.random.default_rng(0).permutation(60)
    folds = divide_as_given(
        KFold(5), y=np.zeros(60), file_order=np.argsort(file_row), units=np.arange(60)
    )
    assert set(file_row[folds.splits[0].test]) == set(range(12))
    assert folds.kind == "given"
    assert len(folds.inner(0)) == 4


def test_a_repeated_splitter_gives_repeats() -> None:
    splitter = RepeatedKFold(n_splits=4, n_repeats=2, random_state=0)
    folds = divide_as_given(splitter, y=np.zeros(40), file_order=np.arange(40), units=np.arange(40))
    assert (folds.n_folds, folds.n_repeats) == (4, 2)


def test_a_group_splitter_sees_the_units() -> None:
    units = np.arange(60) // 6
    folds = divide_as_given(
        GroupKFold(5),
        y=np.zeros(60),
        file_order=np.arange(60),
        units=units,
        is_grouped=True,
    )
    for split in folds.splits:
        assert not np.intersect1d(units[split.train], units[split.test]).size


def test_folds_that_are_no_folds_are_refused() -> None:
    with pytest.raises(UsageError, match="folds='five' is not usable"):
        divide_as_given("five", y=np.zeros(20), file_order=np.arange(20), units=np.arange(20))


@pytest.mark.parametrize("n_groups", [2, 3])
def test_few_groups_are_each_left_out_once_and_settings_chosen_inside(n_groups: int) -> None:
    group = np.arange(60) % n_groups
    keys = keys_of(group)
    folds = divide(keys, None, PLAN, times=None, is_grouped=True)
    assert len(folds.splits) == n_groups
    for number, split in enumerate(folds.splits):
        assert len(np.unique(group[split.test])) == 1
        assert not np.isin(group[split.test], group[split.train]).any()
        inner = folds.inner(number)
        assert inner
        for one in inner:
            assert np.isin(np.concatenate([one.train, one.test]), split.train).all()
    assert cut_inside(folds, group) == (n_groups == 2)
