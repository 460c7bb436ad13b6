"""Batches for networks that remember."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.fit_recurrent import RecurrentPlan, _batches, _pieces
from tests.families.text.laws import random_lines


def test_batches_of_a_pass_hold_every_character_once():
    text = random_lines(100, seed=1)
    plan = RecurrentPlan(text.n_tokens, batch=50)
    found = np.concatenate(
        [targets[targets >= 0] for _, targets in _batches(text, 4, plan, np.random.default_rng(0))]
    )
    assert np.bincount(found).tolist() == np.bincount(text.tokens).tolist()


def test_pieces_are_no_longer_than_a_context_and_cover_the_text():
    text = random_lines(60, seed=2)
    begins, sizes = _pieces(text, 3)
    assert sizes.max() == 3
    covered = np.concatenate(
        [begin + np.arange(size) for begin, size in zip(begins, sizes, strict=True)]
    )
    assert (np.sort(covered) == np.arange(text.n_tokens)).all()
