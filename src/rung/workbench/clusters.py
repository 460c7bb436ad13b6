"""The verb `cluster`: read a table, find its groups, say what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.keys import content_digests, content_order
from rung.core.result import plain
from rung.core.sentinels import blank_sentinels, find_sentinels
from rung.data import ReadOptions, Table, conform_rows, read_table
from rung.data.table import DEFAULTS
from rung.errors import DataError
from rung.groups.agreement import Agreement, compare_labels
from rung.groups.coordinates import Coordinates, learn_coordinates
from rung.groups.count import FEWEST_ROWS, Grouping, find_groups
from rung.groups.rules import GroupRule, find_rules
from rung.kinds.table.roles import check_names
from rung.typing import JSON, Array, Role


@dataclass(frozen=True)
class Clusters:
    """The outcome of `rung.cluster`.

    Attributes
    ----------
    grouping : Grouping
        Groups, their number and stability; labels in the order of `order`.
    coordinates : Coordinates
        What distances were measured in.
    rules : tuple of GroupRule
        What makes each group; empty for none.
    labels, stability : ndarray, shape (n_rows,)
        Of each row in the order of the file, groups from 1.
    agreement : Agreement or None
        With the column that was named.
    table : Table
        The rows, by which new ones are read.
    """

    grouping: Grouping
    coordinates: Coordinates
    rules: tuple[GroupRule, ...]
    labels: Array
    stability: Array
    agreement: Agreement | None
    table: Table

    @property
    def verdict(self) -> str:
        """Return the finding in a sentence."""
        found = self.grouping
        if found.verdict == "none":
            return "no groups: between any two places the rows are as dense as at the emptier one"
        if found.verdict == "undecided":
            return f"undecided: halves of the rows show 1 to {found.high} groups"
        return f"{found.k} groups ({found.low} to {found.high})"

    def assign(self, data: Any, *, options: ReadOptions = DEFAULTS) -> Array:
        """Return the group of new rows, from 1; 0 for those that are like none."""
        rows = read_again(data, self.table, options)
        return self.grouping.assign(self.coordinates.place(rows)) + 1

    def to_dict(self) -> JSON:
        """Return what was found, ready for JSON."""
        found = self.grouping
        groups = [
            {"group": one + 1, "rows": size, "stability": round(stable, 4), **rule}
            for one, (size, stable, rule) in enumerate(
                zip(found.sizes, found.group_stability, map(plain, self.rules), strict=False)
            )
        ]
        return {
            "k": found.k,
            "low": found.low,
            "high": found.high,
            "verdict": found.verdict,
            "level": float(f"{found.level:.4g}"),
            "sentence": self.verdict,
            "columns": list(self.coordinates.names),
            "groups": groups,
            "agreement": plain(self.agreement),
            "notes": [*self.coordinates.notes, *self.grouping.notes],
        }


@one_thread_each()
def cluster(
    data: Any,
    *,
    label: str | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    seed: int = 0,
    options: ReadOptions = DEFAULTS,
) -> Clusters:
    """Find whether the rows of a table form groups, how many, and what makes them.

    Parameters
    ----------
    data : path or frame
        A table; every column that is no identifier, text or date takes part.
    label : str, optional
        A column that is left out, and compared with the groups.
    features : sequence of str, optional
        The only columns to look at.
    drop : sequence of str
        Columns to leave out.
    seed : int
        Of halves and starts.
    options : ReadOptions
        How to read a text file.

    Raises
    ------
    DataError
        If the table has too few rows, or no column that varies.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> cluster(rng.normal(size=(200, 3))).grouping.k
    1
    """
    out = (*drop, *((label,) if label else ()))
    rows, order, table = read_rows(data, features=features, drop=out, options=options)
    coordinates = learn_coordinates(rows, seed=seed)
    grouping = find_groups(coordinates.place(rows, seed), seed=seed)
    back = np.argsort(order)
    labels = grouping.labels[back]
    return Clusters(
        grouping=grouping,
        coordinates=coordinates,
        rules=_rules(rows, coordinates, grouping, seed),
        labels=labels + 1,
        stability=grouping.stability[back],
        agreement=_agreement(table.dataset, label, labels, seed),
        table=table,
    )


def read_rows(
    data: Any, *, features: Sequence[str] | None, drop: Sequence[str], options: ReadOptions
) -> tuple[Dataset, Array, Table]:
    """Read a table that has no target.

    Returns
    -------
    rows : Dataset
        Sorted by content, so that the order of the file decides nothing.
    order : ndarray of int, shape (n_rows,)
        Row of the table of each.
    table : Table
        In the order of the file.
    """
    table = read_table(data, options=options)
    check_names(table.dataset, "--features", features or ())
    check_names(table.dataset, "--drop, --label or --color", drop)
    out = set(drop)
    if features is not None:
        out |= {column.name for column in table.dataset.columns} - set(features)
    roles: dict[str, Role] = dict.fromkeys(features or (), "feature")
    roles |= dict.fromkeys(out, "dropped")
    dataset = table.dataset.with_roles(roles)
    dataset = blank_sentinels(dataset, find_sentinels(dataset))
    _check_rows(dataset, table.source)
    order = content_order(content_digests(dataset))
    return dataset.take(order), order, replace(table, dataset=dataset)


def read_again(data: Any, table: Table, options: ReadOptions) -> Dataset:
    """Read new rows as those of a table, with the columns that were made there."""
    features = table.dataset.features
    asked = table.expressions.of([column.name for column in features])
    return conform_rows(data, features, expressions=asked, options=options).dataset


def row_of_file(table: Table) -> dict[str, Array]:
    """Return which rows of the file those of a table are, where it has not all of them.

    Examples
    --------
    >>> row_of_file(read_table({"x": [1.0, 5.0]}, options=ReadOptions(where="x > 2")))
    {'row': array([1])}
    """
    return {"row": table.rows} if table.expressions.condition else {}


def _check_rows(dataset: Dataset, source: str) -> None:
    if dataset.n_rows < FEWEST_ROWS:
        raise DataError(
            f"{source!r} has {dataset.n_rows} rows; {FEWEST_ROWS} are the fewest that can show "
            "groups or make a map",
            "give a table with more rows",
        )
    varying = [
        column.name
        for column in dataset.features
        if column.kind in {"number", "boolean", "category"}
        and len(np.unique(dataset.values[column.name])) > 1
    ]
    if not varying:
        raise DataError(
            f"{source!r} has no column of numbers or categories that varies",
            "give a table with other columns, or drop fewer",
        )


def _rules(
    rows: Dataset, coordinates: Coordinates, grouping: Grouping, seed: int
) -> tuple[GroupRule, ...]:
    """Find rules on numbers as the table has them, and on a column a level of each category."""
    if grouping.k == 1:
        return ()
    names, columns = [], []
    for name in coordinates.names:
        column, values = rows.column(name), rows.values[name]
        if not column.is_coded:
            names.append(name)
            columns.append(values)
            continue
        for code, level in enumerate(column.levels):
            names.append(f"[{name} = {level}]")
            columns.append((values == code).astype(float))
    return find_rules(np.column_stack(columns), names, grouping.labels, seed=seed)


def _agreement(dataset: Dataset, label: str | None, labels: Array, seed: int) -> Agreement | None:
    if label is None:
        return None
    values = dataset.values[label]
    known = values >= 0 if dataset.column(label).is_coded else np.isfinite(values)
    codes = np.full(len(values), -1)
    codes[known] = np.unique(values[known], return_inverse=True)[1]
    return compare_labels(labels, codes, seed=seed)


def cluster_to_file(found: Clusters, out: Path) -> None:
    """Write a row a row of the table: its group and how stable it is."""
    from rung.workbench.verbs import _frame, deliver

    columns = {
        **row_of_file(found.table),
        "group": found.labels,
        "stability": found.stability.round(4),
    }
    deliver(_frame(columns), out)
