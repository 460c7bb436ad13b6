"""Four parts of a text that share nothing."""

import itertools

import numpy as np
import pytest

from rung.text.corpus import encode_lines, survey
from rung.text.divide import (
    CONTEXTS_A_SEGMENT,
    PARTS,
    divide_lines,
    divide_stream,
    find_context,
    part_shares,
)
from rung.text.vocabulary import find_vocabulary, to_code_points


def divided_lines(lines, *, sealed=0.1, seed=0):
    cps = to_code_points("".join(f"{line}\n" for line in lines))
    found = survey(lambda: [cps])
    vocabulary = found.vocabulary("lines")
    return vocabulary, divide_lines(
        *encode_lines(lambda: [cps], found, vocabulary), vocabulary, sealed=sealed, seed=seed
    )


def texts_of(vocabulary, passages):
    pairs = itertools.pairwise(passages.starts.tolist())
    return [vocabulary.decode(passages.tokens[a:b]) for a, b in pairs]


def words(n, seed=0):
    rng = np.random.default_rng(seed)
    letters = np.array(list("abcdefghij"))
    return ["".join(rng.choice(letters, size=rng.integers(1, 6))) for _ in range(n)]


def test_every_line_stands_in_one_part_with_all_its_copies():
    lines = words(3000)
    vocabulary, found = divided_lines(lines)
    parts = {name: texts_of(vocabulary, found.parts[name]) for name in PARTS}
    assert sorted(itertools.chain(*parts.values())) == sorted(lines)
    for one, other in itertools.combinations(PARTS, 2):
        assert not set(parts[one]) & set(parts[other])


def test_equal_lines_are_one_unit():
    vocabulary, found = divided_lines(words(2000))
    for part in found.parts.values():
        texts = np.array(texts_of(vocabulary, part))
        for unit in range(part.n_units):
            assert len(set(texts[part.unit == unit])) == 1
        assert part.n_units == len(set(texts.tolist()))


def test_shuffled_lines_give_the_same_parts_to_the_byte():
    lines = words(1000)
    _, found = divided_lines(lines)
    np.random.default_rng(1).shuffle(lines)
    _, again = divided_lines(lines)
    for name in PARTS:
        assert found.parts[name].tokens.tobytes() == again.parts[name].tokens.tobytes()
        assert found.parts[name].unit.tobytes() == again.parts[name].unit.tobytes()


def test_parts_have_about_their_shares():
    _, found = divided_lines(sorted(set(words(5000))))
    total = sum(part.n_tokens for part in found.parts.values())
    for name, share in part_shares(0.1, total).items():
        assert found.parts[name].n_tokens / total == pytest.approx(share, rel=0.21)


def test_nothing_is_sealed_where_too_little_would_be():
    _, found = divided_lines(sorted(set(words(150))))
    assert found.parts["sealed"].n_tokens == 0


def test_lines_that_make_up_much_of_the_text_are_dealt_one_by_one():
    vocabulary, found = divided_lines(["yes", "no"] * 300)
    assert found.n_spread == 2
    assert set(texts_of(vocabulary, found.parts["train"])) == {"yes", "no"}
    assert set(texts_of(vocabulary, found.parts["verdict"])) == {"yes", "no"}


def stream(n, seed=0):
    letters = np.random.default_rng(seed).integers(97, 107, size=n)
    vocabulary = find_vocabulary(letters, ends=False)
    return vocabulary, vocabulary.tokens_of(letters).astype(np.uint8)


def places_of(tokens, part):
    """Find where each passage stands in the whole text."""
    whole = tokens.tobytes()
    pairs = itertools.pairwise(part.starts.tolist())
    return [(whole.index(part.tokens[a:b].tobytes()), a, b) for a, b in pairs]


def test_a_context_is_dropped_after_every_border_between_parts():
    vocabulary, tokens = stream(40_000)
    found = divide_stream(tokens, vocabulary, sealed=0.1, seed=0)
    owner = np.full(len(tokens), -1)
    for number, name in enumerate(PARTS):
        part = found.parts[name]
        scored = part.is_scored()
        for place, a, b in places_of(tokens, part):
            assert np.all(owner[place : place + b - a][scored[a:b]] == -1)
            owner[place : place + b - a][scored[a:b]] = number
    size = CONTEXTS_A_SEGMENT * found.context
    for border in range(size, len(tokens) - size, size):
        before, after = owner[border - 1], owner[border + size - 1]
        gap = owner[border : border + found.context]
        assert np.all(gap == (before if before == after else -1))
        assert np.all(owner[border + found.context : border + size] == after)


def test_what_is_read_and_not_scored_is_what_stands_before():
    vocabulary, tokens = stream(40_000)
    part = divide_stream(tokens, vocabulary, sealed=0.1, seed=0).parts["verdict"]
    scored = part.is_scored()
    for place, a, b in places_of(tokens, part):
        lead = int(np.argmax(scored[a:b]))
        assert lead == (find_context(len(tokens)) if place else 0)


def test_segments_are_enough_for_an_interval_from_17600_characters_on():
    for n, expected in ((17_600, True), (17_500, False)):
        vocabulary, tokens = stream(n)
        assert divide_stream(tokens, vocabulary, sealed=0.1, seed=0).is_bounded is expected


def test_a_seed_deals_anew():
    lines = words(1000)
    first, second = (divided_lines(lines, seed=seed)[1].parts["verdict"] for seed in (0, 1))
    assert first.tokens.tobytes() != second.tokens.tobytes()
