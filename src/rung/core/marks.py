"""Mark the sealed rows by digests of what they hold, so that they are known again elsewhere.

A row is what its cells hold, the target among them: order and name of the file play no role, and
numbers count as float32, so that a table survives being written with fewer digits. A row is known
by several *views* of it: all its columns; all but the target; and a few *parts*, each the target
with the fewest columns that tell rows apart. So it is known when other columns are dropped, added
or changed, when the target has another name or unit, and when another column is the target. Of each
view the lowest digests are kept, a fair sample of the rows whatever their number.

Source: Broder (1997), Compression and Complexity of Sequences: bottom-k sketches of sets.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np

from rung.core.dataset import Dataset
from rung.core.keys import key_column
from rung.core.mixing import mix
from rung.typing import JSON, Array

KEPT_OF_WHOLE, KEPT_OF_PART = 1024, 256
MOST_PARTS, MOST_DETOURS = 4, 8
SAMPLED_ROWS = 2000
# A view tells rows apart well enough if so many of those that differ at all differ in it.
FEW_ALIKE, SOME_ALIKE = 0.995, 0.95
# Below this share of common rows, two tables merely hold some equal rows.
LEAST_SHARE = 0.03

Columns = tuple[int, ...]


def digest_number(data: bytes) -> int:
    """Return the 64-bit digest of bytes as a number.

    Examples
    --------
    >>> 0 <= digest_number(b"mass") < 2**64
    True
    """
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


# Stands for the target, whatever its name.
TARGET = digest_number(b"rung: the target")
MISSING = digest_number(b"rung: a missing cell")


class MarkedRows(Protocol):
    """Sealed rows that can be marked, and compared with marks of others."""

    @property
    def n(self) -> int:
        """Number of rows."""
        ...

    @property
    def counted(self) -> str:
        """What they are called, in the plural."""
        ...

    @property
    def views(self) -> tuple[Columns, ...]:
        """Which columns to digest, as digests of their names; the whole comes first."""
        ...

    def digests(self, columns: Columns) -> Array | None:
        """Return the distinct digests of the rows, sorted; None if a column is absent."""
        ...


@dataclass(frozen=True)
class View:
    """The lowest digests of rows, of some of their columns.

    Attributes
    ----------
    columns : tuple of int
        Digests of the columns' names, sorted.
    n_distinct : int
        How many rows differ.
    lowest : ndarray of uint64
        Their lowest digests, sorted; all where they are few.
    """

    columns: Columns
    n_distinct: int
    lowest: Array

    def share_of(self, digests: Array) -> float:
        """Return the share of these rows that were marked."""
        is_all = len(self.lowest) == self.n_distinct
        near = digests if is_all else digests[digests <= self.lowest[-1]]
        return float(np.isin(near, self.lowest).mean()) if len(near) else 0.0

    def share_in(self, digests: Array) -> float:
        """Return the share of the marked rows that are among these."""
        return float(np.isin(self.lowest, digests).mean())


@dataclass(frozen=True)
class Marks:
    """The marks of a set of rows: their number, the digest of all, and its views."""

    n: int
    digest: str
    views: tuple[View, ...]

    def share_of(self, rows: MarkedRows, *, with_column: int | None = None) -> float:
        """Return which share of other rows is among the marked ones: the largest of all views.

        It is 0 where no view shows more common rows than chance might: a view in which one row of
        fifty is like another finds about that many of any such table again. Only views that hold
        a column are asked, if one is given.
        """
        views = [v for v in self.views if with_column is None or with_column in v.columns]
        return max((self._share(view, rows) for view in views), default=0.0)

    def _share(self, view: View, rows: MarkedRows) -> float:
        own = rows.digests(view.columns)
        if own is None:
            return 0.0
        share = view.share_of(own)
        alike = 1 - view.n_distinct / self.views[0].n_distinct
        return share if share >= LEAST_SHARE + 3 * max(alike, 0.0) else 0.0

    def share_in(self, rows: MarkedRows) -> float:
        """Return which share of the marked rows is among other rows, as the first view has it."""
        found = ((view, rows.digests(view.columns)) for view in self.views)
        return next((view.share_in(own) for view, own in found if own is not None), 0.0)

    def to_dict(self) -> JSON:
        """Return the marks as JSON knows them; `read_marks` is the way back."""
        views = [
            {
                "columns": _packed(np.array(view.columns, dtype="<u8")),
                "distinct": view.n_distinct,
                "rows": _packed(view.lowest),
            }
            for view in self.views
        ]
        return {"n": self.n, "digest": self.digest, "views": views}


def make_marks(rows: MarkedRows) -> Marks:
    """Mark rows.

    Examples
    --------
    >>> from rung.core.dataset import Column, Dataset
    >>> columns = (Column("x", "number"), Column("y", "number", "target"))
    >>> values = {"x": np.arange(9.0), "y": np.arange(9.0)}
    >>> rows = TableRows(Dataset(columns, values, 9), "y")
    >>> make_marks(rows).share_of(TableRows(Dataset(columns, values, 9).take(np.arange(3)), "y"))
    1.0
    """
    views = []
    whole = rows.digests(rows.views[0])
    assert whole is not None, "the whole is made of columns that are there"
    for i, columns in enumerate(rows.views):
        own = rows.digests(columns)
        assert own is not None, "views are made of columns that are there"
        views.append(View(columns, len(own), own[: KEPT_OF_PART if i else KEPT_OF_WHOLE]))
    digest = hashlib.blake2b(whole.astype("<u8").tobytes(), digest_size=16).hexdigest()
    return Marks(rows.n, digest, tuple(views))


def read_marks(stored: Any) -> Marks:
    """Read marks that were written as JSON.

    Raises
    ------
    ValueError, TypeError
        If they are no marks.
    """
    if not isinstance(stored, dict) or set(stored) != {"n", "digest", "views"}:
        raise ValueError("marks of rows are n, digest and views")
    n, digest = stored["n"], stored["digest"]
    if type(n) is not int or n < 1 or not isinstance(digest, str) or len(digest) != 32:
        raise ValueError(f"{n!r} marked rows with digest {digest!r}")
    if not isinstance(stored["views"], list) or not stored["views"]:
        raise ValueError("marks without a view")
    return Marks(n, digest, tuple(_read_view(view) for view in stored["views"]))


def _read_view(stored: Any) -> View:
    if not isinstance(stored, dict) or set(stored) != {"columns", "distinct", "rows"}:
        raise ValueError("a view of rows is columns, distinct and rows")
    columns, lowest = _unpacked(stored["columns"]), _unpacked(stored["rows"])
    n_distinct = stored["distinct"]
    if type(n_distinct) is not int or not 0 < len(lowest) <= n_distinct:
        raise ValueError(f"{len(lowest)} digests of {n_distinct!r} rows")
    return View(tuple(columns.tolist()), n_distinct, lowest)


def _packed(values: Array) -> str:
    return base64.b64encode(values.astype("<u8").tobytes()).decode("ascii")


def _unpacked(text: Any) -> Array:
    """Return numbers that rise, as all that is packed here does."""
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    data = base64.b64decode(text, validate=True)
    if len(data) % 8:
        raise ValueError(f"{len(data)} bytes are no whole numbers")
    values: Array = np.frombuffer(data, dtype="<u8").astype(np.uint64)
    if (values[1:] <= values[:-1]).any():
        raise ValueError("digests do not rise")
    return values


@dataclass
class TableRows:
    """The sealed rows of a table, as the file has them.

    Attributes
    ----------
    dataset : Dataset
        The rows, with their roles.
    target : str
        Name of the target column; empty for none.
    """

    dataset: Dataset
    target: str
    counted: ClassVar[str] = "rows"
    _found: dict[Columns, Array | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.dataset.n_rows

    @cached_property
    def _named(self) -> dict[int, str]:
        """Return the column behind each digest of a name; the target has a second one."""
        named = {digest_number(c.name.encode("utf-8")): c.name for c in self.dataset.columns}
        return named | ({TARGET: self.target} if self.target else {})

    @cached_property
    def views(self) -> tuple[Columns, ...]:
        """All columns; all but the target; parts that tell rows apart."""
        number = {name: digest for digest, name in self._named.items() if digest != TARGET}
        if not self.target:
            parts = [{number[name] for name in names} for names in self._parts()]
            return tuple(tuple(sorted(view)) for view in (set(number.values()), *parts))
        target = number.pop(self.target)
        others = set(number.values())
        parts = [{TARGET, *(number[name] for name in names)} for names in self._parts()]
        views = ({target, *others}, *([others] if others else []), *parts)
        return tuple(tuple(sorted(view)) for view in views)

    def digests(self, columns: Columns) -> Array | None:
        """Return the distinct digests of the rows on these columns, sorted; None without one."""
        if columns not in self._found:
            is_there = all(column in self._named for column in columns)
            self._found[columns] = np.unique(self._row_digests(columns)) if is_there else None
        return self._found[columns]

    def _row_digests(self, columns: Iterable[int], n: int | None = None) -> Array:
        """Digest the first rows: a sum, so that no order of the columns plays a role."""
        total = np.zeros(len(np.arange(self.n)[:n]), dtype=np.uint64)
        for column in columns:
            cells = _cells(self.dataset, self._named[column])[:n]
            with np.errstate(over="ignore"):
                total += mix(cells ^ np.uint64(column))
        return mix(total)

    def _parts(self) -> list[list[str]]:
        """Find sets of features that tell rows apart with the target, and share no feature.

        Where there is but one such set, another is sought without each of its features.
        """
        part = self._part(())
        parts: list[list[str]] = []
        while part and len(parts) < MOST_PARTS:
            parts.append(part)
            part = self._part([name for one in parts for name in one])
        if len(parts) == 1:
            detours = [self._part([name]) for name in parts[0][:MOST_DETOURS]]
            parts += [one for one in detours if one]
        return parts

    def _part(self, avoided: Collection[str]) -> list[str]:
        """Take features, those of most values first, until they tell rows apart; [] if they don't."""
        joined = self._sampled.get(self.target, np.zeros(min(self.n, SAMPLED_ROWS), dtype=np.int64))
        chosen = list[str]()
        names = [name for name in self._sampled if name not in (self.target, *avoided)]
        for name in names:
            codes = self._sampled[name]
            joined = _codes(joined * (int(codes.max()) + 1) + codes)
            chosen.append(name)
            if joined.max() + 1 >= FEW_ALIKE * self._n_different:
                return chosen
        return chosen if chosen and joined.max() + 1 >= SOME_ALIKE * self._n_different else []

    @cached_property
    def _sampled(self) -> dict[str, Array]:
        """Number the values of target and features in a sample, those of most values first.

        Identifiers and times are left out: they number the rows of any table alike.
        """
        names = [c.name for c in self.dataset.features if c.kind != "datetime"]
        values = self.dataset.values
        names += [self.target] if self.target else []
        codes = {name: _codes(values[name][:SAMPLED_ROWS]) for name in names}
        return dict(sorted(codes.items(), key=lambda item: (-int(item[1].max()), item[0])))

    @cached_property
    def _n_different(self) -> int:
        return len(np.unique(self._row_digests(self._named, SAMPLED_ROWS)))


def _codes(values: Array) -> Array:
    """Return the values of a column as numbers from 0."""
    codes: Array = np.unique(values, return_inverse=True)[1]
    return codes


def _cells(dataset: Dataset, name: str) -> Array:
    """Return 64 bits for every cell of a column: those of a number, the digest of a string."""
    column, values = dataset.column(name), dataset.values[name]
    if column.is_coded:
        levels = [digest_number(level.encode("utf-8")) for level in column.levels]
        return np.array([*levels, MISSING], dtype=np.uint64)[values]
    is_time = key_column(column).form == "time"
    with np.errstate(over="ignore"):
        numbers = values.astype("<f8" if is_time else "<f4") + np.float32(0)  # -0 + 0 = 0
    numbers[np.isnan(numbers)] = np.nan
    bits: Array = numbers.view("<u8" if is_time else "<u4").astype(np.uint64)
    return bits
