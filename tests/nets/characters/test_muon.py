"""Steps along orthogonal matrices."""

import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.muon import Muon
from rung.nets.training.orthogonal import orthogonalise


def test_orthogonalised_matrices_have_singular_values_near_one():
    stack = torch.randn(3, 8, 20, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(stack))
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_muon_steps_square_maps_of_a_stack_one_by_one():
    generator = torch.Generator().manual_seed(0)
    gradient = torch.randn(24, 8, generator=generator)
    stack = torch.zeros(24, 8, requires_grad=True)
    parts = [torch.zeros(8, 8, requires_grad=True) for _ in range(3)]
    stack.grad = gradient.clone()
    for part, piece in zip(parts, gradient.chunk(3), strict=True):
        part.grad = piece.clone()
    Muon([stack]).step(0.1)
    Muon(parts).step(0.1)
    torch.testing.assert_close(stack.detach(), torch.cat([part.detach() for part in parts]))
