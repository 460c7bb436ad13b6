"""Hold where rows lie and in which blocks, and seal whole blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from rung.core.block_size import BlockSize
from rung.core.blocks import BlockGrid, block_sizes_text, coordinates, nearer_than, straight
from rung.core.keys import KeyColumn, Keys, find_keys
from rung.core.seal import Seal, Sealing, closed_rows, first_good_try, with_enough_rows
from rung.errors import DataError
from rung.typing import Array

PLACE_KINDS = ("sphere", "plane")


@dataclass(frozen=True)
class Placing:
    """Say where rows lie.

    Attributes
    ----------
    grid : BlockGrid
        Blocks of the sphere or a plane.
    across, up : ndarray, shape (n_rows,)
        Longitude and latitude in degrees, or two lengths.
    columns : tuple of KeyColumn
        The two columns that hold them; then those of entities that stand at one place each.
    buffer : float
        Rows nearer to held-out rows than this do not train, in degrees or the columns' unit.
    found : BlockSize or None
        How the size was chosen; None where it was given.
    """

    grid: BlockGrid
    across: Array
    up: Array
    columns: tuple[KeyColumn, ...]
    buffer: float = 0.0
    found: BlockSize | None = None

    @cached_property
    def keys(self) -> Keys:
        """The block of each row."""
        return find_keys(self.grid.keys(self.across, self.up))

    @property
    def unit(self) -> str:
        """What lengths are counted in."""
        return "degrees" if self.grid.is_sphere else "units of the columns"

    @property
    def buffer_text(self) -> str:
        """The buffer with its unit."""
        return f"{self.buffer:g} {self.unit}"

    def take(self, rows: Array) -> Placing:
        """Return the placing of some rows."""
        across, up = self.across[rows], self.up[rows]
        return Placing(self.grid, across, up, self.columns, self.buffer, self.found)

    def near(self, held: Array) -> Array:
        """Tell which rows are held out or too near to one that is, masks of shape (n_rows,)."""
        points = coordinates(self.grid, self.across, self.up)
        return nearer_than(points, held, straight(self.grid, self.buffer))

    def describe(self) -> str:
        """Say what the blocks are, how many there are, and why they have this size.

        Examples
        --------
        >>> place = np.array([0.0, 1.0, 2.0])
        >>> Placing(BlockGrid(False, 2.0), place, place, (), buffer=0.5).describe()
        '2 blocks of 2 units of the columns on a plane, 1 to 2 rows each, 1 in the middle; rows \
nearer than 0.5 units of the columns to held-out rows do not train'
        """
        where = "on the sphere" if self.grid.is_sphere else "on a plane"
        said = (
            f"{len(self.keys.distinct):,} blocks of {self.grid.size:g} {self.unit} {where}, "
            f"{block_sizes_text(self.keys.sizes)}"
        )
        if self.found is not None:
            said += f"; {_why(self.found, self.unit)}"
        if self.buffer:
            said += f"; rows nearer than {self.buffer_text} to held-out rows do not train"
        return said


def _why(found: BlockSize, unit: str) -> str:
    if not found.range:
        return "residuals of a linear model are not alike at near places"
    return f"residuals of a linear model are alike up to about {found.range:.2g} {unit}"


def seal_places(placing: Placing, labels: Array | None, *, fraction: float, seed: int) -> Sealing:
    """Seal whole blocks by a hash of which blocks they are.

    Parameters
    ----------
    placing : Placing
        Of all rows.
    labels : ndarray of int, shape (n_rows,), or None
        Class of each row; None for regression.
    fraction : float in [0, 1)
        Share of rows to seal; 0 seals nothing.
    seed : int
        Seed of the hash.
    """
    keys = placing.keys
    kind: Literal["sphere", "plane"] = "sphere" if placing.grid.is_sphere else "plane"
    if fraction == 0:
        reason = "sealing was switched off (test fraction 0)"
        seal = Seal("none", seed, fraction, columns=placing.columns, reason=reason)
        return Sealing(seal, np.zeros(len(keys.of_row), dtype=bool), keys)
    t, is_test, said = first_good_try(keys, labels, fraction=fraction, seed=seed)
    seal = Seal(kind, seed, fraction, t, placing.columns, cutoff=placing.grid.size)
    return with_enough_rows(Sealing(seal, is_test, keys, said), labels)


def replay_places(seal: Seal, placing: Placing, labels: Array | None) -> Sealing:
    """Seal the blocks that an earlier seal closes, in the same file or a grown one.

    Raises
    ------
    DataError
        If the seal is not one of places, or of others than these.
    """
    if seal.kind == "none":
        nothing = np.zeros(len(placing.keys.of_row), dtype=bool)
        return Sealing(seal, nothing, placing.keys)
    kind = "sphere" if placing.grid.is_sphere else "plane"
    if seal.kind != kind or seal.columns != placing.columns or seal.cutoff != placing.grid.size:
        by_seal = ", ".join(column.name for column in seal.columns)
        by_run = ", ".join(column.name for column in placing.columns)
        raise DataError(
            f"the seal is {seal.kind} by {by_seal or 'nothing'}, and this run holds blocks of "
            f"{placing.grid.size:g} on the {kind} by {by_run} together",
            "ask for the division of the seal, or drop --seal",
        )
    is_test = closed_rows(placing.keys, seal.seed, seal.t, seal.fraction)
    return with_enough_rows(Sealing(seal, is_test, placing.keys), labels)
