"""Count rows by group and by level of a column; say which columns took no part, and why."""

from __future__ import annotations

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.report.numbers import MINUS
from rung.typing import JSON, Array

MOST_LEVELS = 10
OTHER, MISSING = "other", "missing"
# By role or kind of a column.
WHY = {
    "dropped": "left out as asked",
    "identifier": "names rows",
    "constant": "does not vary",
    "text": "holds text",
    "datetime": "holds dates",
}


def cross(dataset: Dataset, label: str, groups: Array) -> JSON:
    """Return how many rows each group has of each level of a column.

    The most frequent levels have a column each, numbers in their order, the others one together.

    Parameters
    ----------
    dataset : Dataset
        In the order of `groups`.
    label : str
        The column.
    groups : ndarray of int, shape (n_rows,)
        From 0.

    Examples
    --------
    >>> from rung.data import read_table
    >>> table = read_table({"kind": ["a", "b", "b", "b"]}).dataset
    >>> cross(table, "kind", np.array([0, 0, 1, 1]))
    {'column': 'kind', 'levels': ['b', 'a'], 'n_levels': 2, 'rows': [[1, 1], [2, 0]]}
    """
    column, values = dataset.column(label), dataset.values[label]
    known = values >= 0 if column.is_coded else np.isfinite(values)
    distinct, codes, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    kept = kept if column.is_coded else np.sort(kept)
    place = np.full(len(distinct), len(kept))
    place[kept] = np.arange(len(kept))
    names = [_name(column, value) for value in distinct[kept]]
    at = np.full(len(values), len(kept) + 1)
    at[known] = place[codes]
    table = np.zeros((int(groups.max(initial=0)) + 1, len(kept) + 2), int)
    np.add.at(table, (groups, at), 1)
    shown = [*range(len(kept)), *(one for one in (-2, -1) if table[:, one].any())]
    names = [*names, OTHER, MISSING]
    return {
        "column": label,
        "levels": [names[one] for one in shown],
        "n_levels": len(distinct),
        "rows": table[:, shown].tolist(),
    }


def _name(column: Column, value: float) -> str:
    if column.is_coded:
        return column.levels[int(value)]
    if column.kind == "datetime":
        return str(np.datetime64(int(value), "s")).replace("T", " ")
    return f"{value:g}".replace("-", MINUS)


def left_out(dataset: Dataset, used: tuple[str, ...]) -> list[JSON]:
    """Return the columns that took no part, each with the reason.

    Examples
    --------
    >>> from rung.data import read_table
    >>> table = read_table({"a": [1.0, 2.0, 3.0], "b": [4.0, 4.0, 4.0]}).dataset
    >>> left_out(table, ("a",))
    [{'column': 'b', 'why': 'does not vary'}]
    """
    return [
        {"column": column.name, "why": _why(dataset, column)}
        for column in dataset.columns
        if column.name not in used
    ]


def _why(dataset: Dataset, column: Column) -> str:
    known = WHY.get(column.role) or WHY.get(column.kind)
    if known is not None:
        return known
    values = dataset.values[column.name]
    values = values[values >= 0] if column.is_coded else values[np.isfinite(values)]
    varies = len(values) > 0 and bool((values != values[0]).any())
    return "its levels part rows by themselves" if varies else "does not vary"
