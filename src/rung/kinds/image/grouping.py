"""Join images of one group, such as tiles of a plate, with those that are nearly equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.dataset import Dataset
from rung.errors import UsageError, suggest

BLANK = ""


def groups_of(labels: Dataset, columns: Sequence[str]) -> list[str]:
    """Return the group of each image: its cells of all columns, empty where none is filled.

    Raises
    ------
    UsageError
        If there is no such column.

    Examples
    --------
    >>> from rung.data.image_labels import one_column
    >>> groups_of(one_column(["p1", "p2"], "plate"), ["plate"])
    ['p1', 'p2']
    """
    cells = [_cells(labels, column) for column in columns]
    return [", ".join(row) if any(row) else BLANK for row in zip(*cells, strict=True)]


def _cells(labels: Dataset, column: str) -> list[str]:
    names = [one.name for one in labels.columns]
    if column not in names:
        near = suggest(column, names)
        raise UsageError(
            f"column {column!r} of --groups not found; the labels have "
            f"{', '.join(map(repr, names))}",
            f"did you mean --groups {near!r}?" if near else "name one of these",
        )
    if labels.column(column).is_coded:
        return [cell or BLANK for cell in labels.strings(column)]
    return ["" if np.isnan(value) else f"{value:.17g}" for value in labels.values[column]]


def joined_keys(likeness: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return a key for each image: all that a group or a likeness holds together have one.

    It is the first name, by spelling, of the groups that are joined; of an image without a group
    its likeness.

    Examples
    --------
    >>> joined_keys(["a", "b", "b", "c"], ["plate 2", "plate 2", "plate 1", ""])
    ['plate 1', 'plate 1', 'plate 1', 'c']
    """
    parent: dict[tuple[bool, str], tuple[bool, str]] = {}

    def root(node: tuple[bool, str]) -> tuple[bool, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    # Nodes are (is likeness, name), so that the smaller of two roots is a group where there is one.
    for alike, group in zip(likeness, groups, strict=True):
        one, other = root((True, alike)), root((False, group) if group else (True, alike))
        parent[max(one, other)] = min(one, other)
    return [root((True, alike))[1] for alike in likeness]
