"""The verb `embed`: principal components of a table, a map, and the map of nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.sentinels import blank_sentinels, find_sentinels
from rung.data import ReadOptions, Table
from rung.data.table import DEFAULTS
from rung.errors import UsageError
from rung.groups.coordinates import Coordinates, learn_coordinates
from rung.kinds.table.roles import check_names
from rung.maps.components import (
    Components,
    find_components,
    principal_axes,
    shuffle_columns,
    trustworthiness,
)
from rung.maps.neighbours import NeighbourMap, map_neighbours
from rung.store.durable import write_bytes
from rung.typing import JSON, Array, Untyped
from rung.workbench.clusters import read_again, read_rows, row_of_file

METHODS = ("components", "tsne")
MOST_MAPPED, MOST_SHUFFLED = 20_000, 1_000
PICTURES = (".svg", ".html")
HEIGHT_INCHES = 3.4


@dataclass(frozen=True)
class RowMap:
    """The outcome of `rung.embed`.

    Attributes
    ----------
    components : Components
        Of the standardised columns.
    coordinates : Coordinates
        What turned the table into numbers.
    method : str
        `components` or `tsne`.
    placed, shuffled : ndarray, shape (n_rows, 2)
        The map, in the order of the file, and the same map of shuffled columns.
    trust, trust_shuffled : float
        Trustworthiness of both.
    table : Table
        The rows, by which new ones are read.
    neighbours : NeighbourMap or None
        What places new rows on a map of t-SNE.
    left_out : tuple of str
        Columns that have no place on it, though nobody left them out.
    """

    components: Components
    coordinates: Coordinates
    method: str
    placed: Array
    shuffled: Array
    trust: float
    trust_shuffled: float
    table: Table
    neighbours: NeighbourMap | None = None
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to columns, a sentence each."""
        named = ", ".join(self.left_out)
        left = (f"dates, texts and identifiers have no place on the map: {named}",) if named else ()
        return (*left, *self.coordinates.notes)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the coordinates: the table's, or axes of Gower's distances."""
        if self.coordinates.axes is None:
            return self.coordinates.names
        return tuple(f"axis {one + 1}" for one in range(self.coordinates.axes.shape[1]))

    def place(self, data: Any, *, options: ReadOptions = DEFAULTS) -> Array:
        """Return where new rows stand on the map, shape (n_new, 2).

        Parameters
        ----------
        data : path or frame
            A table with the columns of the map.
        options : ReadOptions
            How to read a text file.

        Raises
        ------
        DataError
            If a column of the map is absent.
        """
        places = self.coordinates.place(read_again(data, self.table, options))
        if self.neighbours is not None:
            return self.neighbours.place(places)
        return self.components.place(places)

    def plot(self, color: str | None = None) -> Sequence[Untyped]:
        """Draw the map, and beside it that of shuffled columns; return both axes of matplotlib.

        Parameters
        ----------
        color : str, optional
            A column of the table, best one that takes no part in the map.
        """
        from rung.report.figures import new_panels
        from rung.report.row_map import plot_map

        return plot_map(new_panels(2, HEIGHT_INCHES), self._picture(color), self._places)

    def svg(self, color: str | None = None) -> str:
        """Return both maps as one SVG file, coloured as by `plot`."""
        from rung.report.figures import drawn
        from rung.report.row_map import plot_map

        found = self._picture(color)

        def draw(canvas: Untyped) -> None:
            plot_map(canvas.subplots(1, 2), found, self._places)

        return drawn(HEIGHT_INCHES, draw)

    def page(self, name: str = "table", color: str | None = None) -> str:
        """Return the map as one HTML file without scripts, coloured as by `plot`.

        Parameters
        ----------
        name : str
            Of the table.
        color : str, optional
            A column of the table.
        """
        from rung.report.row_map import map_page

        return map_page(self.to_dict(), self.svg(color), name)

    def _picture(self, color: str | None) -> JSON:
        """Return what is drawn: what was found, and the column that colours it."""
        if color is not None:
            check_names(self.table.dataset, "color", (color,))
        colour = None if color is None else _colour(self.table.dataset, color)
        return self.to_dict() | {"colour": colour}

    def _repr_html_(self) -> str:
        svg = self.svg()
        return svg[svg.index("<svg") :]

    @property
    def _places(self) -> tuple[Array, Array]:
        return self.placed, self.shuffled

    def to_dict(self) -> JSON:
        """Return what was found, ready for JSON."""
        found = self.components
        return {
            "method": self.method,
            "n_rows": len(self.placed),
            "columns": list(self.names),
            "components": [
                {
                    "component": one + 1,
                    "share": round(float(found.shares[one]), 4),
                    "by_chance": round(float(found.by_chance[one]), 4),
                    "words": found.words(self.names, one),
                }
                for one in range(min(len(found.shares), max(found.n_real, 2)))
            ],
            "n_real": found.n_real,
            "n_predicting": found.n_predicting if self.coordinates.axes is None else None,
            "unexplained": [round(float(one), 4) for one in found.errors],
            "trustworthiness": round(self.trust, 4),
            "trustworthiness_shuffled": round(self.trust_shuffled, 4),
            "notes": list(self.notes),
        }


@one_thread_each()
def embed(
    data: Any,
    *,
    method: str = "components",
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    seed: int = 0,
    options: ReadOptions = DEFAULTS,
) -> RowMap:
    """Place the rows of a table on a map, and say what may be read from it.

    Parameters
    ----------
    data : path or frame
        A table; every column that is no identifier, text or date takes part.
    method : str
        `components`, the first two principal components, or `tsne` (extra `embed`).
    features : sequence of str, optional
        The only columns to look at.
    drop : sequence of str
        Columns to leave out.
    seed : int
        Of shuffles, resamples and t-SNE.
    options : ReadOptions
        How to read a text file.

    Raises
    ------
    DataError
        If the table has too few rows, or no column that varies.
    UsageError
        If the method is not known, or needs fewer rows.
    MissingExtra
        If t-SNE is asked for without openTSNE.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> line = rng.normal(size=(100, 1)) + 0.2 * rng.normal(size=(100, 3))
    >>> found = embed(line)
    >>> found.components.n_real, found.placed.shape
    (1, (100, 2))
    """
    if method not in METHODS:
        raise UsageError(
            f"method {method!r} is not known; accepted: {', '.join(METHODS)}", "use one of them"
        )
    rows, order, table = read_rows(data, features=features, drop=drop, options=options)
    coordinates = learn_coordinates(rows, seed=seed)
    X = coordinates.place(rows, seed)
    if method == "tsne" and len(X) > MOST_MAPPED:
        raise UsageError(
            f"t-SNE of {len(X):,} rows; {MOST_MAPPED:,} are the most", "give fewer rows"
        )
    has_distances = coordinates.axes is not None
    own = partial(_shuffled_distances, rows, most=MOST_SHUFFLED) if has_distances else None
    components = find_components(X, seed=seed, shuffle=own)
    rng = np.random.default_rng([0x3AA, seed % 2**63])
    blank = _shuffled_distances(rows, rng) if has_distances else shuffle_columns(X, rng)
    neighbours = map_neighbours(X, seed=seed) if method == "tsne" else None
    placed = components.place(X) if neighbours is None else neighbours.placed
    shuffled = _first_two(blank) if neighbours is None else map_neighbours(blank, seed=seed).placed
    back = np.argsort(order)
    return RowMap(
        components=components,
        coordinates=coordinates,
        method=method,
        placed=placed[back],
        shuffled=shuffled[back],
        trust=trustworthiness(X, placed),
        trust_shuffled=trustworthiness(blank, shuffled),
        table=table,
        neighbours=neighbours,
        left_out=_left_out(rows, features, drop),
    )


def _left_out(
    rows: Dataset, features: Sequence[str] | None, drop: Sequence[str]
) -> tuple[str, ...]:
    """Name the columns that were asked for, or not left out by name, and that no map has."""
    used = {c.name for c in rows.features if c.kind in ("number", "boolean", "category")}
    asked = {column.name for column in rows.columns} if features is None else set(features)
    return tuple(c.name for c in rows.columns if c.name in asked - used - set(drop))


def _shuffled_distances(rows: Dataset, rng: np.random.Generator, most: int | None = None) -> Array:
    """Return Gower coordinates of a table, or a part, each of whose columns is shuffled first."""
    values = {column.name: rng.permutation(rows.values[column.name]) for column in rows.columns}
    part = Dataset(rows.columns, values, rows.n_rows)
    if most is not None and rows.n_rows > most:
        part = part.take(np.arange(most))
    return learn_coordinates(part).place(part)


def _first_two(X: Array) -> Array:
    """Return rows along the first two principal components."""
    return np.asarray((X - X.mean(axis=0)) @ principal_axes(X)[0][:, :2])


def _colour(dataset: Dataset, name: str) -> JSON:
    """Return the column that colours a map: numbers, or codes of levels, NaN where missing."""
    dataset = dataset.with_roles({name: "feature"})
    dataset = blank_sentinels(dataset, find_sentinels(dataset))
    column, values = dataset.column(name), dataset.values[name]
    levels = list(column.levels) if column.is_coded else []
    codes = np.where(values < 0, np.nan, values) if levels else values
    return {"name": name, "levels": levels, "values": np.asarray(codes, dtype=float)}


def new_rows_to_file(found: RowMap, data: Any, out: Path, options: ReadOptions = DEFAULTS) -> int:
    """Write where rows of another table stand on a map, and return how many there are."""
    from rung.workbench.verbs import _frame, deliver

    placed = found.place(data, options=options)
    deliver(_frame({"x": placed[:, 0], "y": placed[:, 1]}), out)
    return len(placed)


def picture_to_file(found: RowMap, out: Path, name: str, color: str | None = None) -> None:
    """Write the map as a picture (.svg) or as a page (.html), coloured by a column."""
    from rung.report.figures import on_paper

    is_page = out.suffix == ".html"
    page = found.page(name, color) if is_page else on_paper(found.svg(color))
    write_bytes(out, page.encode("utf-8"))


def check_picture(out: Path, *, force: bool) -> None:
    """Refuse a picture that could not be written, before anything is computed."""
    if out.suffix not in PICTURES:
        raise UsageError(
            f"picture {out.name!r} ends in {out.suffix!r}; {', '.join(PICTURES)} are known",
            "rename the picture",
        )
    if out.exists() and not force:
        raise UsageError(f"picture {str(out)!r} exists", "use --force to replace it")


def map_to_file(found: RowMap, out: Path) -> None:
    """Write a row a row of the table: its place, and that of a row of shuffled columns."""
    from rung.workbench.verbs import _frame, deliver

    columns = {
        **row_of_file(found.table),
        "x": found.placed[:, 0],
        "y": found.placed[:, 1],
        "shuffled_x": found.shuffled[:, 0],
        "shuffled_y": found.shuffled[:, 1],
    }
    deliver(_frame(columns), out)
