"""Counts of characters."""

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.families.text import bigram
from rung.families.text.unigram import FAMILY
from tests.families.text.laws import cross_fitted, lines_problem


def test_the_loss_is_the_cross_entropy_of_the_shares():
    problem = lines_problem()
    fitted = cross_fitted(FAMILY, problem)
    added = fitted.settings[0]["added"]
    counts = np.bincount(problem.train.tokens, minlength=9) + added
    held = np.bincount(problem.verdict.tokens, minlength=9)
    expected = -(held * np.log(counts / counts.sum())).sum()
    assert fitted.unit_losses[0][:, 0].sum() == pytest.approx(expected)


def test_the_counts_of_pairs_are_not_taken_for_those_of_characters():
    fitted = cross_fitted(bigram.FAMILY, lines_problem())
    with pytest.raises(BadModelFile, match="runs of 1 tokens is missing"):
        FAMILY.load(fitted.model.to_state())
