from __future__ import annotations

import numpy as np
import pytest

from rung.testing.laws import canonical, check_outputs, same_bits
from rung.testing.problems import example_problem
from tests.testing.broken import GOOD


def test_bits_differ_where_values_are_equal() -> None:
    assert not same_bits(np.array([0.0]), np.array([-0.0]))
    assert not same_bits(np.array([1.0]), np.array([1.0], dtype=np.float32))
    assert not same_bits(np.array([1.0]), np.array([[1.0]]))
    assert same_bits(np.array([np.nan]), np.array([np.nan]))


def test_settings_are_equal_in_any_order_of_keys() -> None:
    forward, backward = {"a": 1, "b": 0.1}, {"b": np.float64(0.1), "a": np.int64(1)}
    assert canonical(GOOD, forward) == canonical(GOOD, backward)


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_settings_that_json_cannot_hold_are_refused(value: object) -> None:
    with pytest.raises(AssertionError, match="JSON cannot hold"):
        canonical(GOOD, {"a": value})


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        (np.full((2, 3), 0.5), "wanted"),
        (np.full((2, 2), 0.5, dtype=np.float32), "float32"),
        (np.array([[0.5, np.inf], [0.5, 0.5]]), "not finite"),
        (np.array([[1.5, -0.5], [0.5, 0.5]]), "-0.5 to 1.5"),
        (np.array([[0.5, 0.4], [0.5, 0.5]]), "miss 1 by 0.1"),
    ],
)
def test_bad_probabilities_are_named(outputs: np.ndarray, sentence: str) -> None:
    problem = example_problem("binary")
    with pytest.raises(AssertionError, match=sentence):
        check_outputs(GOOD, problem, outputs, n_rows=2, where="here")
