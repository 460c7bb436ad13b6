"""Hashes of pieces of text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.mixing import mix
from rung.text.hashing import digests, occurrences, powers, shares
from rung.text.vocabulary import to_code_points

PIECES = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=12)


def digests_of(texts):
    return digests(to_code_points("".join(texts)), np.cumsum([0, *map(len, texts)]))


@given(PIECES)
def test_a_digest_depends_on_the_piece_alone(texts):
    together = digests_of(texts)
    alone = [digests_of([text])[0] for text in texts]
    assert together.tolist() == alone


@given(PIECES)
def test_pieces_share_a_digest_only_where_they_are_equal(texts):
    found = digests_of(texts).tolist()
    assert len(set(found)) == len(set(texts))


def test_a_digest_is_the_polynomial_of_its_characters():
    cps, base = [97, 98, 99], int(powers(2)[1])
    mixed = mix(np.array(cps)).tolist()
    total = sum(m * base**i for i, m in enumerate(mixed)) + len(cps)
    assert digests_of(["abc"])[0] == mix(np.array([total % 2**64], dtype=np.uint64))[0]


def test_shares_are_spread_evenly_and_change_with_seed_and_try():
    keys = mix(np.arange(20_000))
    found = shares(keys, 0)
    counts = np.bincount((found * 10).astype(int), minlength=10)
    assert np.abs(counts - 2000).max() < 5 * np.sqrt(1800)
    assert np.abs(np.corrcoef(found, shares(keys, 1))[0, 1]) < 0.05
    assert np.abs(np.corrcoef(found, shares(keys, 0, 1))[0, 1]) < 0.05


@pytest.mark.parametrize("seed", [-(2**62), -1, 2**62])
def test_every_seed_that_rung_accepts_gives_shares(seed):
    found = shares(mix(np.arange(9)), seed)
    assert np.all((found >= 0) & (found < 1))


def test_occurrences_count_equal_digests_before():
    keys = np.random.default_rng(0).integers(0, 5, size=200)
    expected = [int((keys[:i] == key).sum()) for i, key in enumerate(keys)]
    assert occurrences(keys).tolist() == expected
