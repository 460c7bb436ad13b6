"""Run all networks of a population forward at once.

Every parameter carries a leading axis of models, so that one batched product serves all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

Parameters = dict[str, Tensor]


def forward(
    parameters: Mapping[str, Tensor],
    inputs: Tensor,
    *,
    masks: Sequence[Tensor] = (),
    watch: list[Tensor] | None = None,
) -> Tensor:
    """Return the scores of every member of every model.

    Parameters
    ----------
    parameters : mapping of str to Tensor
        Each with the leading axis of models.
    inputs : Tensor, shape (n_models, n_rows, n_inputs)
        A batch of its own for each model.
    masks : sequence of Tensor
        What the units of each hidden layer are multiplied by, where some are dropped.
    watch : list, optional
        Filled with the units of each hidden layer, (n_models, n_members * n_rows, width).

    Returns
    -------
    Tensor, shape (n_models, n_members, n_rows, n_outputs)
    """
    shift = parameters["member.shift"]
    n_models, n_members, width = shift.shape
    n_rows = inputs.shape[1]
    if "member.scale" in parameters:
        raw = torch.bmm(inputs, parameters["first.weight"]).unsqueeze(1)
        scaled = torch.addcmul(shift.unsqueeze(2), raw, parameters["member.scale"].unsqueeze(2))
        hidden = torch.relu_(scaled).view(n_models, n_members * n_rows, width)
    else:
        hidden = torch.relu_(torch.baddbmm(shift, inputs, parameters["first.weight"]))
    hidden = _after(hidden, 0, masks, watch)
    n_blocks = sum(name.startswith("block") for name in parameters) // 2
    for block in range(n_blocks):
        weight, bias = parameters[f"block{block}.weight"], parameters[f"block{block}.bias"]
        branch = torch.relu_(torch.baddbmm(bias, hidden, weight))
        hidden = hidden + _after(branch, block + 1, masks, watch)
    heads = parameters["head.weight"].flatten(0, 1)
    out = torch.baddbmm(
        parameters["head.bias"].flatten(0, 1), hidden.view(-1, n_rows, width), heads
    )
    return out.view(n_models, n_members, n_rows, -1)


def _after(
    hidden: Tensor, layer: int, masks: Sequence[Tensor], watch: list[Tensor] | None
) -> Tensor:
    if masks:
        hidden = hidden * masks[layer]
    if watch is not None:
        watch.append(hidden)
    return hidden
