"""From blocks of characters to tokens."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.text import corpus
from rung.text.corpus import encode_lines, encode_stream, new_array, survey
from rung.text.vocabulary import to_code_points

TEXTS = st.text(alphabet="ab é\n👍", min_size=1, max_size=40)


def blocks_of(text, size):
    cps = to_code_points(text)
    return lambda: [cps[i : i + size] for i in range(0, len(cps), size)]


@given(TEXTS, st.integers(1, 50))
def test_a_survey_counts_as_split_does(text, size):
    found = survey(blocks_of(text, size))
    lines = text.split("\n")
    ended = lines[:-1] if not lines[-1] else lines
    assert found.n_lines == sum(bool(line) for line in lines)
    assert found.n_blank == sum(not line for line in ended)
    assert found.longest == max(map(len, lines))
    assert found.n_characters == len(text)
    assert found.n_ends == text.count("\n")
    assert found.n_spaces == text.count(" ")
    assert found.code_points.tolist() == sorted({ord(c) for c in text})


@given(TEXTS, st.integers(1, 50))
def test_lines_come_back_from_their_tokens(text, size):
    blocks = blocks_of(text, size)
    found = survey(blocks)
    vocabulary = found.vocabulary("lines")
    tokens, starts = encode_lines(blocks, found, vocabulary)
    read = [vocabulary.decode(tokens[a:b]) for a, b in itertools.pairwise(starts)]
    assert read == [line for line in text.split("\n") if line]
    assert np.all(tokens[starts[1:] - 1] == 0)


@given(TEXTS, st.integers(1, 50))
def test_a_stream_comes_back_from_its_tokens(text, size):
    blocks = blocks_of(text, size)
    found = survey(blocks)
    vocabulary = found.vocabulary("stream")
    assert vocabulary.decode(encode_stream(blocks, found, vocabulary)) == text


def test_a_large_array_lies_in_a_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(corpus, "LARGE_BYTES", 100)
    found = new_array(200, np.dtype(np.uint8))
    found[:] = 7
    assert isinstance(found, np.memmap)
    assert found.sum() == 1400
    assert not isinstance(new_array(99, np.dtype(np.uint8)), np.memmap)
