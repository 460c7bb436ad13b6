"""Terms are counted as a reader would count them, and alike whatever other texts stand beside."""

from __future__ import annotations

import numpy as np
import pytest

from rung.prep.texts.counting import PIECE_LENGTHS, counted, cut_words, piece_keys

TEXTS = ("Win a prize, win!", "", "no  prize\nno win", "Größe 5 µm", "win")


@pytest.mark.parametrize("longest", PIECE_LENGTHS)
def test_pieces_are_the_windows_of_each_text_with_blanks_at_its_ends(longest: int) -> None:
    found = counted(TEXTS)
    names = found.piece_names(np.arange(len(found.pieces(longest).keys)), longest)
    dense = found.pieces(longest).matrix.toarray()
    for row, text in enumerate(TEXTS):
        line = f" {' '.join(text.split())} "
        wanted: dict[str, int] = {}
        for length in range(2, longest + 1):
            for start in range(len(line) - length + 1):
                piece = line[start : start + length]
                wanted[piece] = wanted.get(piece, 0) + 1
        assert {n: c for n, c in zip(names, dense[row], strict=True) if c} == wanted


def test_words_and_pairs_are_counted_as_by_hand() -> None:
    found = counted(TEXTS)
    words = {
        n: int(c) for n, c in zip(found.word_names, found.words.matrix.sum(axis=0).A1, strict=True)
    }
    assert (words["win"], words["prize"], words["no"], words["!"]) == (4, 2, 2, 1)
    pairs = found.pair_names(np.arange(len(found.pairs.keys)))
    assert sorted(pairs[i] for i in found.pairs.matrix[2].indices) == [
        "no prize",
        "no win",
        "prize no",
    ]


def test_other_texts_leave_keys_and_the_order_of_terms_as_they_are() -> None:
    few, many = counted(TEXTS), counted((*TEXTS, "an avid winner", "zero"))
    shared = np.isin(many.pieces(4).keys, few.pieces(4).keys)
    assert np.array_equal(many.pieces(4).keys[shared], few.pieces(4).keys)
    assert [w for w in many.word_names if w in few.word_names] == list(few.word_names)


def test_no_two_pieces_of_many_share_a_key() -> None:
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz ÄÖÜäöüß0123456789.,;:!?€£"))
    pieces = sorted({"".join(rng.choice(letters, n)) for n in PIECE_LENGTHS for _ in range(20_000)})
    assert len(np.unique(piece_keys(pieces))) == len(pieces)


def test_no_text_at_all_has_no_terms() -> None:
    for texts in ((), ("",), ("   ",)):
        found = counted(texts)
        assert found.words.matrix.shape == found.pairs.matrix.shape == (len(texts) + 1, 0)
    assert cut_words("\n \t") == []
