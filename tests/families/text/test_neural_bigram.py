"""The learned table of the last character."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.families.text import neural_bigram
from tests.families.text.laws import cross_fitted, lines_problem


def test_the_learned_bigram_comes_close_to_counting():
    problem = lines_problem(400)
    counts = np.zeros((9, 9))
    np.add.at(counts, (problem.train.contexts(1)[:, 0], problem.train.tokens), 1)
    shares = (counts + 0.1) / (counts + 0.1).sum(axis=1, keepdims=True)
    verdict = problem.verdict
    counted = -np.log(shares[verdict.contexts(1)[:, 0], verdict.tokens]).mean()
    fitted = cross_fitted(neural_bigram.FAMILY, problem)
    nats, characters = fitted.unit_losses[0].sum(axis=0)
    assert abs(nats / characters - counted) < 0.02
