"""Hold a simulated table, and how its rows hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes
    ----------
    form : str
        How it was drawn.
    columns : dict of str to ndarray, each (n_rows,)
        Its columns; the target is `y`.
    code : str
        What is to be found: `groups`, `time`, `space`, or nothing.
    unit : ndarray of int, shape (n_rows,)
        Group, stretch or cell of each row: what honest folds keep together.
    hidden : tuple of str
        Columns that name the groups, and are no features where they are respected.
    """

    form: str
    columns: dict[str, np.ndarray]
    code: str = ""
    unit: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    hidden: tuple[str, ...] = ()


def standard(values: np.ndarray) -> np.ndarray:
    """Return values with mean 0 and spread 1."""
    return (values - values.mean()) / (values.std() or 1.0)


def words(codes: np.ndarray, levels: Sequence[str]) -> np.ndarray:
    """Write codes as words."""
    return np.array(levels)[np.asarray(codes).astype(int)]
