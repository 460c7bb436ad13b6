"""Hold a table in memory: named columns, each with its kind and its role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from rung.core.column_parts import DATETIME_PARTS, SPHERE_PARTS, datetime_parts, unit_vectors
from rung.typing import Array, Kind, Role, Rows

MISSING = -1
UNSEEN = -2


@dataclass(frozen=True)
class Notation:
    """Say how the numbers of a column are written.

    Attributes
    ----------
    decimal : str
        What parts whole and fraction: a point or a comma.
    grouping : str
        What parts thousands: a comma, a point, a blank, an apostrophe, or nothing.
    unit : str
        What stands beside every number, such as `%`, `$` or `kg`; it changes no value.
    """

    decimal: str = "."
    grouping: str = ""
    unit: str = ""


PLAIN = Notation()


@dataclass(frozen=True)
class Column:
    """Describe one column.

    Attributes
    ----------
    name : str
        As the file spells it.
    kind : str
        What a value is. `number`, `boolean` and `datetime` are float64 with NaN for missing
        (datetimes in seconds since 1970, UTC); `category` and `text` are int32 codes into
        `levels`, -1 for missing.
    role : str
        What the column does in this run.
    levels : tuple of str
        The distinct strings, sorted; empty for numbers.
    unit : str
        Physical unit, where the file states one.
    sentinels : tuple of float
        Numbers that are read as missing, sorted.
    notation : Notation
        How its numbers are written in a text.
    tokens : tuple of str
        Strings that are read as missing here and not everywhere, sorted.
    span : tuple of float
        Lowest and highest number in training, by which new rows are judged; empty for none.
    title : str
        Long name, where the file states one.
    date_order : str
        For dates that do not begin with the year, the order of their parts.
    far : tuple of float
        Numbers below and above which a cell lies far outside training; empty where that is a
        range beyond the ends of the span.
    parts : tuple of str
        Of dates, the numbers that models are given; empty for `DATETIME_PARTS`.
    longitude : str
        Of latitudes on a wide part of a sphere, the column of longitudes: the unit vector stands
        beside the angles.
    """

    name: str
    kind: Kind
    role: Role = "feature"
    levels: tuple[str, ...] = ()
    unit: str = ""
    sentinels: tuple[float, ...] = ()
    notation: Notation = PLAIN
    tokens: tuple[str, ...] = ()
    span: tuple[float, ...] = ()
    title: str = ""
    date_order: str = ""
    parts: tuple[str, ...] = ()
    longitude: str = ""
    far: tuple[float, ...] = ()

    @property
    def is_coded(self) -> bool:
        """Tell whether values are codes into `levels`."""
        return self.kind in ("category", "text")


class Items(Protocol):
    """What stands beside a row of a table and is no column, such as an image."""

    def take(self, rows: Array) -> Items:
        """Return those of these rows, in this order."""
        ...


@dataclass(frozen=True)
class Dataset:
    """Hold what was read and parsed; nothing in it is fitted.

    It is the `Design` that families see: `numbers` and `codes` give the feature columns only.

    Attributes
    ----------
    columns : tuple of Column
        Every column of the table, features or not, in file order.
    values : mapping of str to ndarray, shape (n_rows,)
        One array a column.
    n_rows : int
        Number of rows.
    items : Items or None
        What else belongs to each row.
    """

    columns: tuple[Column, ...]
    values: Mapping[str, Array]
    n_rows: int
    items: Items | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.columns, dict(self.values), self.n_rows, self.items)

    def column(self, name: str) -> Column:
        """Return the description of the column called `name`."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def features(self) -> tuple[Column, ...]:
        """Columns that models may use."""
        return tuple(column for column in self.columns if column.role == "feature")

    @cached_property
    def number_names(self) -> tuple[str, ...]:
        """Name the columns of `numbers`; a datetime gives one name for each of its parts."""
        return tuple(name for column in self.features for name in self.numbers_of(column))

    @cached_property
    def number_owners(self) -> tuple[str, ...]:
        """Name the column of the table that each column of `numbers` is made of."""
        return tuple(column.name for column in self.features for _ in self.numbers_of(column))

    def numbers_of(self, column: Column) -> tuple[str, ...]:
        """Name the columns of `numbers` that a feature gives; none if it is coded."""
        if column.is_coded:
            return ()
        if column.kind == "datetime":
            return tuple(f"{column.name}.{part}" for part in column.parts or DATETIME_PARTS)
        if not self._is_on_sphere(column):
            return (column.name,)
        return (column.name, *(f"{column.name}.{part}" for part in SPHERE_PARTS))

    def _is_on_sphere(self, column: Column) -> bool:
        return any(one.name == column.longitude for one in self.features)

    @cached_property
    def category_columns(self) -> tuple[Column, ...]:
        """Feature columns that `codes` gives, with their levels."""
        return tuple(column for column in self.features if column.kind == "category")

    @cached_property
    def text_columns(self) -> tuple[Column, ...]:
        """Columns of running text that models may use, which `text_codes` gives."""
        return tuple(column for column in self.columns if column.role == "text")

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """Columns that a model is given: features, and columns of text."""
        return tuple(column for column in self.columns if column.role in ("feature", "text"))

    @cached_property
    def weight(self) -> Array | None:
        """Weights of the rows, shape (n_rows,), or None."""
        for column in self.columns:
            if column.role == "weight":
                return self.values[column.name]
        return None

    def numbers(self, rows: Rows = None) -> Array:
        """Return numeric features, float64, shape (n_rows, n_numbers), NaN for missing.

        Datetimes come as their parts, latitudes on a sphere with the unit vector beside them,
        booleans as 0 and 1.
        """
        matrix = np.empty((self._count(rows), len(self.number_names)), dtype=np.float64)
        for position, column in enumerate(self.number_columns(rows)):
            matrix[:, position] = column
        return matrix

    def number_columns(self, rows: Rows = None) -> Iterator[Array]:
        """Yield the columns of `numbers` one by one, not copied where rows are a slice."""
        chosen = slice(None) if rows is None else rows
        for column in self.features:
            if column.is_coded:
                continue
            values = self.values[column.name][chosen]
            if column.kind == "datetime":
                yield from datetime_parts(values, column.parts or DATETIME_PARTS).T
                continue
            yield values
            if self._is_on_sphere(column):
                yield from unit_vectors(self.values[column.longitude][chosen], values).T

    def codes(self, rows: Rows = None) -> Array:
        """Return category codes, int32, shape (n_rows, n_categories); -1 missing, -2 unseen."""
        chosen = slice(None) if rows is None else rows
        matrix = np.empty((self._count(rows), len(self.category_columns)), dtype=np.int32)
        for position, column in enumerate(self.category_columns):
            matrix[:, position] = self.values[column.name][chosen]
        return matrix

    def text_codes(self, rows: Rows = None) -> Array:
        """Return codes of texts, int32, shape (n_rows, n_texts); below 0 where there is none."""
        chosen = slice(None) if rows is None else rows
        matrix = np.empty((self._count(rows), len(self.text_columns)), dtype=np.int32)
        for position, column in enumerate(self.text_columns):
            matrix[:, position] = self.values[column.name][chosen]
        return matrix

    def _count(self, rows: Rows) -> int:
        if rows is None:
            return self.n_rows
        return len(range(*rows.indices(self.n_rows))) if isinstance(rows, slice) else len(rows)

    def blocks(self, rows: Array, size: int = 65_536) -> Iterator[Array]:
        """Yield numeric features of `rows` in blocks of at most `size` rows."""
        for start in range(0, len(rows), size):
            yield self.numbers(rows[start : start + size])

    def take(self, rows: Array) -> Dataset:
        """Return the data set of these rows, in this order, with the same columns and levels."""
        values = {name: array[rows] for name, array in self.values.items()}
        items = None if self.items is None else self.items.take(rows)
        return Dataset(self.columns, values, len(rows), items)

    def with_roles(self, roles: Mapping[str, Role]) -> Dataset:
        """Return the same data with other roles for the named columns."""
        columns = tuple(
            replace(column, role=roles.get(column.name, column.role)) for column in self.columns
        )
        return Dataset(columns, self.values, self.n_rows, self.items)

    def strings(self, name: str) -> Sequence[str | None]:
        """Return a coded column as strings, None where missing."""
        levels = self.column(name).levels
        return [levels[code] if code >= 0 else None for code in self.values[name]]
