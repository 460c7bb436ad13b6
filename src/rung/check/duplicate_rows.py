"""Find rows that repeat another row."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.typing import Array

BY_CHANCE = 2.0
SAME_TARGET = 0.2
COMPARED_ROLES = ("feature", "text", "group", "time")


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if rows are alike more often than chance makes them.

    Row numbers and the target are not compared, other identifiers are: rows of different names
    are different things, however alike. Chance is the number of pairs that would be alike if the
    columns were independent of one another. Where the target is a quantity, rows that are alike
    and mostly differ in it are repeated measurements, and no duplicates.
    """
    keys, chance = row_codes(seen.dataset)
    counts = np.unique(keys, return_counts=True)[1]
    n_rows, repeats = len(keys), int((counts - 1).sum())
    pairs = float((counts * (counts - 1.0) / 2).sum())
    if not repeats or pairs <= BY_CHANCE * chance * n_rows * (n_rows - 1) / 2:
        return ()
    shares = _same_target(seen)
    if shares is not None and shares < SAME_TARGET:
        return ()
    also = "" if shares is None else f", {shares:.0%} of those for training with the same target"
    return (
        Finding(
            "duplicate_rows",
            "info",
            (),
            f"{repeats} of {n_rows} rows repeat an earlier one{also}; one row stands "
            f"{int(counts.max())} times",
            "equal rows stay on one side of the sealed test and of every fold; remove them if "
            "they are mistakes",
        ),
    )


def _same_target(seen: Seen) -> float | None:
    """Return the share of the repeats among training rows whose quantity is repeated too."""
    if seen.problem is None or seen.problem.task != "regression":
        return None
    design = seen.problem.design
    assert isinstance(design, Dataset)
    keys = row_codes(design)[0]
    repeats = len(keys) - len(np.unique(keys))
    if not repeats:
        return None
    both = np.stack([keys, seen.problem.y.astype(np.float64).view(np.uint64)], axis=1)
    return (len(keys) - len(np.unique(both, axis=0))) / repeats


def row_codes(dataset: Dataset) -> tuple[Array, float]:
    """Write each row as one number, the same for rows that are alike.

    Parameters
    ----------
    dataset : Dataset
        Rows to compare, by features, text, groups, times, and identifiers but row numbers.

    Returns
    -------
    codes : ndarray of uint64, shape (n_rows,)
        A hash: among a million rows, the odds that two that differ share one are 1 to 40 million.
    chance : float
        Share of pairs of rows that would be alike if the columns were independent.

    Source
    ------
    The mixing steps are those of splitmix64: Steele, Lea & Flood (2014), OOPSLA.

    Examples
    --------
    >>> from rung.core.dataset import Column
    >>> table = Dataset((Column("x", "number"),), {"x": np.array([1.0, 2.0, 1.0])}, 3)
    >>> codes, chance = row_codes(table)
    >>> bool(codes[0] == codes[2]), bool(codes[0] == codes[1])
    (True, False)
    """
    columns = [
        column
        for column in dataset.columns
        if column.role in COMPARED_ROLES
        or (column.role == "identifier" and not _is_row_number(dataset.values[column.name]))
    ]
    codes = np.zeros(dataset.n_rows if columns else 0, dtype=np.uint64)
    chance = 1.0
    for column in columns:
        bits = _bits(dataset.values[column.name])
        counts = np.unique(bits, return_counts=True)[1]
        chance *= float(((counts / max(len(bits), 1)) ** 2).sum())
        codes = _mix(codes + np.uint64(0x9E3779B97F4A7C15) + _mix(bits))
    return codes, chance


def _is_row_number(values: Array) -> bool:
    """Tell whether a column of identifiers counts the rows; some of them may have been left out."""
    if values.dtype.kind != "f" or np.isnan(values).any():
        return False
    return len(np.unique(values)) == len(values) and float(np.ptp(values)) < 2 * len(values)


def _bits(values: Array) -> Array:
    numbers = values.astype(np.float64) + 0.0  # -0 + 0 = 0
    numbers[np.isnan(numbers)] = np.nan
    return numbers.view(np.uint64)


def _mix(bits: Array) -> Array:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))


CHECK = Check(
    code="duplicate_rows",
    title="rows that repeat another",
    severity="info",
    look=find,
    source="Barz & Denzler (2020), Journal of Imaging 6: duplicates across train and test",
    remedy="equal rows stay on one side of every split; remove them if they are mistakes",
)
