"""The law of units sees what knows a unit, and passes what does not."""

from dataclasses import replace

import numpy as np
import pytest

from rung.testing.problems import example_problem
from rung.testing.units import FAR, _and_back, _away, _each_number, check_units
from tests.testing.broken import BROKEN, GOOD

SENTENCES = [sentence for sentence in BROKEN if "unit of" in sentence or "origin" in sentence]


def test_a_mean_knows_no_unit():
    check_units(GOOD, "regression")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_knows_a_unit_is_named(sentence):
    assert len(SENTENCES) == 3
    with pytest.raises(AssertionError, match=sentence):
        check_units(BROKEN[sentence], "regression")


def test_rounding_is_forgiven_unless_a_family_only_compares():
    (family,) = (family for family in BROKEN.values() if family.name == "rounds")
    check_units(replace(family, order_only=False), "regression")
    with pytest.raises(AssertionError, match="compares numbers and nothing else"):
        check_units(family, "regression")


def test_what_is_left_of_a_shifted_column_is_what_the_shifted_one_holds():
    values = np.array([0.1, np.nan, 0.7, 0.2])
    away = _away(values)
    assert away[2] - away[0] == pytest.approx(0.6, rel=1e-6)
    assert away[0] == pytest.approx(0.6 * FAR)
    left = np.delete(_and_back(values), 1)
    assert np.array_equal(left, np.delete(away, 1) - 0.6 * FAR)
    assert _away(np.full(3, np.nan)).tolist() == pytest.approx([np.nan] * 3, nan_ok=True)


def test_each_number_is_changed_and_nothing_else():
    problem = example_problem("regression", n_rows=20)
    changed = _each_number(problem, lambda values, place: values + 10.0**place)
    for name, values in problem.design.values.items():
        numbers = ("signal", "gaps", "constant", "empty")
        added = 10.0 ** numbers.index(name) if name in numbers else 0.0
        np.testing.assert_array_equal(changed.design.values[name], values + added)
    assert changed.y is problem.y
