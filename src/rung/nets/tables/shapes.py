"""Lay out the parameters of a network, and draw them; whatever computes it.

Inside one network, several *members* share all large matrices: each has its own scaling and shift
of the first hidden layer, and its own head. Their mean is the network's prediction.

Source
------
Wen, Tran & Ba (2020), BatchEnsemble, ICLR; Gorishniy, Kotelnikov & Babenko (2025), TabM, ICLR.
NOTE[DIFF]: TabM scales the inputs of the first layer for each member; we scale its outputs, so
that the widest product is computed once for all members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.typing import Array


@dataclass(frozen=True)
class NetworkShape:
    """State the size of a network.

    Attributes
    ----------
    n_inputs, width, n_outputs : int
        Columns that come in, units of a hidden layer, scores that go out.
    n_blocks : int
        Hidden layers after the first; each adds to what it is given.
    n_members : int
        Members that share the matrices; 1 is a plain network.
    """

    n_inputs: int
    width: int
    n_outputs: int
    n_blocks: int = 1
    n_members: int = 1

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter of one model, by name."""
        hidden, members = self.width, self.n_members
        sizes: dict[str, tuple[int, ...]] = {"first.weight": (self.n_inputs, hidden)}
        if members > 1:
            sizes["member.scale"] = (members, hidden)
        sizes["member.shift"] = (members, hidden)
        for block in range(self.n_blocks):
            sizes[f"block{block}.weight"] = (hidden, hidden)
            sizes[f"block{block}.bias"] = (1, hidden)
        sizes["head.weight"] = (members, hidden, self.n_outputs)
        sizes["head.bias"] = (members, 1, self.n_outputs)
        return sizes


def initial(shape: NetworkShape, generators: Sequence[np.random.Generator]) -> dict[str, Array]:
    """Draw the first parameters of each model from its own generator; float32.

    Weights have the variance 2 / n_in that keeps the size of activations through ReLUs, member
    scales are drawn around one, and heads begin small, so that a network begins near its offset.

    Source
    ------
    He, Zhang, Ren & Sun (2015), ICCV.
    """
    drawn: dict[str, list[Array]] = {name: [] for name in shape.sizes()}
    for generator in generators:
        for name, size in shape.sizes().items():
            drawn[name].append(_draw(name, size, generator))
    return {name: np.stack(each).astype(np.float32) for name, each in drawn.items()}


def _draw(name: str, size: tuple[int, ...], generator: np.random.Generator) -> Array:
    kind = name.rsplit(".", 1)[1]
    if kind == "scale":
        return np.asarray(generator.normal(1.0, 0.5, size))
    if kind == "shift":
        return np.asarray(generator.normal(0.0, 0.5, size))
    if kind == "bias":
        return np.zeros(size)
    gain = {"first": 1.0, "head": 0.3}.get(name.split(".", maxsplit=1)[0], np.sqrt(2.0))
    return np.asarray(generator.normal(0.0, gain / np.sqrt(max(size[-2], 1)), size))
