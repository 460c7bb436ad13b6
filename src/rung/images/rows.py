"""Hold the pixels of images beside their rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from rung.images.scattering import Symmetry
from rung.typing import Array


@dataclass(frozen=True)
class PixelRows:
    """Tell where the pixels of each row stand; they are copied when they are asked for.

    Attributes
    ----------
    pixels : ndarray, float32, shape (n_images, channels, height, width)
        All images, NaN where a pixel is missing; perhaps a map of a file.
    places : ndarray of int, shape (n_rows,)
        The image of each row.
    symmetry : str
        What leaves the answer as it is.
    """

    pixels: Array
    places: Array
    symmetry: Symmetry = "none"

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: Array) -> PixelRows:
        """Return those of these rows, in this order.

        Examples
        --------
        >>> import numpy as np
        >>> held = PixelRows(np.arange(3.0).reshape(3, 1, 1, 1), np.arange(3))
        >>> held.take(np.array([2, 0])).of(np.array([0])).ravel()
        array([2.])
        """
        return PixelRows(self.pixels, self.places[rows], self.symmetry)

    def of(self, rows: Array) -> Array:
        """Return a copy of the pixels of these rows."""
        found: Array = self.pixels[self.places[rows]]
        return found
