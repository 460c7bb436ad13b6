import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.states import (
    merge,
    take_array,
    take_choice,
    take_count,
    take_strings,
    take_weights,
)

STATE = State(
    {"n": 3, "link": "softmax", "flag": True, "big": 10**12},
    {
        "a": np.array([1.0, 2.0]),
        "whole": np.array([0, 1]),
        "nan": np.array([np.nan]),
        "text": np.array(["x"]),
        "empty": np.zeros((0, 3)),
    },
    {"names": ("x", "y"), "twice": ("x", "x"), "numbers": (1, 2)},
)


def test_arrays_come_back_as_float64_or_int64():
    assert take_array(STATE, "whole", (2,)).dtype == np.float64
    assert take_array(STATE, "whole", (2,), whole=True).dtype == np.int64
    assert take_array(STATE, "empty", (None, 3)).shape == (0, 3)


@pytest.mark.parametrize(
    ("name", "shape", "limits"),
    [
        ("gone", (2,), {}),
        ("a", (3,), {}),
        ("a", (2, None), {}),
        ("a", (2,), {"high": 1.5}),
        ("a", (2,), {"low": 1.5}),
        ("a", (2,), {"whole": True}),
        ("nan", (1,), {}),
        ("text", (1,), {}),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(name, shape, limits):
    with pytest.raises(BadModelFile, match=name):
        take_array(STATE, name, shape, **limits)


def test_weights_are_float32_and_refused_where_they_do_not_fit():
    state = State({}, {"good": np.array([3e38, -1.0]), "large": np.array([0.0, -1e39])})
    assert take_weights(state, "good", (2,)).dtype == np.float32
    with pytest.raises(BadModelFile, match="large"):
        take_weights(state, "large", (2,))
    with pytest.raises(BadModelFile, match="good"):
        take_weights(state, "good", (2,), low=0.0)


def test_string_tables_that_do_not_fit_are_refused_by_name():
    assert take_strings(STATE, "names", 2) == ("x", "y")
    assert take_strings(STATE, "twice", distinct=False) == ("x", "x")
    for name, count in (("gone", None), ("names", 3), ("twice", None), ("numbers", None)):
        with pytest.raises(BadModelFile, match=name):
            take_strings(STATE, name, count)


def test_entries_out_of_range_are_refused_by_name():
    assert take_count(STATE, "n") == 3
    assert take_choice(STATE, "link", ("identity", "softmax")) == "softmax"
    for name in ("gone", "link", "flag", "big"):
        with pytest.raises(BadModelFile, match=name):
            take_count(STATE, name)
    with pytest.raises(BadModelFile, match="identity"):
        take_choice(STATE, "link", ("identity",))
    with pytest.raises(BadModelFile, match="gone"):
        take_choice(STATE, "gone", ("identity",))


def test_merged_states_hold_both():
    both = merge(State({"a": 1}), STATE)
    assert both.spec["a"] == 1
    assert both.strings is not STATE.strings
    assert set(both.arrays) == set(STATE.arrays)
