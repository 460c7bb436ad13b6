"""Arrays for the parts of a network, and torch's opinion of their derivatives."""

from __future__ import annotations

import numpy as np
import torch

RTOL, ATOL = 1e-10, 1e-12


def draw(*shapes, seed=0):
    generator = np.random.default_rng(seed)
    return [generator.normal(size=shape) for shape in shapes]


def by_torch(function, *arrays):
    """Return the result and its derivatives by every array."""
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    out = function(*tensors)
    (out.sum() if out.dim() else out).backward()
    return out.detach().numpy(), [tensor.grad.numpy() for tensor in tensors]


def assert_same(mine, theirs):
    for one, other in zip(mine, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=RTOL, atol=ATOL)
