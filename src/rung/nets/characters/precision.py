"""Multiply in bfloat16 where the processor does so natively, and in float32 elsewhere."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def best_precision() -> str:
    """Return `bfloat16` where this processor multiplies it in hardware, else `float32`."""
    flags = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # noqa: SLF001
    return "bfloat16" if flags else "float32"


class _Bfloat16Product(torch.autograd.Function):
    """Multiply activations by a weight; sums are kept in float32 by the hardware."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, weight: Tensor) -> Tensor:
        small, factor = values.to(torch.bfloat16), weight.to(torch.bfloat16)
        ctx.save_for_backward(small, factor)
        return (small @ factor.t()).float()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        small, factor = ctx.saved_tensors
        up = gradients[0].to(torch.bfloat16)
        down = up.flatten(0, -2).t() @ small.flatten(0, -2)
        return (up @ factor).float(), down.float()


def product(values: Tensor, weight: Tensor, *, precision: str = "float32") -> Tensor:
    """Return values (..., n_in) times the transposed weight (n_out, n_in)."""
    if precision == "float32":
        return functional.linear(values, weight)
    result: Tensor = _Bfloat16Product.apply(values, weight)  # type: ignore[no-untyped-call]
    return result
