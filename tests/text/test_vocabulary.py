"""Characters and their numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rung.text.vocabulary import Vocabulary, find_vocabulary, from_code_points, to_code_points


@given(st.text(min_size=1), st.booleans())
def test_every_text_is_its_tokens_again(text, ends):
    vocabulary = find_vocabulary(to_code_points(text), ends=ends)
    tokens = vocabulary.encode(text)
    assert tokens.min() >= 1
    assert vocabulary.decode(tokens) == text
    assert vocabulary.n_predicted == len(set(text)) + ends
    assert np.iinfo(vocabulary.dtype).max >= vocabulary.n_tokens - 1


@given(st.text(), st.text())
def test_what_is_not_in_the_vocabulary_is_unknown(text, other):
    vocabulary = find_vocabulary(to_code_points(text), ends=True)
    expected = [character not in set(text) for character in other]
    assert (vocabulary.encode(other) < 0).tolist() == expected


def test_an_emoji_of_several_code_points_is_several_characters():
    assert len(to_code_points("👩‍🔬")) == 3
    assert from_code_points(to_code_points("👩‍🔬")) == "👩‍🔬"


def test_boundaries_leave_no_trace_in_the_text():
    assert Vocabulary(("a",), ends=True).decode(np.array([0, 1, 0, 1, 0])) == "aa"
