"""What was copied from the training text."""

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.text import membership
from rung.text.membership import RUN, WINDOW, Membership, lowest_places, read_membership, remember
from rung.text.passages import lines
from rung.text.vocabulary import Vocabulary, to_code_points
from tests.families.text.laws import LETTERS, random_lines

ALPHABET = Vocabulary(tuple("abcdefghijklmnopqrstuvwxyz"), ends=False)


def stream(n, seed):
    tokens = np.random.default_rng(seed).integers(1, 27, size=n).astype(np.uint8)
    return lines(tokens, np.array([0, n // 2, n]))


def test_lines_are_known_again_and_others_are_not():
    passages, vocabulary = random_lines(200, 1), Vocabulary(LETTERS, ends=True)
    record = remember(passages, vocabulary, "lines")
    known = {
        vocabulary.decode(passages.tokens[a:b])
        for a, b in zip(passages.starts[:-1], passages.starts[1:], strict=True)
    }
    for text in (*known, "zzz", "hgfedcbahg", ""):
        assert record.copied(to_code_points(text)) == (text in known)


def test_every_shared_stretch_of_forty_characters_is_noticed():
    text, rng = stream(3000, 1), np.random.default_rng(2)
    record = remember(text, ALPHABET, "stream")
    for _ in range(50):
        place = rng.integers(0, 1500 - 40)
        own = rng.integers(97, 123, size=60)
        own[10:50] = ALPHABET.code_points[text.tokens[place : place + 40].astype(int) - 1]
        assert record.copied(own) >= RUN / 60
    assert record.copied(rng.integers(97, 123, size=500)) == 0.0


def test_one_run_in_nine_is_kept():
    record = remember(stream(50_000, 3), ALPHABET, "stream")
    assert len(record.hashes) / 50_000 == pytest.approx(2 / (WINDOW + 1), rel=0.05)


def test_a_long_text_is_remembered_with_wider_windows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(membership, "MOST_HASHES", 1000)
    record = remember(stream(50_000, 3), ALPHABET, "stream")
    assert record.window == 100
    assert len(record.hashes) <= 1050


def test_too_many_lines_are_not_remembered_and_that_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(membership, "MOST_HASHES", 10)
    record = remember(random_lines(50, 1), Vocabulary(LETTERS, ends=True), "lines")
    assert record.copied(to_code_points("a")) is None


def test_texts_shorter_than_a_run_are_never_copied():
    assert remember(stream(500, 1), ALPHABET, "stream").copied(to_code_points("abc")) == 0.0


def test_a_record_comes_back_from_its_state():
    record = remember(stream(500, 1), ALPHABET, "stream")
    state = record.to_state()
    again = read_membership(state.spec, state.arrays)
    assert again.hashes.tobytes() == record.hashes.tobytes()
    assert (again.kind, again.window) == (record.kind, record.window)


@pytest.mark.parametrize(
    ("spec", "arrays"),
    [
        ({"kind": "other"}, {}),
        ({"window": 0}, {}),
        ({"window": "1"}, {}),
        ({}, {"hashes": np.zeros(2, dtype=np.uint32)}),
        ({}, {"hashes": np.zeros(2)}),
        ({}, {"hashes": None}),
    ],
)
def test_a_forged_record_is_refused(spec, arrays):
    state = Membership("stream", np.array([1, 5], dtype=np.uint32), 17).to_state()
    forged = State({**state.spec, **spec}, {**state.arrays, **arrays})
    with pytest.raises(BadModelFile, match="training text"):
        read_membership(forged.spec, forged.arrays)


@pytest.mark.parametrize("width", [1, 17, 35, 64, 100, 399, 400])
@pytest.mark.parametrize("n_values", [3, 50, 10_000])
def test_the_lowest_of_wide_windows_are_those_found_by_looking_at_each(width, n_values):
    values = np.random.default_rng([width, n_values]).integers(n_values, size=400)
    values[100:180] = n_values
    looked = np.lib.stride_tricks.sliding_window_view(values, width).argmin(axis=1)
    wanted = np.unique(looked + np.arange(len(looked)))
    assert lowest_places(values, width).tolist() == wanted.tolist()
