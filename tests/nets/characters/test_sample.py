"""The sample of training text on which networks are looked into."""

import numpy as np
import pytest

from rung.nets.characters.sample import CHARACTERS_READ, sample_places, sample_stretches
from rung.text.passages import Passages
from tests.families.text.laws import random_lines, random_stream


def test_a_short_text_is_read_whole_and_of_a_long_one_a_part_in_order():
    short, long = random_lines(30, 0), random_stream(200, 0)
    assert sample_places(short).tolist() == list(range(short.n_tokens))
    found = sample_places(long)
    assert len(np.unique(found)) == len(found) == CHARACTERS_READ
    assert (np.diff(found) > 0).all()
    assert found.max() < long.n_tokens


@pytest.mark.parametrize("text", [random_lines(30, 0), random_stream(3, 1, length=50)])
def test_stretches_of_a_short_text_hold_every_character_once(text):
    found = np.concatenate([follows.ravel() for _, follows in sample_stretches(text, 16)])
    counts = np.bincount(text.tokens)
    assert np.bincount(found).tolist() == counts.tolist()


def test_what_is_read_stands_before_what_follows_and_the_boundary_begins_a_passage():
    text = random_lines(40, 3)
    pairs = set()
    for first, last in zip(text.starts[:-1], text.starts[1:], strict=True):
        line = text.tokens[first:last].tolist()
        pairs.add(((0, *line[:-1]), tuple(line)))
    for read, follows in sample_stretches(text, 16):
        for one, other in zip(read.tolist(), follows.tolist(), strict=True):
            assert (tuple(one), tuple(other)) in pairs


def test_stretches_are_no_longer_than_a_context_and_few_of_a_long_text():
    pieces = sample_stretches(random_stream(200, 2), 7)
    assert max(read.shape[1] for read, _ in pieces) == 7
    assert CHARACTERS_READ <= sum(read.size for read, _ in pieces) < CHARACTERS_READ + 7


def test_a_passage_that_begins_inside_the_text_begins_with_the_boundary():
    starts = np.array([0, 2, 4])
    text = Passages(np.array([3, 4, 5, 6], dtype=np.uint8), starts, starts, np.arange(2))
    ((read, follows),) = sample_stretches(text, 4)
    assert read.tolist() == [[0, 3], [0, 5]]
    assert follows.tolist() == [[3, 4], [5, 6]]
