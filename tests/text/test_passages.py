"""Passages: the form in which families see a text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rung.text.passages import Passages, lines

LENGTHS = st.lists(st.integers(1, 7), min_size=1, max_size=12)


def passages_of(lengths):
    starts = np.cumsum([0, *lengths])
    return lines(np.arange(1, starts[-1] + 1), starts, np.arange(len(lengths)) // 2)


@given(LENGTHS, st.integers(1, 5))
def test_a_context_holds_what_stands_before_and_nothing_of_another_passage(lengths, look_back):
    found = passages_of(lengths)
    contexts = found.contexts(look_back)
    for begin, end in zip(found.starts[:-1], found.starts[1:], strict=True):
        for place in range(begin, end):
            before = found.tokens[max(begin, place - look_back) : place]
            expected = [0] * (look_back - len(before)) + before.tolist()
            assert contexts[place].tolist() == expected


@given(LENGTHS, st.integers(1, 10))
def test_chunks_are_whole_passages_and_together_everything(lengths, size):
    whole = passages_of(lengths)
    parts = list(whole.chunks(size))
    assert np.concatenate([part.tokens for part in parts]).tolist() == whole.tokens.tolist()
    assert np.concatenate([part.lengths for part in parts]).tolist() == lengths
    assert np.concatenate([part.unit for part in parts]).tolist() == whole.unit.tolist()
    assert all(part.n_tokens <= max(size, *lengths) for part in parts)


@given(LENGTHS)
def test_sums_by_unit_are_those_of_a_loop(lengths):
    found = passages_of(lengths)
    losses = np.random.default_rng(0).random(found.n_tokens)
    expected = np.zeros((found.n_units, 2))
    for i, unit in enumerate(found.unit):
        expected[unit] += losses[found.starts[i] : found.starts[i + 1]].sum(), lengths[i]
    np.testing.assert_allclose(found.sum_by_unit(losses), expected)


def test_characters_without_a_unit_are_read_and_not_counted():
    tokens, unit = np.arange(1, 6), np.array([-1, 0])
    found = Passages(tokens, np.array([0, 5]), np.array([0, 2, 5]), unit)
    assert found.n_scored == 3
    assert found.is_scored().tolist() == [False, False, True, True, True]
    assert found.sum_by_unit(np.ones(5)).tolist() == [[3.0, 3.0]]


def test_offsets_begin_anew_in_every_passage():
    assert passages_of([3, 1, 2]).offsets().tolist() == [0, 1, 2, 0, 0, 1]
