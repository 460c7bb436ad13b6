"""Numbers, levels and words stand side by side, and other columns are refused."""

from __future__ import annotations

import numpy as np
import pytest

from rung.errors import DataError
from rung.prep import fit_encoder
from rung.prep.one_hot import fit_one_hot
from rung.prep.texts.encoder import WordEncoder
from rung.testing import example_problem
from rung.testing.problems import with_texts

PROBLEM = with_texts(example_problem("binary"))
TRAIN = np.arange(60)


def encoder() -> WordEncoder:
    found = fit_encoder("words", PROBLEM, TRAIN)
    assert isinstance(found, WordEncoder)
    return found


def test_the_first_columns_are_those_of_the_table_without_text() -> None:
    found, plain = encoder(), fit_one_hot(PROBLEM, TRAIN)
    X = found.matrix(PROBLEM.design).toarray()
    assert np.array_equal(X[:, : plain.width], plain.matrix(PROBLEM.design))
    assert X.shape[1] == plain.width + found.n_terms == found.width
    assert len(found.terms()) == found.n_terms > 100


def test_it_says_how_many_words_it_counts_in_which_column() -> None:
    said = encoder().notes[-1]
    assert said.startswith("counts ")
    assert "words" in said
    assert said.endswith("pieces of 2 to 4 characters in 'note'")


def test_a_table_without_the_text_is_refused_by_name() -> None:
    with pytest.raises(DataError, match="'note'"):
        encoder().matrix(example_problem("binary").design)
