"""Products in reduced precision."""

import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.precision import best_precision, product


def test_the_best_precision_is_one_of_those_accepted():
    assert best_precision() in {"float32", "bfloat16"}


def test_products_in_bfloat16_have_gradients_near_those_in_float32():
    generator = torch.Generator().manual_seed(0)
    values = torch.randn(5, 7, 12, generator=generator, requires_grad=True)
    weight = torch.randn(4, 12, generator=generator, requires_grad=True)
    found = {}
    for precision in ("float32", "bfloat16"):
        values.grad = weight.grad = None
        product(values, weight, precision=precision).square().sum().backward()
        found[precision] = (values.grad.clone(), weight.grad.clone())
    for full, half in zip(*found.values(), strict=True):
        assert (full - half).abs().max() < 0.02 * full.abs().max()
