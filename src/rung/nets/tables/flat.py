"""Keep all parameters of a model side by side, so that one call steps or shortens all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.nets.tables.shapes import NetworkShape
from rung.typing import Array

if TYPE_CHECKING:
    from torch import Tensor

    from rung.nets.tables.layers import Parameters


@dataclass(frozen=True)
class FlatLayout:
    """Say where each parameter of a model lies in its row of numbers.

    Attributes
    ----------
    places : dict of str to (slice, tuple of int)
        Where, and in which shape; weights, which decay, come first.
    n_matrices, n_decaying, size : int
        Numbers of the matrices between layers, which come first of all; numbers that are weights;
        all numbers.
    """

    places: dict[str, tuple[slice, tuple[int, ...]]]
    n_matrices: int
    n_decaying: int
    size: int

    @classmethod
    def of(cls, shape: NetworkShape) -> FlatLayout:
        """Lay a network out.

        Examples
        --------
        >>> layout = FlatLayout.of(NetworkShape(3, 2, 1, n_blocks=0))
        >>> layout.places["head.weight"], layout.n_decaying, layout.size
        ((slice(6, 8, None), (1, 2, 1)), 8, 11)
        """
        sizes = shape.sizes()
        places, start, n_matrices, n_decaying = {}, 0, 0, 0
        for name in sorted(sizes, key=lambda name: not name.endswith("weight")):
            stop = start + math.prod(sizes[name])
            places[name] = (slice(start, stop), sizes[name])
            n_decaying = stop if name.endswith("weight") else n_decaying
            is_matrix = name.endswith("weight") and len(sizes[name]) == 2
            n_matrices = stop if is_matrix else n_matrices
            start = stop
        return cls({name: places[name] for name in sizes}, n_matrices, n_decaying, start)

    @property
    def matrices(self) -> list[tuple[slice, tuple[int, ...]]]:
        """Return where the matrices between layers lie, and their shapes."""
        return [each for each in self.places.values() if each[0].stop <= self.n_matrices]

    def views(self, flat: Tensor) -> Parameters:
        """Return the parameters as parts of `flat`, shape (n_models, size), without a copy."""
        return {
            name: flat[:, place].view(len(flat), *shape)
            for name, (place, shape) in self.places.items()
        }

    def fill(self, flat: Tensor, values: Mapping[str, Array]) -> Tensor:
        """Write values, each with the leading axis of models, to their places; return `flat`."""
        for name, view in self.views(flat).items():
            view.copy_(flat.new_tensor(values[name]))
        return flat
