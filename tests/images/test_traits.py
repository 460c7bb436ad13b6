"""What is told by how an image was taken is found on held-out rows, and chance is not."""

import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.images.traits import trait_gain

N = 400


@pytest.fixture
def folds():
    return partition_folds(np.random.default_rng(0).permutation(N) % 5)


def test_a_trait_that_is_the_label_takes_away_nearly_all_of_the_loss(folds) -> None:
    y = np.random.default_rng(1).integers(0, 3, N)
    gain = trait_gain(100.0 * y, y, 3, folds)
    assert gain.is_sure
    assert gain.share > 0.9


def test_chance_is_taken_for_a_difference_in_one_of_two_hundred_tries_at_most(folds) -> None:
    y = np.arange(N) % 2
    draws = (np.random.default_rng(seed).random(N) for seed in range(200))
    assert sum(trait_gain(draw, y, 2, folds).is_sure for draw in draws) <= 1


def test_a_bend_in_a_quantity_is_seen_as_well(folds) -> None:
    trait = np.linspace(-1, 1, N)
    gain = trait_gain(trait, trait**2, 0, folds)
    assert gain.is_sure
    assert gain.share == pytest.approx(0.97, abs=0.03)
