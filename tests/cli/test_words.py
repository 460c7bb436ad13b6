from __future__ import annotations

import pytest

from rung.cli.words import named_numbers
from rung.errors import UsageError


def test_numbers_come_by_their_names():
    assert named_numbers(["a=3", " b = -1e-2"]) == {"a": 3.0, "b": -0.01}
    assert named_numbers(None) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a"], "'a' is no value for a name"),
        (["1=2"], "'1=2' is no value for a name"),
        (["a=1", "a=2"], "'a' is given twice"),
        (["a=x"], "'x' in 'a=x' is no number"),
    ],
)
def test_what_is_no_number_with_a_name_is_refused(words, said):
    with pytest.raises(UsageError, match=said):
        named_numbers(words)
