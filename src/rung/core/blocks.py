"""Cut the sphere or a plane into blocks of one size, and measure distances between their rows.

Blocks depend on nothing but their size: a row's block is the same in a shuffled, thinned or grown
table, whatever the other rows are.

Source: Leopardi (2006), Electronic Transactions on Numerical Analysis 25 (zones of equal area,
with a cap around each pole). NOTE[DIFF] collars have equal heights and are cut into whole numbers
of blocks each, so that areas differ by some per cent; the size is given, not the number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.errors import DataError
from rung.typing import Array

LARGEST_BLOCK = 90.0
# Whole numbers up to here are exact as floats, and no plane has as many blocks across.
MOST_ACROSS = 2.0**52


@dataclass(frozen=True)
class BlockGrid:
    """Say how positions become blocks.

    Attributes
    ----------
    is_sphere : bool
        Positions are degrees of longitude and latitude; else they lie on a plane.
    size : float
        Side of a block: degrees of a great circle, or the unit of the columns. A block of the
        sphere has the area of a square of that side.

    Examples
    --------
    >>> grid = BlockGrid(is_sphere=True, size=30.0)
    >>> here, there = grid.place(np.array([180.0, -180.0, 12.0]), np.array([5.0, 5.0, 90.0]))[:2]
    >>> bool((here == there).all())
    True
    """

    is_sphere: bool
    size: float

    def __post_init__(self) -> None:
        most = LARGEST_BLOCK if self.is_sphere else math.inf
        if not (math.isfinite(self.size) and 0 < self.size <= most):
            accepted = f"above 0 and at most {most:g} degrees" if self.is_sphere else "above 0"
            raise DataError(
                f"blocks of size {self.size:g} cannot be made; sizes {accepted} can",
                "give such a number as --block-size",
            )

    def place(self, across: Array, up: Array) -> Array:
        """Return the block of each position.

        Parameters
        ----------
        across, up : ndarray, shape (n_rows,)
            Longitude (any range of 360 degrees) and latitude, or two lengths.

        Returns
        -------
        ndarray of int, shape (n_rows, 2)
            Row and column of the block; they mean nothing but that equal ones are one block.

        Raises
        ------
        DataError
            If a latitude lies beyond a pole, or a plane has too many blocks to number.
        """
        across, up = np.asarray(across, float), np.asarray(up, float)
        return self._on_sphere(across, up) if self.is_sphere else self._on_plane(across, up)

    def keys(self, across: Array, up: Array) -> list[bytes]:
        """Return the block of each position as bytes."""
        raw: list[bytes] = (
            np.ascontiguousarray(self.place(across, up), dtype="<i8").view("V16").ravel().tolist()
        )
        return raw

    def _on_plane(self, across: Array, up: Array) -> Array:
        steps = np.floor(np.column_stack([across, up]) / self.size)
        if len(steps) and np.abs(steps).max() > MOST_ACROSS:
            raise DataError(
                f"positions reach {max(np.abs(across).max(), np.abs(up).max()):g}, which blocks of "
                f"{self.size:g} cannot number",
                "give a larger --block-size",
            )
        return steps.astype(np.int64)

    def _on_sphere(self, longitude: Array, latitude: Array) -> Array:
        if len(latitude) and np.abs(latitude).max() > 90:
            raise DataError(
                f"a latitude of {latitude[np.abs(latitude).argmax()]:g} lies beyond the pole",
                "give --space LONGITUDE,LATITUDE in degrees, in this order",
            )
        edges, n_across = _collars(self.size)
        band = np.searchsorted(edges, latitude, side="right")
        # A position and the same one turn further are one position, to the last bit.
        turn = np.mod(longitude, 360.0)
        turn = np.where(turn >= 360.0, 0.0, turn)
        cell = np.floor(turn / 360.0 * n_across[band]).astype(np.int64)
        return np.column_stack([band, cell])


def _collars(size: float) -> tuple[Array, Array]:
    """Return the latitudes between caps and collars, and the number of blocks in each of these.

    A cap around a pole is one block: there all longitudes meet.
    """
    side = math.radians(size)
    cap = math.degrees(2 * math.asin(min(side / math.sqrt(4 * math.pi), 1.0)))
    n_collars = max(round((180 - 2 * cap) / size), 1)
    edges = np.linspace(cap - 90, 90 - cap, n_collars + 1)
    areas = 2 * math.pi * np.diff(np.sin(np.radians(edges)))
    n_blocks = np.maximum(np.round(areas / side**2), 1).astype(np.int64)
    return edges, np.concatenate([[1], n_blocks, [1]])


def count_blocks(grid: BlockGrid, across: Array, up: Array) -> int:
    """Count the blocks that hold rows."""
    place = grid.place(across, up).astype(np.float64)
    return len(np.unique(place[:, 0] + 1j * place[:, 1]))


def block_sizes_text(sizes: Array) -> str:
    """Say how many rows blocks hold.

    Examples
    --------
    >>> block_sizes_text(np.array([3, 9, 4]))
    '3 to 9 rows each, 4 in the middle'
    """
    low, high, middle = int(sizes.min()), int(sizes.max()), int(np.median(sizes))
    return f"{low:,} to {high:,} rows each, {middle:,} in the middle"


def coordinates(grid: BlockGrid, across: Array, up: Array) -> Array:
    """Return positions in which straight distances grow as distances on the ground do.

    Parameters
    ----------
    grid : BlockGrid
        Sphere or plane.
    across, up : ndarray, shape (n_rows,)
        As in `BlockGrid.place`.

    Returns
    -------
    ndarray, shape (n_rows, 2) or (n_rows, 3)
        On the sphere: points of the unit ball, whose straight distances `straight` gives.
    """
    if not grid.is_sphere:
        return np.column_stack([across, up]).astype(np.float64)
    longitude, latitude = np.radians(np.mod(across, 360.0)), np.radians(up)
    return np.column_stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )


def straight(grid: BlockGrid, distance: float) -> float:
    """Return the straight distance in `coordinates` of a distance in degrees, or in column units.

    Examples
    --------
    >>> straight(BlockGrid(is_sphere=True, size=10.0), 180.0), straight(BlockGrid(False, 1.0), 3.0)
    (2.0, 3.0)
    """
    if not grid.is_sphere:
        return distance
    return 2 * math.sin(math.radians(min(distance, 180.0)) / 2)


def nearer_than(points: Array, held: Array, reach: float) -> Array:
    """Tell which rows lie nearer than a distance to a held-out row.

    Parameters
    ----------
    points : ndarray, shape (n_rows, n_axes)
        From `coordinates`.
    held : ndarray of int or bool
        Held-out rows, which are near themselves.
    reach : float
        Straight distance; rows exactly as far are not near.

    Returns
    -------
    ndarray of bool, shape (n_rows,)

    Examples
    --------
    >>> nearer_than(np.array([[0.0], [1.0], [2.0]]), np.array([0]), 2.0).tolist()
    [True, True, False]
    """
    from scipy.spatial import cKDTree

    found = np.zeros(len(points), dtype=bool)
    found[held] = True
    if reach <= 0:
        return found
    others = np.flatnonzero(~found)
    if len(others):
        nearest, _ = cKDTree(points[found]).query(points[others], k=1)
        found[others] = nearest < reach
    return found


def entity_positions(grid: BlockGrid, across: Array, up: Array, entity: Array) -> Array:
    """Return the mean position of each entity, in `coordinates`; shape (n_entities, n_axes)."""
    points = coordinates(grid, across, up)
    counts = np.bincount(entity)
    sums = [np.bincount(entity, weights=axis) for axis in points.T]
    return np.column_stack(sums) / counts[:, None]


def gather_entities(
    grid: BlockGrid, across: Array, up: Array, entity: Array
) -> tuple[Array, Array, float]:
    """Put every row of an entity where the entity is on average.

    Parameters
    ----------
    grid : BlockGrid
        Sphere or plane.
    across, up : ndarray, shape (n_rows,)
        Positions of rows.
    entity : ndarray of int, shape (n_rows,)
        Entity of each row, from 0 without gaps.

    Returns
    -------
    across, up : ndarray, shape (n_rows,)
        Positions of the entities, one a row.
    spread : float
        Largest straight distance of a row from its entity's position.
    """
    points = coordinates(grid, across, up)
    centres = entity_positions(grid, across, up, entity)
    if not grid.is_sphere:
        spread = float(np.sqrt(((points - centres[entity]) ** 2).sum(axis=1)).max())
        return centres[entity, 0], centres[entity, 1], spread
    size = np.sqrt((centres**2).sum(axis=1, keepdims=True))
    # An entity that lies all around the globe has no direction; its rows are far from any centre.
    centres = np.divide(centres, size, out=np.tile([0.0, 0.0, 1.0], (len(size), 1)), where=size > 0)
    spread = float(np.sqrt(((points - centres[entity]) ** 2).sum(axis=1)).max())
    longitude = np.degrees(np.arctan2(centres[:, 1], centres[:, 0]))
    latitude = np.degrees(np.arcsin(np.clip(centres[:, 2], -1.0, 1.0)))
    return longitude[entity], latitude[entity], spread
