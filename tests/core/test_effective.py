"""The effective number of rows."""

import numpy as np
import pytest

from rung.core.effective import effective_rows
from rung.core.folds import partition_folds
from rung.core.out_of_fold import OutOfFold


def out_of_fold(errors, unit, **options):
    splits = partition_folds(unit % 5).splits
    zeros = {"zero": tuple(np.zeros((len(split.test), 1)) for split in splits)}
    return OutOfFold("regression", errors, splits, zeros, unit=unit, **options)


@pytest.mark.parametrize("likeness", [0.1, 0.5])
def test_rows_of_groups_count_as_their_design_effect_says(likeness):
    rng = np.random.default_rng(0)
    unit = np.repeat(np.arange(2_000), 10)
    errors = np.sqrt(likeness) * rng.normal(size=2_000)[unit] + np.sqrt(1 - likeness) * rng.normal(
        size=20_000
    )
    # Squares of normal values with correlation r have the correlation r².
    design = 1 + 9 * likeness**2
    found = effective_rows(out_of_fold(errors, unit), "zero", "squared_error")
    assert found == pytest.approx(20_000 / design, rel=0.12)


def test_independent_rows_are_as_many_as_they_are():
    errors = np.random.default_rng(1).normal(size=400)
    assert effective_rows(out_of_fold(errors, np.arange(400)), "zero", "squared_error") == 400


def test_stretches_whose_neighbours_are_alike_count_for_less():
    rng = np.random.default_rng(2)
    levels = np.repeat(rng.normal(size=20), 50) + 3
    unit = np.repeat(np.arange(100), 10)
    plain = effective_rows(out_of_fold(levels, unit), "zero", "squared_error")
    ordered = effective_rows(out_of_fold(levels, unit, is_ordered=True), "zero", "squared_error")
    assert ordered < 0.5 * plain
