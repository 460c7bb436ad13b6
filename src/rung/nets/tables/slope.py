"""Derive the loss of a population by hand, into memory that is laid out once.

The derivatives are those of `rung.nets.tables.layers.forward`. Autograd would allocate every
intermediate anew, which costs more than the products of such small matrices; here a step writes
into the same buffers, and a population is gone through in parts whose buffers stay in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rung.nets.tables.layers import Parameters
from rung.nets.tables.losses import Loss
from rung.nets.tables.shapes import NetworkShape

# Numbers of one hidden layer that a part of the population may have.
CELLS = 1 << 20


def parts(n_models: int, shape: NetworkShape, n_rows: int) -> list[slice]:
    """Divide a population into neighbours whose hidden layers stay in the cache.

    Examples
    --------
    >>> parts(5, NetworkShape(4, 512, 1), 1024)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    fitting = max(CELLS // (n_rows * shape.n_members * shape.width), 1)
    n_parts = -(-n_models // fitting)
    size = -(-n_models // n_parts)
    return [slice(start, min(start + size, n_models)) for start in range(0, n_models, size)]


class Buffers:
    """Lay out the memory of one part.

    Parameters
    ----------
    n_models, n_rows : int
        Models of a part at most; rows of a step.
    shape : NetworkShape
        Of each network.
    like : Tensor
        Gives dtype and device.
    drops : bool
        Whether hidden units are dropped.
    """

    def __init__(
        self, n_models: int, shape: NetworkShape, n_rows: int, like: Tensor, *, drops: bool = False
    ) -> None:
        tall = (n_models, shape.n_members * n_rows, shape.width)
        self.inputs = like.new_empty(n_models, n_rows, shape.n_inputs)
        self.first = like.new_empty(n_models, shape.n_inputs, shape.width)
        self.raw = like.new_empty(n_models, n_rows, shape.width)
        self.hidden = [like.new_empty(tall) for _ in range(shape.n_blocks + 1)]
        self.branches = [like.new_empty(tall) for _ in range(shape.n_blocks)]
        self.slope, self.spare = like.new_empty(tall), like.new_empty(tall)
        self.masks = like.new_empty(shape.n_blocks + 1, *tall) if drops else None
        # Products are written to neighbouring memory and then copied: anything else is slow.
        self.square = like.new_empty(n_models, shape.width, shape.width)
        heads = n_models * shape.n_members
        self.scores = like.new_empty(heads, n_rows, shape.n_outputs)
        # Slopes of heads lie in rows: that product is up to five times as quick.
        self.heads = like.new_empty(heads, shape.n_outputs, shape.width)


@dataclass(frozen=True)
class Batch:
    """Hold the rows of one step of some models.

    Attributes
    ----------
    inputs : Tensor, shape (n_models, n_rows, n_inputs)
        Rows.
    target : Tensor, shape (n_models, n_rows)
        Values or class numbers.
    weight : Tensor, shape (n_models, n_rows), or None
        What each row counts.
    """

    inputs: Tensor
    target: Tensor
    weight: Tensor | None = None


class Slope:
    """Compute losses and derivatives of neighbouring models.

    Parameters
    ----------
    shape : NetworkShape
        Of each network.
    parameters, slopes : dict of str to Tensor
        Weights, and where their derivatives go; leading axis of the models of this part.
    scale : Tensor, shape (n_models, n_inputs, 1), or None
        What the first weights are multiplied by.
    room : Buffers
        Memory, of at least as many models.
    """

    def __init__(
        self,
        shape: NetworkShape,
        parameters: Parameters,
        slopes: Parameters,
        scale: Tensor | None,
        room: Buffers,
    ) -> None:
        self.shape, self.parameters, self.slopes, self.scale = shape, parameters, slopes, scale
        self.n_models = n = len(parameters["first.weight"])
        self.first, self.raw, self.square = room.first[:n], room.raw[:n], room.square[:n]
        self.hidden = [each[:n] for each in room.hidden]
        self.branches = [each[:n] for each in room.branches]
        self.back, self.spare = room.slope[:n], room.spare[:n]
        self.scores = room.scores[: n * shape.n_members]
        self.heads = room.heads[: n * shape.n_members]
        self.is_shared = "member.scale" in parameters

    @torch.no_grad()
    def of(self, batch: Batch, loss: Loss, masks: Sequence[Tensor] = ()) -> Tensor:
        """Write the derivatives of each model's loss; return the losses.

        Parameters
        ----------
        batch : Batch
            Rows.
        loss : Loss
            What is lowered.
        masks : sequence of Tensor, each (n_models, n_members * n_rows, width)
            What the units of each hidden layer are multiplied by; empty for one everywhere.

        Returns
        -------
        Tensor, shape (n_models,)
            Mean over rows and members.
        """
        self._forward(batch.inputs, masks)
        losses, slope = self._loss(batch, loss)
        self._backward(batch.inputs, slope, masks)
        return losses

    def _forward(self, inputs: Tensor, masks: Sequence[Tensor]) -> None:
        own, hidden = self.parameters, self.hidden
        first = own["first.weight"]
        if self.scale is not None:
            first = torch.mul(first, self.scale, out=self.first)
        if self.is_shared:
            raw = torch.bmm(inputs, first, out=self.raw)
            torch.addcmul(
                own["member.shift"].unsqueeze(2),
                raw.unsqueeze(1),
                own["member.scale"].unsqueeze(2),
                out=self._by_member(hidden[0]),
            )
        else:
            torch.baddbmm(own["member.shift"], inputs, first, out=hidden[0])
        hidden[0].relu_()
        if masks:
            hidden[0].mul_(masks[0])
        for number, branch in enumerate(self.branches):
            bias, weight = own[f"block{number}.bias"], own[f"block{number}.weight"]
            torch.baddbmm(bias, hidden[number], weight, out=branch).relu_()
            if masks:
                branch.mul_(masks[number + 1])
            torch.add(hidden[number], branch, out=hidden[number + 1])
        heads, bias = own["head.weight"].flatten(0, 1), own["head.bias"].flatten(0, 1)
        torch.bmm(self._by_head(hidden[-1]), heads, out=self.scores).add_(bias)

    def _loss(self, batch: Batch, loss: Loss) -> tuple[Tensor, Tensor]:
        """Return the losses, and the slope of their sum by the scores, (n_heads, n_rows, n_outputs)."""
        scores = self.scores.view(self.n_models, self.shape.n_members, *self.scores.shape[1:])
        losses, slope = loss.with_slope(scores, batch.target)
        slope.mul_(1.0 / losses[0].numel())
        if batch.weight is not None:
            weight = batch.weight.unsqueeze(1)
            losses, slope = losses.mul_(weight), slope.mul_(weight.unsqueeze(3))
        return losses.mean(dim=(1, 2)), slope.flatten(0, 1)

    def _backward(self, inputs: Tensor, slope: Tensor, masks: Sequence[Tensor]) -> None:
        own, slopes, back = self.parameters, self.slopes, self.back
        heads = own["head.weight"].flatten(0, 1)
        last = torch.bmm(slope.mT, self._by_head(self.hidden[-1]), out=self.heads)
        slopes["head.weight"].copy_(last.mT.view_as(slopes["head.weight"]))
        slopes["head.bias"].copy_(slope.sum(dim=1).view_as(slopes["head.bias"]))
        product = torch.mul if self.shape.n_outputs == 1 else torch.bmm
        product(slope, heads.mT, out=self._by_head(back))
        for number in reversed(range(len(self.branches))):
            spare = self._through(back, self.branches[number], masks, number + 1)
            square = torch.bmm(self.hidden[number].mT, spare, out=self.square)
            slopes[f"block{number}.weight"].copy_(square)
            torch.sum(spare, dim=1, keepdim=True, out=slopes[f"block{number}.bias"])
            back.baddbmm_(spare, own[f"block{number}.weight"].mT)
        back = self._through(back, self.hidden[0], masks, 0)
        if self.is_shared:
            back = self._to_inputs(back)
        else:
            torch.sum(back, dim=1, keepdim=True, out=slopes["member.shift"])
        first = torch.bmm(inputs.mT, back, out=self.first)
        if self.scale is not None:
            first.mul_(self.scale)
        slopes["first.weight"].copy_(first)

    def _through(self, back: Tensor, units: Tensor, masks: Sequence[Tensor], layer: int) -> Tensor:
        """Return the slope before the bend: what is off, or dropped, passes nothing on."""
        if masks:
            back = torch.mul(back, masks[layer], out=self.spare)
        result: Tensor = torch.ops.aten.threshold_backward.grad_input(
            back, units, 0.0, grad_input=self.spare
        )
        return result

    def _to_inputs(self, back: Tensor) -> Tensor:
        """Write the slopes of what is each member's own; return that of what all share."""
        scale, by_member = self.parameters["member.scale"], self._by_member(back)
        torch.sum(by_member, dim=2, out=self.slopes["member.shift"])
        product = torch.mul(by_member, self.raw.unsqueeze(1), out=self._by_member(self.back))
        torch.sum(product, dim=2, out=self.slopes["member.scale"])
        product = torch.mul(by_member, scale.unsqueeze(2), out=self._by_member(self.back))
        return torch.sum(product, dim=1, out=self.raw)

    def _by_member(self, units: Tensor) -> Tensor:
        return units.view(self.n_models, self.shape.n_members, -1, self.shape.width)

    def _by_head(self, units: Tensor) -> Tensor:
        return units.view(self.n_models * self.shape.n_members, -1, self.shape.width)
