"""Lay the curve of a training out as the report reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rung.typing import Settings


def shown_settings(found: Mapping[str, Mapping[str, float]], names: Sequence[str]) -> Settings:
    """Return what people want to know of a training: these sizes and parts of its plan.

    Examples
    --------
    >>> shown_settings(
    ...     {"shape": {"width": 64, "symbols": 27}, "plan": {"rate": 0.1}}, ("width", "rate")
    ... )
    {'width': 64, 'rate': 0.1}
    """
    known = {**found["shape"], **found["plan"]}
    return {name: known[name] for name in names}


def curves(points: Sequence[Mapping[str, float]]) -> Settings:
    """Return the losses at the checks of a training, as lists by name.

    Parameters
    ----------
    points : sequence of mapping
        With `loss` of the batch learned from and `judged`, the loss of the validation part.

    Examples
    --------
    >>> curves([{"step": 10, "loss": 2.5, "judged": 2.6}])
    {'final_loss': [2.5], 'inner_held_loss': [2.6]}
    """
    return {
        "final_loss": [point["loss"] for point in points],
        "inner_held_loss": [point["judged"] for point in points],
    }
