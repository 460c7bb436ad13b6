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
from rung.groups.coordinates import Coordinates
from rung.groups.count import FEWEST_ROWS, Grouping
from rung.groups.differences import GroupDifference, find_differences
from rung.groups.evidence import find_evidence, telling_half
from rung.groups.of_tables import LEVELS_ALONE, find_table_groups
from rung.groups.rules import GroupRule, find_rules
from rung.kinds.table.roles import check_names
from rung.maps.components import principal_axes
from rung.store.durable import write_bytes
from rung.typing import JSON, Array, Role, Untyped
from rung.workbench.group_tables import cross, left_out


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
    differences : tuple of tuple of GroupDifference
        Of each group, the columns in which it differs most; empty for none.
    crossed : dict or None
        Rows by group and level of the column that was named.
    places : ndarray, shape (n_rows, n_axes)
        Coordinates of the rows, in the order of `grouping.labels`.
    """

    grouping: Grouping
    coordinates: Coordinates
    rules: tuple[GroupRule, ...]
    labels: Array
    stability: Array
    agreement: Agreement | None
    table: Table
    differences: tuple[tuple[GroupDifference, ...], ...]
    crossed: JSON | None
    places: Array

    @property
    def is_of_levels(self) -> bool:
        """Whether every column has levels alone, and these alone part the rows."""
        notes = [note for note in self.coordinates.notes if LEVELS_ALONE in note]
        return any(not note.endswith("left out") for note in notes)

    @property
    def verdict(self) -> str:
        """Return the finding in a sentence."""
        found = self.grouping
        if found.verdict == "none":
            if self.is_of_levels:
                return "no groups beyond the levels of single columns"
            return "no groups: no gap between rows that the other half of the rows confirms"
        if found.verdict == "undecided" and found.low > 1:
            return f"undecided: more than one group, and halves of the rows show {found.low} to {found.high}"
        if found.verdict == "undecided":
            return f"undecided: halves of the rows show 1 to {found.high} groups"
        return f"{found.k} groups ({found.low} to {found.high})"

    def assign(self, data: Any, *, options: ReadOptions = DEFAULTS) -> Array:
        """Return the group of new rows, from 1; 0 for those that are like none."""
        rows = read_again(data, self.table, options)
        return self.grouping.assign(self.coordinates.place(rows)) + 1

    def to_dict(self) -> JSON:
        """Return what was found, ready for JSON.

        Returns
        -------
        dict
            `k`, `low`, `high`, `verdict`, `level` and `sentence`: the finding; `claimed_at`: the
            level up to which groups are claimed; `by_links`: whether they are pieces of linked rows,
            for which halves have no valleys. `groups`: of each
            the rows, stability, rule (`text`, `accuracy`, `base`, `depth`) and the columns in which
            it differs most (`differs`). `halves`: of each half the number of groups, the level and
            the valleys with their counts, and `shown` which of them pictures show. `like_none`: rows that are like no group. `agreement`
            and `crossed`: with the column that was named. `columns`, `left_out` and `notes`: what
            was looked at, what was not and why, what was done to the values.
        """
        found = self.grouping
        halves = find_evidence(found, self.places)
        groups = [
            {
                "group": one + 1,
                "rows": size,
                "stability": round(stable, 4),
                **rule,
                "differs": differs,
            }
            for one, (size, stable, rule, differs) in enumerate(
                zip(
                    found.sizes,
                    found.group_stability,
                    map(plain, self.rules),
                    map(plain, self.differences),
                    strict=False,
                )
            )
        ]
        return {
            "k": found.k,
            "low": found.low,
            "high": found.high,
            "verdict": found.verdict,
            "level": float(f"{found.level:.4g}"),
            "claimed_at": found.claimed_at,
            "by_links": any(half.is_linked for half in found.halves),
            "sentence": self.verdict,
            "n_rows": len(self.labels),
            "columns": list(self.coordinates.names),
            "groups": groups,
            "like_none": int(self.is_like_none.sum()),
            "agreement": plain(self.agreement),
            "crossed": self.crossed,
            "halves": [plain(half) for half in halves],
            "shown": telling_half(halves, found.k, found.level),
            "left_out": left_out(self.table.dataset, self.coordinates.names),
            "notes": [*self.coordinates.notes, *found.notes],
        }

    @property
    def is_like_none(self) -> Array:
        """Tell which rows are like no group, in the order of `grouping.labels`."""
        return self.grouping.assign(self.places) < 0

    def plot(self) -> Sequence[Untyped]:
        """Draw the rows by group, and what the finding rests on; return the axes of matplotlib."""
        from rung.report.figures import new_panels
        from rung.report.plot_groups import HEIGHT_INCHES, plot_groups

        return plot_groups(new_panels(2, HEIGHT_INCHES), self._picture())

    def svg(self) -> str:
        """Return what `plot` draws as one SVG file."""
        from rung.report.figures import drawn
        from rung.report.plot_groups import HEIGHT_INCHES, plot_groups

        found = self._picture()
        return drawn(HEIGHT_INCHES, lambda canvas: plot_groups(canvas.subplots(1, 2), found))

    def page(self, name: str = "table") -> str:
        """Return the finding as one HTML file without scripts.

        Parameters
        ----------
        name : str
            Of the table.
        """
        from rung.report.groups_page import groups_page

        return groups_page(self._picture(), name)

    def _picture(self) -> JSON:
        """Return what was found, and where the rows stand on two principal components."""
        axes, shares = principal_axes(self.places)
        centred = self.places - self.places.mean(axis=0)
        if self.places.shape[1] == 1:
            centred, shares = (
                np.column_stack([centred, np.zeros(len(centred))]),
                np.append(shares, 0),
            )
            axes = np.eye(2)
        return self.to_dict() | {
            "placed": centred @ axes[:, :2],
            "shares": shares[:2],
            "labels": np.where(self.is_like_none, -1, self.grouping.labels),
            "stabilities": [
                self.grouping.stability[self.grouping.labels == one]
                for one in range(self.grouping.k)
            ],
            "has_distances": self.coordinates.axes is not None,
            "units": {one.name: one.unit for one in self.table.dataset.columns},
        }

    def _repr_html_(self) -> str:
        svg = self.svg()
        return svg[svg.index("<svg") :]


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
    coordinates, places, grouping = find_table_groups(rows, seed)
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
        differences=find_differences(rows, coordinates.names, grouping.labels),
        crossed=None if label is None else cross(table.dataset, label, labels),
        places=places,
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


def groups_picture_to_file(found: Clusters, out: Path, name: str) -> None:
    """Write the finding as a picture (.svg) or as a page (.html)."""
    from rung.report.figures import on_paper

    page = found.page(name) if out.suffix == ".html" else on_paper(found.svg())
    write_bytes(out, page.encode("utf-8"))


def cluster_to_file(found: Clusters, out: Path) -> None:
    """Write a row a row of the table: its group and how stable it is."""
    from rung.workbench.verbs import _frame, deliver

    columns = {
        **row_of_file(found.table),
        "group": found.labels,
        "stability": found.stability.round(4),
    }
    deliver(_frame(columns), out)
