"""Linear, tanh and embedding: against torch, and against the tape."""

from __future__ import annotations

import numpy as np
import torch

from rung.autograd import check_gradients
from rung.byhand import (
    embedding,
    embedding_backward,
    linear,
    linear_backward,
    tanh,
    tanh_backward,
)
from tests.byhand.parts import assert_same, by_torch, draw


def test_linear_derives_as_torch_does():
    X, W, b, d_out = draw((5, 3), (3, 4), 4, (5, 4))
    out, grads = by_torch(lambda X, W, b: (X @ W + b) * torch.tensor(d_out), X, W, b)
    np.testing.assert_allclose(linear(X, W, b) * d_out, out, rtol=1e-12)
    assert_same(linear_backward(d_out, X, W), grads)


def test_tanh_derives_as_torch_does():
    X, d_out = draw((4, 3), (4, 3))
    _, grads = by_torch(lambda X: torch.tanh(X) * torch.tensor(d_out), X)
    assert_same([tanh_backward(d_out, tanh(X))], grads)


def test_embedding_adds_once_a_mention():
    (table,) = draw((6, 2))
    ids = np.array([[1, 1, 3], [3, 0, 1]])
    (d_out,) = draw((2, 6), seed=1)
    _, grads = by_torch(lambda t: t[torch.tensor(ids)].reshape(2, -1) * torch.tensor(d_out), table)
    found = embedding_backward(d_out, table, ids)
    assert_same([found], grads)
    assert not found[[2, 4, 5]].any()


def test_each_part_agrees_with_the_tape():
    X, W, b, table = draw((2, 3), (3, 2), 2, (4, 2))
    ones = np.ones((2, 2))
    ids = np.array([[0, 2], [2, 2]])
    for check in (
        check_gradients(
            lambda X, W, b: linear_backward(ones, X, W),
            lambda X, W, b: linear(X, W, b).sum(),
            X,
            W,
            b,
        ),
        check_gradients(
            lambda X: [tanh_backward(np.ones_like(X), tanh(X))], lambda X: tanh(X).sum(), X
        ),
        check_gradients(
            lambda t: [embedding_backward(2.0 * embedding(t, ids), t, ids)],
            lambda t: (embedding(t, ids) ** 2).sum(),
            table,
        ),
    ):
        assert check.agrees, str(check)
