"""Networks that look at a window: one definition for torch and numpy."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.fit_window import first_weights
from rung.nets.characters.window import WindowShape, forward, log_softmax

SHAPES = [
    WindowShape(9, 1, 9),
    WindowShape(9, 3, 4, hidden=7, fuse=3),
    WindowShape(9, 8, 4, hidden=6, fuse=2, normed=True),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_one_definition_gives_the_same_numbers_in_torch_and_numpy(shape):
    weights = first_weights(shape, 0, "cpu")
    contexts = np.random.default_rng(0).integers(0, 9, (20, shape.context))
    plain = {name: each.numpy() for name, each in weights.items()}
    with torch.no_grad():
        expected = forward(weights, torch.from_numpy(contexts), shape, torch).numpy()
    found = forward(plain, contexts, shape, np)
    assert found.shape == (20, 9)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_what_cannot_come_next_has_no_probability():
    found = log_softmax(np.array([[9.0, 1.0, 2.0]]), 1)
    assert found[0, 0] == -np.inf
    assert np.exp(found).sum() == pytest.approx(1.0)
