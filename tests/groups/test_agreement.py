"""Agreement with a column is what scikit-learn makes of it, and chance is not claimed."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from rung.groups.agreement import adjusted_rand, compare_labels, mutual_information


def test_indices_of_agreement_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 4, 200), rng.integers(0, 3, 200)
    two[:90] = one[:90] % 3
    assert adjusted_rand(one, two) == pytest.approx(adjusted_rand_score(one, two), rel=1e-12)
    assert mutual_information(one, two) == pytest.approx(mutual_info_score(one, two), rel=1e-9)


def test_a_column_that_has_nothing_to_do_with_groups_is_not_claimed():
    rng = np.random.default_rng(1)
    found = compare_labels(rng.integers(0, 3, 300), rng.integers(0, 2, 300))
    assert found.level > 0.05
    assert found.low < 0 < found.high


def test_the_interval_of_mutual_information_holds_the_truth_and_zero_where_there_is_none():
    rng = np.random.default_rng(2)
    none = compare_labels(rng.integers(0, 3, 200), rng.integers(0, 4, 200))
    assert none.information_low == 0.0
    assert none.information_high < 0.03
    one = rng.integers(0, 2, 2000)
    other = np.where(rng.random(2000) < 0.9, one, 1 - one)
    # a channel that is right nine times in ten: log 2 less its entropy
    truth = np.log(2) + 0.9 * np.log(0.9) + 0.1 * np.log(0.1)
    found = compare_labels(one, other)
    assert found.information_low < truth < found.information_high
    assert found.information_high - found.information_low < 0.12
