"""Derive the loss of a network that looks at a window by hand, into memory laid out once.

The derivatives are those of `rung.nets.characters.window.forward`. Autograd would allocate every
intermediate anew, which costs a processor more than the products of such small matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rung.nets.characters.window import EPSILON, WindowShape

BUFFERS = ("mean", "variance")
# What decays: products of matrices. Shifts, scales and looked-up numbers are left alone.
DECAYING = ("fused", "output")
# Share of the running mean and variance that a batch leaves as they are.
KEPT = 0.98
# Groups of characters are told apart by numbers below this.
LARGEST_CODE = 1 << 62


def lay_out(shape: WindowShape, values: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Copy what is learned of a network side by side, what decays first.

    Parameters
    ----------
    shape : WindowShape
        Sizes.
    values : mapping of str to Tensor
        As `WindowShape.arrays` names them.

    Returns
    -------
    flat : Tensor, shape (n_learned,)
        All numbers that are learned.
    views : dict of str to Tensor
        The parts of it, in the shapes of `values`, without a copy.

    Examples
    --------
    >>> flat, views = lay_out(WindowShape(3, 1, 2), {"symbol": torch.ones(3, 2)})
    >>> views["symbol"].shape, flat.sum().item()
    (torch.Size([3, 2]), 6.0)
    """
    names = [name for name in shape.arrays() if kind_of(name) not in BUFFERS]
    names.sort(key=lambda name: kind_of(name) not in DECAYING)
    flat = torch.cat([values[name].detach().flatten() for name in names])
    pieces = flat.split([values[name].numel() for name in names])
    views = {name: piece.view_as(values[name]) for name, piece in zip(names, pieces, strict=True)}
    return flat, views


def kind_of(name: str) -> str:
    """Return the kind of an array, without the number of its level.

    Examples
    --------
    >>> kind_of("fused.0")
    'fused'
    """
    return name.split(".", maxsplit=1)[0]


@dataclass(frozen=True)
class Pieces:
    """Hold the neighbours that the first level fuses, each distinct group once.

    Attributes
    ----------
    tokens : Tensor of int, shape (n_distinct * fuse,)
        Characters of the groups.
    copies : Tensor of int, shape (n_groups,), or None
        Which of them stands where; None if every group is held.
    counts : Tensor, shape (n_distinct, 1), or None
        How often each stands in the batch.
    """

    tokens: Tensor
    copies: Tensor | None = None
    counts: Tensor | None = None


def pieces_of(contexts: Tensor, shape: WindowShape, like: Tensor) -> Pieces:
    """Find the distinct groups of neighbours, where a network has levels to gain by it.

    A batch of a thousand windows of eight letters has four thousand pairs of letters, but only
    some hundred that differ, and the first level is the widest.

    Parameters
    ----------
    contexts : Tensor of int, shape (n_rows, context)
        Characters before, oldest first.
    shape : WindowShape
        Sizes.
    like : Tensor
        Gives the dtype of the counts.

    Examples
    --------
    >>> contexts = torch.tensor([[1, 2, 1, 2], [1, 2, 0, 1]])
    >>> pieces = pieces_of(contexts, WindowShape(3, 4, 2, hidden=5, fuse=2), torch.zeros(1))
    >>> pieces.tokens.tolist(), pieces.copies.tolist(), pieces.counts.flatten().tolist()
    ([0, 1, 1, 2], [1, 1, 1, 0], [1.0, 3.0])
    """
    if shape.levels < 2 or shape.symbols**shape.fuse >= LARGEST_CODE:
        return Pieces(contexts.flatten())
    groups = contexts.reshape(-1, shape.fuse)
    places = shape.symbols ** torch.arange(shape.fuse - 1, -1, -1, device=groups.device)
    codes, copies, counts = torch.unique(
        (groups * places).sum(1), return_inverse=True, return_counts=True
    )
    tokens = codes.unsqueeze(1) // places % shape.symbols
    return Pieces(tokens.flatten(), copies, counts.unsqueeze(1).to(like.dtype))


class WindowSlope:
    """Compute the loss of a batch and its derivatives.

    Parameters
    ----------
    shape : WindowShape
        Sizes.
    weights, slopes : mapping of str to Tensor
        Weights, and where their derivatives go. Running means and variances are kept in `weights`.
    n_rows : int
        Characters of a batch.
    """

    def __init__(
        self,
        shape: WindowShape,
        weights: Mapping[str, Tensor],
        slopes: Mapping[str, Tensor],
        n_rows: int,
    ) -> None:
        self.shape, self.weights, self.slopes, self.n_rows = shape, weights, slopes, n_rows
        like = weights["symbol"]
        looked = (n_rows * shape.context, shape.width)
        tall = [
            (n_rows * shape.context // shape.fuse ** (level + 1), shape.hidden)
            for level in range(shape.levels)
        ]
        # What each level is given, before and after copies are made, and the slope of that.
        self.given, self.back = _room(like, [looked, *tall]), _room(like, [looked, *tall])
        self.sums, self.bent, self.spare = (_room(like, tall) for _ in range(3))
        self.inverse = [like.new_empty(0)] * shape.levels
        self.logits = like.new_empty(n_rows, shape.symbols) if shape.levels else self.given[0]
        self.slope = torch.empty_like(self.logits)

    @torch.no_grad()
    def of(self, contexts: Tensor, targets: Tensor) -> Tensor:
        """Write the derivatives of the mean loss of a batch; return that loss.

        Parameters
        ----------
        contexts : Tensor of int, shape (n_rows, context)
            Characters before, oldest first.
        targets : Tensor of int, shape (n_rows,)
            Characters that follow.
        """
        pieces = pieces_of(contexts, self.shape, self.logits)
        self._forward(pieces)
        expected = torch.log_softmax(self.logits, 1)
        picked = targets.unsqueeze(1)
        loss = -expected.gather(1, picked).mean()
        slope = torch.exp(expected, out=self.slope)
        slope.scatter_add_(1, picked, slope.new_full((self.n_rows, 1), -1.0)).mul_(1 / self.n_rows)
        self._backward(pieces, slope)
        return loss

    def _forward(self, pieces: Pieces) -> None:
        own = self.weights
        torch.index_select(own["symbol"], 0, pieces.tokens, out=self._looked(self.given, pieces))
        for level in range(self.shape.levels):
            given, sums, bent = self._level(level, pieces)
            fused, shift = own[f"fused.{level}"], own[f"shift.{level}"]
            if self.shape.normed:
                torch.mm(given, fused.T, out=sums)
                self._norm(level, sums, pieces.counts if level == 0 else None)
                size = own[f"scale.{level}"] * self.inverse[level]
                torch.addcmul(shift, sums, size, out=bent).tanh_()
            else:
                torch.addmm(shift, given, fused.T, out=bent).tanh_()
            if level == 0 and pieces.copies is not None:
                torch.index_select(bent, 0, pieces.copies, out=self.given[1])
        if self.shape.levels:
            torch.addmm(own["prior"], self.given[-1], own["output"].T, out=self.logits)

    def _norm(self, level: int, sums: Tensor, counts: Tensor | None) -> None:
        """Take the mean of the batch off; note one over the spread, and keep running means."""
        own, spare = self.weights, self.spare[level][: len(sums)]
        # One after the other: torch's own function for both takes five times as long.
        mean = _mean(sums, counts)
        sums.sub_(mean)
        variance = _mean(torch.mul(sums, sums, out=spare), counts)
        own[f"mean.{level}"].lerp_(mean, 1.0 - KEPT)
        own[f"variance.{level}"].lerp_(variance, 1.0 - KEPT)
        self.inverse[level] = torch.rsqrt(variance + EPSILON)

    def _backward(self, pieces: Pieces, slope: Tensor) -> None:
        own, slopes = self.weights, self.slopes
        looked = slope
        if self.shape.levels:
            torch.mm(slope.T, self.given[-1], out=slopes["output"])
            torch.sum(slope, 0, out=slopes["prior"])
            torch.mm(slope, own["output"], out=self.back[-1])
            looked = self._looked(self.back, pieces)
        for level in reversed(range(self.shape.levels)):
            given, _, bent = self._level(level, pieces)
            back, spare = self.back[level + 1], self.spare[level][: len(bent)]
            if level == 0 and pieces.copies is not None:
                back = _summed(back, pieces.copies, len(bent))
            torch.ops.aten.tanh_backward.grad_input(back, bent, grad_input=spare)
            torch.sum(spare, 0, out=slopes[f"shift.{level}"])
            if self.shape.normed:
                self._through_norm(level, spare, pieces.counts if level == 0 else None)
            torch.mm(spare.T, given, out=slopes[f"fused.{level}"])
            before = looked if level == 0 else self.back[level]
            torch.mm(spare, own[f"fused.{level}"], out=self._fused(before))
        slopes["symbol"].copy_(_summed(looked, pieces.tokens, self.shape.symbols))

    def _through_norm(self, level: int, slope: Tensor, counts: Tensor | None) -> None:
        """Turn the slope of what was normed into that of the sums, in place.

        Source
        ------
        Ioffe & Szegedy (2015), ICML.
        """
        sums, inverse = self.sums[level][: len(slope)], self.inverse[level]
        n_places = len(self.sums[level])
        along = (slope * sums).sum(0).mul_(inverse)
        self.slopes[f"scale.{level}"].copy_(along)
        size = self.weights[f"scale.{level}"] * inverse
        level_part = size * self.slopes[f"shift.{level}"] / -n_places
        tilt = size * inverse * along / -n_places
        if counts is None:
            torch.addcmul(level_part, slope, size, out=slope).addcmul_(sums, tilt)
        else:
            slope.mul_(size).addcmul_(counts, torch.addcmul(level_part, sums, tilt))

    def _level(self, level: int, pieces: Pieces) -> tuple[Tensor, Tensor, Tensor]:
        """Return what a level is given, and the memory for its sums and what it makes of them."""
        if level == 0 and pieces.copies is not None:
            given = self._fused(self._looked(self.given, pieces))
            return given, self.sums[0][: len(given)], self.bent[0][: len(given)]
        return self._fused(self.given[level]), self.sums[level], self.given[level + 1]

    def _looked(self, room: list[Tensor], pieces: Pieces) -> Tensor:
        return room[0][: len(pieces.tokens)]

    def _fused(self, places: Tensor) -> Tensor:
        return places.view(len(places) // self.shape.fuse, self.shape.fuse * places.shape[1])


def _room(like: Tensor, sizes: Sequence[tuple[int, int]]) -> list[Tensor]:
    return [like.new_empty(size) for size in sizes]


def _mean(values: Tensor, counts: Tensor | None) -> Tensor:
    if counts is None:
        return values.mean(0)
    return (counts.T @ values).squeeze(0) / counts.sum()


def _summed(rows: Tensor, places: Tensor, n: int) -> Tensor:
    """Return the sums of the rows that belong to each of n places."""
    found: Tensor = torch.ops.aten.embedding_dense_backward(rows, places, n, -1, False)
    return found
