"""Rows of text for training and reading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.nets.characters.batches import UNSCORED, pack, read_before, stretches, windows
from tests.families.text.laws import random_lines, random_stream


@given(st.integers(1, 40), st.integers(2, 20), st.integers(0, 100))
def test_packed_rows_learn_every_token_at_most_once_and_in_its_own_line(n_lines, places, seed):
    text = random_lines(n_lines, seed)
    rows = pack(text, np.random.default_rng(seed).permutation(n_lines), places)
    learned = rows.targets[rows.targets != UNSCORED]
    assert len(learned) <= text.n_tokens
    # A place after the first of its document has read the target before it.
    inside = (rows.documents[:, 1:] == rows.documents[:, :-1]) & (rows.targets[:, :-1] >= 0)
    assert (rows.tokens[:, 1:][inside] == rows.targets[:, :-1][inside]).all()


def test_packing_loses_only_what_a_cut_parts_from_its_beginning():
    text = random_lines(500, seed=1)
    rows = pack(text, np.arange(500), 64)
    lost = text.n_tokens - (rows.targets != UNSCORED).sum()
    assert 0 < lost <= len(rows) * text.lengths.max()
    assert (rows.targets[0] == text.tokens[:64]).all()


@given(st.integers(2, 12), st.integers(0, 50))
def test_stretches_cover_every_token_once_with_half_a_context_before_it(context, seed):
    text = random_stream(4, seed, length=31)
    seen = np.zeros(text.n_tokens, dtype=int)
    offsets = text.offsets()
    for stretch in stretches(text, context):
        scored = stretch.places >= 0
        np.add.at(seen, stretch.places[scored], 1)
        assert (text.tokens[stretch.places[scored]] == stretch.targets[scored]).all()
        first = scored.argmax(axis=1)
        begins = offsets[stretch.places[np.arange(len(first)), first]] == 0
        assert (begins | (first >= context - max(1, context // 2))).all()
    assert (seen == 1).all()


def test_windows_stay_inside_one_passage_and_do_not_overlap():
    text = random_stream(5, seed=2, length=50)
    numbered = type(text)(np.arange(250, dtype=np.uint8), text.starts, text.starts, text.unit)
    found = windows(numbered, 16, np.random.default_rng(0)).targets
    assert (np.diff(found, axis=1) == 1).all()
    assert len(np.unique(found)) == found.size
    assert (found[:, 0] // 50 == found[:, -1] // 50).all()


def test_a_passage_is_read_from_the_boundary_on():
    text = random_lines(3, seed=0)
    read = read_before(text)
    assert (read[text.starts[:-1]] == 0).all()
    assert read[1] == pytest.approx(text.tokens[0])
