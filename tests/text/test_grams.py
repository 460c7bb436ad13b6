"""Counts of runs."""

from collections import Counter

import numpy as np
import pytest

from rung.text.grams import add_counts, count_grams, gram_keys, longest_order
from rung.text.passages import Passages
from tests.families.text.laws import random_lines, random_stream


def slow_counts(passages, order, bits):
    found = Counter()
    for a, b in zip(passages.starts[:-1], passages.starts[1:], strict=True):
        text = [0, *passages.tokens[a:b].tolist()]
        for end in range(1, len(text)):
            if end - order + 1 >= 0:
                run = text[end - order + 1 : end + 1]
                found[sum(t << bits * i for i, t in enumerate(reversed(run)))] += 1
    return found


@pytest.mark.parametrize("order", [1, 2, 4, 7])
@pytest.mark.parametrize("passages", [random_lines(60, 1), random_stream(4, 1)])
def test_runs_are_counted_as_in_a_loop(passages, order):
    grams = count_grams(passages, order, 9)[order - 1]
    expected = slow_counts(passages, order, 4)
    assert dict(zip(grams.keys.tolist(), grams.counts.tolist(), strict=True)) == expected
    assert np.all(grams.keys[1:] > grams.keys[:-1])


def test_small_chunks_change_no_count(monkeypatch):
    passages = random_lines(200, 2)
    whole = count_grams(passages, 5, 9)
    plain = Passages.chunks
    monkeypatch.setattr(Passages, "chunks", lambda self, size=0: plain(self, 37))
    monkeypatch.setattr("rung.text.grams.MOST_GRAMS", 64)
    for one, other in zip(whole, count_grams(passages, 5, 9, most=10_000), strict=True):
        assert one.keys.tobytes() == other.keys.tobytes()
        assert one.counts.tolist() == other.counts.tolist()


def test_lengths_with_too_many_runs_are_left_out():
    passages = random_lines(300, 3)
    sizes = [len(grams.keys) for grams in count_grams(passages, 6, 9)]
    limit = sizes[2]
    assert len(count_grams(passages, 6, 9, most=limit)) == 3


def test_no_more_orders_are_counted_than_fit_a_key():
    passages = random_stream(2, 1)
    assert len(count_grams(passages, 99, 9)) == longest_order(9)


def test_counts_of_nothing_are_nothing():
    keys, counts = add_counts([], [])
    assert len(keys) == len(counts) == 0


def test_a_text_shorter_than_the_run_has_keys_all_the_same():
    short = random_stream(1, 1, length=3)
    keys = [keys.tolist() for keys, _ in gram_keys(short, 6, 4)]
    assert len(keys) == 6
    assert keys[-1] == keys[3]
