"""Batch normalisation: against torch, and what its derivative takes out."""

from __future__ import annotations

import numpy as np
import torch

from rung.autograd import check_gradients
from rung.byhand import batch_norm, batch_norm_backward
from tests.byhand.parts import assert_same, by_torch, draw


def test_batch_norm_derives_as_torch_does():
    X, gain, bias, d_out = draw((7, 3), 3, 3, (7, 3))

    def theirs(X, gain, bias):
        out = torch.nn.functional.batch_norm(X, None, None, gain, bias, training=True, eps=1e-5)
        return out * torch.tensor(d_out)

    out, grads = by_torch(theirs, 5.0 * X + 2.0, gain, bias)
    np.testing.assert_allclose(batch_norm(5.0 * X + 2.0, gain, bias) * d_out, out, rtol=1e-10)
    assert_same(batch_norm_backward(d_out, 5.0 * X + 2.0, gain), grads)


def test_shifting_and_stretching_a_column_have_no_derivative():
    X, gain, d_out = draw((50, 2), 2, (50, 2))
    dX, _, _ = batch_norm_backward(d_out, X, gain)
    np.testing.assert_allclose(dX.sum(axis=0), 0.0, atol=1e-12)
    centred = X - X.mean(axis=0)
    # Not exactly 0: the small number under the root does not stretch along.
    assert abs((dX * centred).sum(axis=0)).max() < 1e-3


def test_batch_norm_agrees_with_the_tape():
    X, gain, bias, d_out = draw((4, 2), 2, 2, (4, 2))
    check = check_gradients(
        lambda X, gain, bias: batch_norm_backward(d_out, X, gain),
        lambda X, gain, bias: (batch_norm(X, gain, bias) * d_out).sum(),
        X,
        gain,
        bias,
    )
    assert check.agrees, str(check)
