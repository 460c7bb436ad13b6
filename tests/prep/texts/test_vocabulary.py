"""Terms are weighed as scikit-learn weighs them, from training texts alone."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.texts import vocabulary
from rung.prep.texts.vocabulary import PARTS, TextTerms, learn_vocabulary

RNG = np.random.default_rng(3)
WORDS = ("red", "blue", "near", "far", "and", "bright", "faint", "5", "!")
TEXTS = tuple(sorted({" ".join(RNG.choice(WORDS, 7)) for _ in range(60)}))
CODES = np.arange(len(TEXTS))


@pytest.mark.parametrize(("part", "width"), [("words", 1), ("pairs", 2)])
def test_weights_are_those_of_a_tfidf_vectorizer(part: str, width: int) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    train = CODES[:40]
    own = learn_vocabulary(TEXTS, train, 1_000, parts=[part])
    other = TfidfVectorizer(
        token_pattern=r"\w+|[^\w\s]", ngram_range=(width, width), sublinear_tf=True, min_df=2
    ).fit([TEXTS[i] for i in train])
    assert own.terms[part] == tuple(other.get_feature_names_out())
    wanted = other.transform(TEXTS).toarray()
    assert np.allclose(own.matrix(TEXTS, CODES).toarray(), wanted, rtol=1e-12)


def test_a_row_without_text_and_one_of_unknown_words_are_empty() -> None:
    own = learn_vocabulary(TEXTS, CODES, 1_000, parts=["words", "pairs"])
    rows = own.matrix(("red and blue", "zebra"), np.array([-1, 1, -2, 0]))
    assert np.diff(rows.indptr).astype(bool).tolist() == [False, False, False, True]


def test_texts_outside_training_leave_no_trace() -> None:
    train = CODES[:30]
    before = learn_vocabulary(TEXTS, train, 50)
    others = tuple(sorted({*(TEXTS[i] for i in train), "quite other words", "other words, too"}))
    codes = np.array([others.index(TEXTS[i]) for i in train])
    after = learn_vocabulary(others, codes, 50)
    assert before.terms == after.terms
    assert all(np.array_equal(before.rarity[part], after.rarity[part]) for part in PARTS)


def test_the_most_frequent_terms_are_kept_and_no_more_than_asked_for() -> None:
    own = learn_vocabulary(TEXTS, CODES, 3)
    assert {len(own.terms[part]) for part in PARTS} == {3}
    held = [sum(word in text.split() for text in TEXTS) for word in WORDS]
    wanted = {WORDS[i] for i in np.argsort(held)[-3:]}
    assert min(held[WORDS.index(w)] for w in own.terms["words"]) == min(
        held[WORDS.index(w)] for w in wanted
    )


def test_long_texts_have_no_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_CHARACTERS", sum(map(len, TEXTS)) - 1)
    assert learn_vocabulary(TEXTS, CODES, 50).terms["pieces"] == ()
    assert learn_vocabulary(TEXTS, CODES[:-1], 50).terms["pieces"] != ()


@pytest.mark.parametrize(
    ("part", "forged"),
    [
        ("words", "two words"),
        ("words", "Red"),
        ("pairs", "one"),
        ("pieces", "a"),
        ("pieces", "abcde"),
    ],
)
def test_terms_that_no_text_can_hold_are_refused(part: str, forged: str) -> None:
    state = learn_vocabulary(TEXTS, CODES, 50).to_state()
    strings = {**state.strings, part: (forged, *state.strings[part][1:])}
    with pytest.raises(BadModelFile, match="no words, pairs or pieces"):
        TextTerms.from_state(State({}, state.arrays, strings))


def test_pieces_of_short_strings_are_longer_than_those_of_sentences() -> None:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    short = tuple(sorted({"".join(RNG.choice(letters[:9], 9)) for _ in range(90)}))
    long = tuple(" ".join("".join(RNG.choice(letters, 9)) for _ in range(6)) for _ in range(90))
    lengths = [
        set(map(len, learn_vocabulary(texts, np.arange(90), 500).terms["pieces"]))
        for texts in (short, tuple(sorted(long)))
    ]
    assert lengths == [{2, 3, 4}, {2}]


def test_a_vocabulary_with_longer_pieces_weighs_as_before_it_was_saved() -> None:
    names = tuple(sorted({text.replace(" ", "")[:12] for text in TEXTS}))
    own = learn_vocabulary(names, np.arange(len(names)), 500)
    again = TextTerms.from_state(own.to_state())
    assert (own.matrix(TEXTS, CODES) != again.matrix(TEXTS, CODES)).nnz == 0
    assert own.matrix(TEXTS, CODES).nnz > 0
