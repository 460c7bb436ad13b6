"""A sum of words predicts what its parts say, and a forged one is refused."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families import find
from rung.families.texts import on_texts
from rung.families.word_sums import WordSumModel, is_of_words, load_word_sums
from rung.testing.laws import run
from rung.testing.problems import example_folds, example_problem, with_texts

PROBLEM = with_texts(example_problem("binary", n_rows=60))
FOLDS = example_folds(60, n_folds=3)


def model(name: str) -> WordSumModel:
    found = run(on_texts(find(name)), PROBLEM, FOLDS).model
    assert isinstance(found, WordSumModel)
    return found


def test_log_odds_are_the_sum_of_weights_times_columns() -> None:
    own = model("linear")
    X = own.encoder.matrix(PROBLEM.design).toarray()
    odds = X @ own.coefficients[:, 0] + own.intercept[0]
    shares = own.predict(PROBLEM.design)
    assert np.allclose(np.log(shares[:, 1] / shares[:, 0]), odds, atol=1e-9)


def test_margins_become_probabilities_by_the_sigmoid_of_the_file() -> None:
    own = model("svm")
    margin = own.encoder.matrix(PROBLEM.design) @ own.coefficients + own.intercept
    wanted = 1.0 / (1.0 + np.exp(-(own.line[0] * margin + own.line[1])))
    assert np.allclose(own.predict(PROBLEM.design)[:, 1:], wanted, atol=1e-12)
    assert own.line[0, 0] > 0


FORGED = {
    "link": ({"link": "tanh"}, {}),
    "scores": ({}, {"words.intercept": np.zeros(2)}),
    "class": ({}, {"words.present": np.array([1, 0])}),
    "values": ({"link": "identity"}, {}),
    "rarity": ({}, {"encoder.texts.0.words_rarity": np.zeros(3)}),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_state_is_refused(name: str) -> None:
    spec, arrays = FORGED[name]
    state = model("linear").to_state()
    assert is_of_words(state)
    own = {**state.spec, "words": {**state.spec["words"], **spec}}
    with pytest.raises(BadModelFile):
        load_word_sums(State(own, {**state.arrays, **arrays}, state.strings))
