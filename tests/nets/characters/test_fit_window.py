"""Training of networks that look at a window."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.fit_window import first_weights, plan_for
from rung.nets.characters.window import WindowShape, forward, log_softmax

SHAPES = [
    WindowShape(9, 1, 9),
    WindowShape(9, 3, 4, hidden=7, fuse=3),
    WindowShape(9, 8, 4, hidden=6, fuse=2, normed=True),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_listed_arrays_are_those_that_are_learned(shape):
    weights = first_weights(shape, 0, "cpu")
    assert {name: tuple(each.shape) for name, each in weights.items()} == shape.arrays()


def test_first_expectations_are_nearly_uniform():
    for shape in SHAPES:
        weights = {
            name: each.detach().numpy() for name, each in first_weights(shape, 0, "cpu").items()
        }
        contexts = np.random.default_rng(0).integers(0, 9, (50, shape.context))
        expected = log_softmax(forward(weights, contexts, shape, np), 0)
        assert abs(expected.mean() + np.log(9)) < 0.1


def test_a_large_text_is_passed_over_fewer_times():
    assert plan_for(200_000, passes=30, rate=0.01).characters == 6_000_000
    assert plan_for(1_000_000, passes=30, rate=0.01).characters == 8_000_000
    assert plan_for(9_000_000, passes=30, rate=0.01).characters == 9_000_000
