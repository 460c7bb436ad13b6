"""Losses of units."""

import numpy as np
import pytest

from rung.text.problem import nats_per_character, unit_losses
from tests.families.text.laws import random_lines, random_stream


class Letters:
    """Lose as many nats as the number of the letter."""

    def predict(self, design, rows=None):
        return -design.tokens.astype(float)


@pytest.mark.parametrize("passages", [random_lines(50, 1), random_stream(9, 1, lead=7)])
def test_unit_losses_are_sums_over_scored_characters(passages):
    found = unit_losses(Letters(), passages)
    scored = passages.is_scored()
    assert found.sum(axis=0).tolist() == [passages.tokens[scored].sum(), scored.sum()]
    assert nats_per_character(Letters(), passages) == passages.tokens[scored].mean()


def test_chunks_of_a_large_part_change_no_sum():
    passages = random_lines(200, 2)
    whole = unit_losses(Letters(), passages)
    small = [chunk.sum_by_unit(-Letters().predict(chunk)) for chunk in passages.chunks(64)]
    total = np.zeros_like(whole)
    for part in small:
        total[: len(part)] += part
    np.testing.assert_allclose(total, whole)
