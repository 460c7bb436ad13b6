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
