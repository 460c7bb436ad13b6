import dataclasses

import numpy as np
import pytest

from rung.core.folds import Split, partition_folds, time_folds
from rung.core.out_of_fold import OutOfFold
from rung.errors import DataError, UsageError
from tests.core.oof_examples import classification, regression


def test_a_family_that_predicts_nan_is_named():
    oof = regression()
    broken = tuple(array.copy() for array in oof.predictions["linear"])
    broken[2][1] = np.nan
    with pytest.raises(DataError, match="'linear' predicted 1 values that are not finite"):
        dataclasses.replace(oof, predictions={**oof.predictions, "linear": broken})


def test_a_family_that_predicts_another_number_of_rows_is_named():
    oof = regression()
    short = tuple(array[:-1] for array in oof.predictions["linear"])
    with pytest.raises(DataError, match="'linear' predicted arrays of shape"):
        dataclasses.replace(oof, predictions={"linear": short})


def test_no_family_at_all_is_refused():
    oof = regression()
    with pytest.raises(UsageError, match="no family was scored"):
        dataclasses.replace(oof, predictions={})


def test_the_last_class_is_positive_unless_named():
    assert classification().positive == 1
    assert dataclasses.replace(classification(), positive=0).positive == 0


def test_rows_that_time_folds_never_hold_out_are_not_scored():
    window = np.repeat(np.arange(6), 4)
    folds = time_folds(window)
    zeros = tuple(np.zeros((len(s.test), 1)) for s in folds.splits)
    oof = OutOfFold("regression", np.arange(24.0), folds.splits, {"zero": zeros}, np.arange(24))
    assert oof.scored.tolist() == list(range(8, 24))
    assert oof.n_units == 16


def test_rows_without_weight_are_not_scored():
    weight = np.ones(120)
    weight[:7] = 0
    assert len(regression(weight=weight).scored) == 113


def test_rows_of_a_group_share_a_unit():
    oof = regression(unit=np.arange(120) // 4 + 1_000)
    assert oof.n_units == 30
    assert not oof.has_plain_rows


def test_repeats_count_as_one_partition():
    first = partition_folds(np.arange(12) % 3).splits
    again = [Split(s.train, s.test, repeat=1) for s in partition_folds(np.arange(12) // 4).splits]
    splits = (*first, *again)
    zeros = tuple(np.zeros((len(s.test), 1)) for s in splits)
    oof = OutOfFold("regression", np.arange(12.0), splits, {"zero": zeros}, np.arange(12))
    assert oof.n_folds == 3
    assert (oof.times_held_out == 2).all()
