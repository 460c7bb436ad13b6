"""Step matrices along the nearest orthogonal matrix to their gradient's mean."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rung.nets.training.orthogonal import orthogonalise


class Muon:
    """Hold the running mean of each matrix's gradient.

    Matrices of one shape (or its transpose) are orthogonalised in one call.

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
        pieces: dict[tuple[int, int], list[tuple[int, Tensor]]] = {}
        for number, (matrix, mean) in enumerate(zip(self.matrices, self.means, strict=True)):
            gradient = matrix.grad
            assert gradient is not None
            mean.lerp_(gradient, 1.0 - self.momentum)
            ahead = gradient.lerp(mean, self.momentum)
            matrix.grad = None
            for piece in _pieces(ahead):
                pieces.setdefault((piece.shape[0], piece.shape[1]), []).append((number, piece))
        directions: dict[int, list[Tensor]] = {}
        for group in pieces.values():
            results = orthogonalise(torch.stack([piece for _, piece in group]))
            for (number, _), result in zip(group, results, strict=True):
                directions.setdefault(number, []).append(result)
        for number, matrix in enumerate(self.matrices):
            direction = _joined(directions[number], matrix)
            # A taller map needs longer steps to move its outputs as much.
            scale = max(1.0, direction.shape[0] / direction.shape[1]) ** 0.5
            if _is_stack(matrix):
                scale = 1.0
            matrix.mul_(1.0 - learning_rate * weight_decay)
            matrix.add_(direction, alpha=-learning_rate * scale)


def _is_stack(matrix: Tensor) -> bool:
    """Tell query, key and value in one parameter from one map."""
    return matrix.shape[0] == 3 * matrix.shape[1]


def _pieces(matrix: Tensor) -> list[Tensor]:
    """Split a stack into its square maps; lay any other map down."""
    if _is_stack(matrix):
        return list(matrix.chunk(3))
    return [matrix.mT if matrix.shape[0] > matrix.shape[1] else matrix]


def _joined(directions: list[Tensor], matrix: Tensor) -> Tensor:
    if len(directions) > 1:
        return torch.cat(directions)
    (only,) = directions
    upright: Tensor = only.mT if matrix.shape[0] > matrix.shape[1] else only
    return upright
