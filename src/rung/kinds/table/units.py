"""Say what counts as one observation where rows are alike, and what is left to conclude."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.core.block_size import MOST_ROWS, count_stretches
from rung.core.blocks import BlockGrid
from rung.core.dataset import Dataset
from rung.core.durations import duration_text
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.placing import Placing
from rung.core.result import BlockSummary, Dependence
from rung.core.stretches import WANTED_STRETCHES, cut_stretches
from rung.core.task import TargetColumn
from rung.kinds.table.division import DivisionPlan, entity_numbers, residuals
from rung.typing import Array

# With fewer units, intervals of scores were seen to hold less often than said.
FEWEST_SURE_UNITS = 20
MOST_BLOCKS_SHOWN = 1_000
# A single stretch has no spread; so few allow no claim either, and that is said.
FEWEST_STRETCHES = 5


@dataclass(frozen=True)
class Units:
    """Hold what counts as one observation.

    Attributes
    ----------
    train, test : ndarray of int, shape (n_train,) and (n_test,)
        Unit of each training and sealed row.
    name, counted : str
        What a unit is called, and several of them.
    is_ordered : bool
        Whether units follow each other in time.
    """

    train: Array
    test: Array
    name: str = "row"
    counted: str = ""
    is_ordered: bool = False


def find_units(
    division: DivisionPlan,
    dataset: Dataset,
    target: TargetColumn,
    *,
    rows: tuple[Array, Array],
    folds: Folds,
) -> Units:
    """Find what counts as one observation: groups, blocks, stretches of time, or rows.

    Parameters
    ----------
    division : DivisionPlan
        How rows depend.
    dataset, target : Dataset and TargetColumn
        All rows; the target of training rows decides how long stretches are.
    rows : tuple of ndarray of int
        Training and sealed rows.
    folds : Folds
        Of the training rows; what is held out in time is cut into stretches.
    """
    train, test = rows
    if division.placing is not None:
        block = division.placing.keys.of_row
        return Units(block[train], block[test], "block", "blocks")
    if division.time is None:
        own = entity_numbers(dataset, train), entity_numbers(dataset, test)
        return Units(*own, ", ".join(division.group_names) or "row")
    times, scored = dataset.values[division.time], train[folds.scored]
    sample = scored[:MOST_ROWS]
    left = residuals(dataset, target, sample)
    n_alike = count_stretches(times[sample], left)
    wanted = min(max(n_alike, FEWEST_STRETCHES), WANTED_STRETCHES)
    found = cut_stretches(times[train], [folds.scored], wanted)
    span = float(np.ptp(times[scored])) or 1.0
    n_sealed = round(wanted * float(np.ptp(times[test])) / span) if len(test) else 0
    n_sealed = max(n_sealed, FEWEST_STRETCHES)
    sealed = cut_stretches(times[test], [np.arange(len(test))] if len(test) else [], n_sealed)
    return Units(found, sealed, "stretch of time", "stretches", is_ordered=True)


def describe(
    division: DivisionPlan, folds: Folds, units: Units, *, rows: tuple[Array, Array], n_aside: int
) -> Dependence | None:
    """Record how dependent rows were divided; None where rows count as independent."""
    if units.name == "row":
        return None
    blocks: tuple[BlockSummary, ...] = ()
    if division.placing is not None:
        said = division.placing.describe()
        blocks = _blocks(division.placing, folds, *rows)
    elif division.time is not None:
        said = _describe_time(division)
    else:
        sizes = np.bincount(units.train)
        said = (
            f"{len(sizes):,} groups to train on, {int(sizes.min()):,} to {int(sizes.max()):,} rows "
            f"each, {int(np.median(sizes)):,} in the middle"
        )
    return Dependence(units.counted or "groups", said, n_aside=n_aside, blocks=blocks)


def _describe_time(division: DivisionPlan) -> str:
    reach, is_date = division.reach, division.is_date
    window = (
        "all that lies before"
        if math.isinf(reach.rolling)
        else f"the {duration_text(reach.rolling, is_date=is_date)} before"
    )
    gap = f", but for a gap of {duration_text(reach.gap, is_date=is_date)}" if reach.gap else ""
    return f"each stretch is predicted from {window}{gap}"


def _blocks(placing: Placing, folds: Folds, train: Array, test: Array) -> tuple[BlockSummary, ...]:
    """Return where each block lies and which fold holds it out, the largest first."""
    fold = np.full(len(placing.across), -2)
    fold[test] = -1
    for number, split in enumerate(folds.splits[: folds.n_folds]):
        fold[train[split.test]] = number
    block = placing.keys.of_row
    # A row set aside tells nothing of its block, and all others of a block agree.
    held = np.full(len(placing.keys.distinct), -2)
    np.maximum.at(held, block, fold)
    sizes = placing.keys.sizes
    first = np.unique(block, return_index=True)[1]
    across = placing.across[first] + _mean_shift(placing.across, block, first, placing.grid)
    up = np.bincount(block, placing.up) / sizes
    order = np.lexsort((up, across, -sizes))[:MOST_BLOCKS_SHOWN]
    return tuple(
        BlockSummary(float(across[i]), float(up[i]), int(held[i]), int(sizes[i])) for i in order
    )


def _mean_shift(across: Array, block: Array, first: Array, grid: BlockGrid) -> Array:
    """Return how far a block's mean lies from its first row, the short way round the globe."""
    shift = across - across[first][block]
    if grid.is_sphere:
        shift = np.mod(shift + 180.0, 360.0) - 180.0
    found: Array = np.bincount(block, shift) / np.bincount(block)
    return found


def division_findings(
    division: DivisionPlan, units: Units, folds: Folds, *, n_aside: int
) -> tuple[Finding, ...]:
    """Say where too few units, or too large a range, leave less to conclude."""
    if units.name == "row":
        return ()
    named = division.group_names or ((division.time,) if division.time else ())
    if division.placing is not None:
        named = tuple(column.name for column in division.placing.columns)
    n_units = len(np.unique(units.train[folds.scored]))
    found = []
    if n_units < FEWEST_SURE_UNITS:
        found.append(_few_units(named, n_units, units.counted or "groups"))
    size = None if division.placing is None else division.placing.found
    if size is not None and size.is_capped:
        found.append(_capped(named, size.range, size.size, size.n_blocks))
    if n_aside:
        found.append(
            Finding(
                "rows_aside",
                "info",
                named,
                f"{n_aside:,} rows too near to sealed ones are neither sealed nor learned from",
                "a smaller --gap or --buffer keeps more of them",
            )
        )
    return tuple(found)


def _few_units(named: tuple[str, ...], n_units: int, counted: str) -> Finding:
    return Finding(
        "few_units",
        "warning",
        named,
        f"scores and comparisons rest on {n_units} {counted}: with fewer than "
        f"{FEWEST_SURE_UNITS}, 95% intervals cannot be promised to hold in 95% of studies",
        "read them as too narrow, and families that differ little as not told apart; more "
        f"{counted} would tell",
    )


def _capped(named: tuple[str, ...], reach: float, size: float, n_blocks: int) -> Finding:
    return Finding(
        "few_blocks",
        "warning",
        named,
        f"residuals are alike up to about {reach:.2g}, and blocks are {size:g}, as larger ones "
        f"would be fewer than {n_blocks}: neighbouring blocks still tell of each other",
        "read scores as those of places near the ones seen; --block-size and --buffer divide more "
        "strictly",
    )
