"""The parts of a GPT that are no products, with their derivatives by hand: fewer passes over memory.

On a processor these passes cost as much as the products do, and autograd makes several of each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

EPSILON = 1e-6
BYTE = 256


class _Norm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        length = torch.linalg.vector_norm(values, dim=-1, keepdim=True)
        factor = length.square_().div_(values.shape[-1]).add_(EPSILON).rsqrt_()
        out: Tensor = values * factor
        ctx.save_for_backward(out, factor)
        return out

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> Tensor:
        out, factor = ctx.saved_tensors
        along = (slopes[0] * out).mean(dim=-1, keepdim=True)
        return torch.addcmul(slopes[0], out, along, value=-1.0).mul_(factor)


def norm(values: Tensor) -> Tensor:
    """Scale the last axis to a mean square of one.

    Source
    ------
    Zhang & Sennrich (2019), Root mean square layer normalization, NeurIPS.
    """
    result: Tensor = _Norm.apply(values)  # type: ignore[no-untyped-call]
    return result


class _SquaredRectifier(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        on = values.clamp_min(0.0)
        ctx.save_for_backward(on)
        return on.square()

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> Tensor:
        (on,) = ctx.saved_tensors
        return torch.mul(slopes[0], on).mul_(2.0)


def squared_rectifier(values: Tensor) -> Tensor:
    """Square what is above zero, and return zero for the rest.

    Source
    ------
    So et al. (2021), Primer, NeurIPS.
    """
    result: Tensor = _SquaredRectifier.apply(values)  # type: ignore[no-untyped-call]
    return result


def rotate(values: Tensor, turn: Tensor) -> Tensor:
    """Turn neighbouring pairs of numbers by the angle of their place.

    Parameters
    ----------
    values : Tensor, shape (..., n_places, head_width)
        Queries or keys.
    turn : Tensor, complex, shape (n_places, head_width / 2)
        Cosine and sine of each angle.
    """
    pairs = torch.view_as_complex(values.unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turn).flatten(-2)


def mask(shape: torch.Size, share: float, generator: np.random.Generator) -> Tensor:
    """Draw what numbers are multiplied by where a share of them is left out.

    One byte a number is drawn, which is ten times faster than a number; shares are multiples of
    1/256.

    Parameters
    ----------
    shape : torch.Size
        Of what is multiplied.
    share : float in [0, 1)
        Left out.
    generator : numpy.random.Generator
        Draws.

    Examples
    --------
    >>> mask(torch.Size((6,)), 0.5, np.random.default_rng(0)).tolist()
    [2.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    kept = round(BYTE * (1.0 - share))
    drawn = np.frombuffer(generator.bytes(shape.numel()), dtype=np.uint8)
    stays = (drawn < kept).astype(np.float32) * np.float32(BYTE / kept)
    return torch.from_numpy(stays).view(shape)
