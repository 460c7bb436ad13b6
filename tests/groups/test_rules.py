"""A rule names the column that makes a group."""

import numpy as np
import pytest

from rung.groups.rules import find_rules


def test_a_rule_names_the_column_that_makes_a_group_with_its_held_out_accuracy():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(300, 2))
    labels = (X[:, 1] > 0.5).astype(int)
    first, second = find_rules(X, ["a", "b"], labels)
    assert second.text.startswith("b > 0.")
    assert second.accuracy > 0.97
    assert second.base == pytest.approx(max(labels.mean(), 1 - labels.mean()))
    assert first.depth == 1
