"""Cross-entropy: against torch, against the tape, and for scores of any size."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rung.autograd import check_gradients
from rung.byhand import cross_entropy, cross_entropy_backward
from tests.byhand.parts import assert_same, by_torch, draw

TARGETS = np.array([0, 2, 1, 2, 2])


@pytest.mark.parametrize("size", [1.0, 500.0])
def test_cross_entropy_derives_as_torch_does(size):
    scores = size * draw((5, 3))[0]
    loss, grads = by_torch(
        lambda s: torch.nn.functional.cross_entropy(s, torch.tensor(TARGETS)), scores
    )
    assert cross_entropy(scores, TARGETS) == pytest.approx(loss.item(), rel=1e-12)
    assert_same([cross_entropy_backward(scores, TARGETS)], grads)


def test_every_row_of_the_derivative_sums_to_zero():
    (scores,) = draw((5, 3))
    np.testing.assert_allclose(cross_entropy_backward(scores, TARGETS).sum(axis=1), 0.0, atol=1e-15)


def test_cross_entropy_agrees_with_the_tape():
    (scores,) = draw((5, 3))
    check = check_gradients(
        lambda s: [cross_entropy_backward(s, TARGETS)],
        lambda s: cross_entropy(s, TARGETS),
        scores,
    )
    assert check.agrees, str(check)
