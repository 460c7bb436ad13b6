"""Measure whether the units of a trained network live."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from rung.nets.layers import forward
from rung.typing import Array, Settings

ROWS_LOOKED_AT = 1_024


def measure_health(parameters: Mapping[str, Array], inputs: Tensor) -> Settings:
    """Return the share of hidden units that are never on, and that are always on.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of one network.
    inputs : Tensor, shape (n_rows, n_inputs)
        Training rows; the first ones are looked at.
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
    first = (watch[0].view(members, -1, width) > 0).double().mean(dim=1)
    return {
        "dead_units": round(float((first == 0).double().mean()), 4),
        "always_on": round(float((first == 1).double().mean()), 4),
    }
