"""The parts of a GPT that are no products, against autograd."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch
from torch.nn import functional

from rung.nets.characters.gpt_parts import mask, norm, rotate, squared_rectifier
from rung.nets.characters.shape import turns


def _values(*shape):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(*shape, generator=generator, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("part", [norm, squared_rectifier])
def test_the_slope_by_hand_is_that_of_finite_differences(part):
    assert torch.autograd.gradcheck(part, (_values(3, 4, 6),))


def test_the_norm_is_that_of_torch():
    values = _values(5, 8)
    assert torch.allclose(norm(values), functional.rms_norm(values, (8,), eps=1e-6))


def test_a_row_of_zeros_has_a_finite_slope():
    values = torch.zeros(2, 4, requires_grad=True)
    (slope,) = torch.autograd.grad(norm(values).sum(), values)
    assert torch.isfinite(slope).all()


def test_rotation_keeps_lengths_and_passes_slopes_on():
    turn = torch.from_numpy(turns(np.arange(5), 6).astype(np.complex128))
    values = _values(2, 3, 5, 6)
    found = rotate(values, turn)
    assert torch.allclose(found.norm(dim=-1), values.norm(dim=-1), rtol=1e-6)
    assert torch.autograd.gradcheck(lambda each: rotate(each, turn), (values,))


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_mask_leaves_out_its_share_and_keeps_the_mean(share):
    drawn = mask(torch.Size((400, 500)), share, np.random.default_rng(0)).numpy()
    # 200,000 draws: five standard errors are .0056 at most.
    assert abs((drawn == 0).mean() - share) < 0.0056 + 1 / 512
    assert abs(drawn.mean() - 1.0) < 0.0056 / (1 - share)
    assert len(np.unique(drawn)) == 2


def test_masks_of_one_seed_are_the_same():
    first, second = (mask(torch.Size((50,)), 0.2, np.random.default_rng(3)) for _ in range(2))
    assert torch.equal(first, second)
