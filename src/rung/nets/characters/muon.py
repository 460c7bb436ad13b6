"""Step matrices along the nearest orthogonal matrix to their gradient's mean."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rung.nets.training.orthogonal import orthogonal_step


class Muon:
    """Hold the running mean of each matrix's gradient.

    Parameters
    ----------
    matrices : sequence of Tensor, each 2-d
        Parameters to step; a stack of several maps, such as query, key and value, counts as the
        square matrices that it holds.
    momentum : float in [0, 1)
        Weight of the past in the running mean.

    Source
    ------
    Jordan et al. (2024), Muon: an optimizer for hidden layers in neural networks.
    """

    def __init__(self, matrices: Sequence[Tensor], *, momentum: float = 0.95) -> None:
        self.matrices = list(matrices)
        self.momentum = momentum
        self.means = [torch.zeros_like(each) for each in self.matrices]

    @torch.no_grad()
    def step(self, learning_rate: float, *, weight_decay: float = 0.0) -> None:
        """Step every matrix; gradients are used up."""
        for matrix, mean in zip(self.matrices, self.means, strict=True):
            assert matrix.grad is not None
            slope, own = (_square_maps(each) for each in (matrix.grad, mean))
            direction = orthogonal_step(slope, own, self.momentum)
            matrix.grad = None
            # A taller map needs longer steps to move its outputs as much.
            scale = max(1.0, slope.shape[1] / slope.shape[2]) ** 0.5
            matrix.mul_(1.0 - learning_rate * weight_decay)
            matrix.add_(direction.reshape(matrix.shape), alpha=-learning_rate * scale)


def _square_maps(matrix: Tensor) -> Tensor:
    """Return the square maps that a stack of three holds, else the one map; as (n, rows, columns)."""
    is_stack = matrix.shape[0] == 3 * matrix.shape[1]
    return matrix.view(3 if is_stack else 1, -1, matrix.shape[1])
