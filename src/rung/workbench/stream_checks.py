"""Look at a sample of a table that does not fit in memory as `rung.fit` looks at a whole one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from rung.check.sentinel import IN_DOUBT, IN_TARGET, evidence
from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding, Severity
from rung.core.sentinels import Sentinel, find_sentinels
from rung.data.cells import strip_missing, to_numbers
from rung.data.stream import ParquetBlocks
from rung.typing import Array

READ_AS_MISSING = "read as missing; keep_sentinels=True keeps it as a number"
KEPT = "kept as a number, as keep_sentinels=True asks"


def look_for_sentinels(
    blocks: ParquetBlocks, *, are_kept: bool
) -> tuple[ParquetBlocks, tuple[Finding, ...]]:
    """Return blocks that read sentinels as missing, and a finding for each of them.

    Parameters
    ----------
    blocks : ParquetBlocks
        Of which a sample is looked at.
    are_kept : bool
        Leave them as numbers.
    """
    found = find_sentinels(_sample(blocks, blocks.features))
    certain = {one.value: one.column for one in found if one.is_certain}
    if not blocks.classes:
        target = find_sentinels(_sample(blocks, (blocks.target,)), known=certain)
    else:
        target = ()
    values = _values(found)
    sentinels = () if are_kept else tuple(tuple(values.get(one, ())) for one in blocks.features)
    return replace(blocks, sentinels=sentinels), (
        *(_of_target(one) for one in target),
        *(_of_column(one, are_kept=are_kept) for one in found),
    )


def left_out(blocks: ParquetBlocks, n_used: int) -> tuple[Finding, ...]:
    """Return findings for columns and rows that nothing was learned from.

    Parameters
    ----------
    blocks : ParquetBlocks
        The table.
    n_used : int
        Rows with a target.
    """
    found = [_skipped(blocks, name) for name in blocks.skipped]
    lost = blocks.n_rows - n_used
    if lost:
        said = f"{lost:,} of {blocks.n_rows:,} rows have no target and were left out"
        found.append(Finding("no_target", "warning", (blocks.target,), said))
    return tuple(found)


def _skipped(blocks: ParquetBlocks, name: str) -> Finding:
    cells = blocks.sample([name])[name]
    said = f"{name!r} holds {cells.dtype}, not numbers, and was left out"
    remedy = "give it as numbers, or a column of 0 and 1 for each of its values"
    if cells.dtype == pl.String:
        words = strip_missing(cells).drop_nulls()
        if len(words) and to_numbers(words).is_not_null().all():
            said = f"{name!r} holds numbers that were saved as text, and was left out"
            remedy = "save it as numbers"
    return Finding("skipped_column", "warning", (name,), said, remedy)


def _sample(blocks: ParquetBlocks, names: tuple[str, ...]) -> Dataset:
    frame = blocks.sample(names)
    values: dict[str, Array] = {
        name: frame[name].cast(pl.Float64).to_numpy().astype(np.float64) for name in names
    }
    return Dataset(tuple(Column(name, "number") for name in names), values, len(frame))


def _values(found: tuple[Sentinel, ...]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for one in found:
        if one.is_certain:
            values.setdefault(one.column, []).append(one.value)
    return values


def _of_target(one: Sentinel) -> Finding:
    severity: Severity = "alarm" if one.is_certain else "warning"
    return Finding("sentinel", severity, (one.column,), f"target: {evidence(one)}", IN_TARGET)


def _of_column(one: Sentinel, *, are_kept: bool) -> Finding:
    remedy = IN_DOUBT
    if one.is_certain:
        remedy = KEPT if are_kept else READ_AS_MISSING
    return Finding("sentinel", "warning", (one.column,), evidence(one), remedy)
