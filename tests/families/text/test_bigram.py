"""Counts of pairs."""

import pytest

from rung.families.text import unigram
from rung.families.text.bigram import FAMILY
from tests.families.text.laws import PROBLEMS, cross_fitted


@pytest.mark.parametrize("kind", PROBLEMS)
def test_pairs_tell_more_than_characters_where_neighbours_are_alike(kind):
    problem = PROBLEMS[kind]()
    pairs, alone = (
        cross_fitted(one, problem).unit_losses[0][:, 0].sum() for one in (FAMILY, unigram.FAMILY)
    )
    assert pairs < 0.8 * alone
