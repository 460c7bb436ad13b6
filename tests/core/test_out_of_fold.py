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


def four_rows(**changes):
    """Two folds of two rows; the last column of `changes` may be any field."""
    splits = partition_folds(np.array([0, 1, 0, 1]), units=np.arange(4)).splits
    parts = {"flat": (np.array([1.0, 2.0]), np.array([3.0, 4.0]))}
    parts["tall"] = tuple(array[:, None] for array in parts["flat"])
    fields = {"unit": np.arange(4), "predictions": parts} | changes
    return OutOfFold("regression", np.arange(4.0), splits, **fields)


def test_training_rows_are_counted_unless_they_are_given():
    assert four_rows().n_train == (2, 2)
    assert four_rows(n_train=(7, 8)).n_train == (7, 8)


def test_predictions_may_be_flat_and_are_read_so():
    oof = four_rows()
    assert oof.families == ("flat", "tall")
    for family in oof.families:
        assert [oof.values(family, split).tolist() for split in (0, 1)] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("changes", "is_plain"),
    [
        ({}, True),
        ({"weight": np.full(4, 3.0)}, True),
        ({"weight": np.array([1.0, 1.0, 1.0, 2.0])}, False),
        ({"weight": np.array([0.0, 1.0, 1.0, 1.0])}, True),
        ({"unit": np.array([5, 5, 6, 7])}, False),
        ({"weight": np.zeros(4)}, True),
    ],
)
def test_rows_are_plain_if_each_is_a_unit_of_the_same_weight(changes, is_plain):
    assert four_rows(**changes).has_plain_rows is is_plain


def test_no_row_of_any_weight_is_no_unit():
    oof = four_rows(weight=np.zeros(4))
    assert (oof.n_units, oof.scored.tolist(), oof.n_folds) == (0, [], 2)


def test_folds_are_counted_in_the_first_repeat():
    first, second = partition_folds(np.array([0, 1, 2, 0])).splits, four_rows().splits
    splits = (*first, *(dataclasses.replace(split, repeat=1) for split in second))
    predictions = {"zero": tuple(np.zeros(len(split.test)) for split in splits)}
    assert OutOfFold("regression", np.zeros(4), splits, predictions, np.arange(4)).n_folds == 3


def test_contributions_of_rows_are_summed_over_units_and_scaled_by_their_number():
    oof = four_rows(unit=np.array([9, 4, 9, 6]), weight=np.array([1.0, 1.0, 1.0, 0.0]))
    assert oof.unit_of_scored.tolist() == [1, 0, 1]
    assert oof.to_units(np.array([0.5, -2.0, 1.5, 100.0])).tolist() == [-4.0, 4.0]
