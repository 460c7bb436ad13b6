"""Measure whether the units of a trained network live, and how large its steps are."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from rung.nets.tables.layers import forward
from rung.typing import Array, Settings

ROWS_LOOKED_AT = 1_024


def measure_health(parameters: Mapping[str, Array], inputs: Tensor) -> Settings:
    """Return how the units of each hidden layer behave on training rows.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of one network.
    inputs : Tensor, shape (n_rows, n_inputs)
        Training rows; the first ones are looked at.

    Returns
    -------
    dict
        One number a layer: `dead_units`, the share that is never on; `saturated_units`, the
        share that is always on, and so bends nothing; `unit_size`, the root of the mean square.
    """
    some = inputs[:ROWS_LOOKED_AT].unsqueeze(0)
    stacked = {
        name: torch.tensor(each, dtype=inputs.dtype, device=inputs.device).unsqueeze(0)
        for name, each in parameters.items()
    }
    watch: list[Tensor] = []
    with torch.no_grad():
        forward(stacked, some, watch=watch)
    members, width = parameters["member.shift"].shape
    layers = [each.view(members, -1, width).double() for each in watch]
    on = [(each > 0).double().mean(dim=1) for each in layers]
    return {
        "dead_units": [_rounded((share == 0).double().mean()) for share in on],
        "saturated_units": [_rounded((share == 1).double().mean()) for share in on],
        "unit_size": [_rounded(each.square().mean().sqrt()) for each in layers],
    }


def _rounded(value: Tensor) -> float:
    return float(f"{float(value):.4g}")
