"""Shares of words are those of scikit-learn's multinomial model of words that are there."""

from __future__ import annotations

import numpy as np

from rung.prep.texts.shares import count_words
from rung.testing import example_problem
from rung.testing.problems import with_texts


def test_shares_are_those_of_a_multinomial_model() -> None:
    from sklearn.naive_bayes import MultinomialNB

    problem = with_texts(example_problem("binary"))
    rows, weight = np.arange(70), np.linspace(0.5, 2.0, 70)
    y = problem.y[rows]
    found = count_words(problem, rows, y=y, n_present=2, weight=weight)
    (column,), (terms,) = problem.design.text_columns, found.vocabularies
    X = terms.presence(column.levels, problem.design.text_codes(rows)[:, 0])
    assert set(X.data) == {1.0}
    other = MultinomialNB(alpha=1.0).fit(X, y, sample_weight=weight)
    assert np.allclose(found.log_shares[0], other.feature_log_prob_.T, rtol=1e-12)
    assert np.allclose(found.scores(problem.design, rows), X @ other.feature_log_prob_.T)
