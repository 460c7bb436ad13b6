"""The perceptron over the last characters."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.families.text import char_mlp
from tests.families.text.laws import cross_fitted, lines_problem


def test_it_expects_text_better_than_single_characters_do():
    problem = lines_problem(200)
    fitted = cross_fitted(char_mlp.FAMILY, problem)
    nats, characters = fitted.unit_losses[0].sum(axis=0)
    shares = np.bincount(problem.train.tokens) / problem.train.n_tokens
    assert nats / characters < -(shares * np.log(shares)).sum() - 0.3
    (training,) = fitted.training
    assert min(training["inner_held_loss"]) < training["inner_held_loss"][0] + 1e-9
