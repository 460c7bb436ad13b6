"""Turn the columns of a table into what densities see, and what they draw back into cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rung.core.column_parts import SECONDS_PER_DAY
from rung.core.dataset import MISSING, UNSEEN, Column, Dataset
from rung.core.mixing import mix
from rung.density.cells import Spread, find_spread
from rung.typing import Array

FEW_NUMBERS = 2  # numbers of so few values are levels
LIKE_NUMBERS = ("number", "boolean", "datetime")
MOST_DECIMALS = 9
EXACT = 2.0**53
WRITABLE_DAYS = (-7e5, 2.9e6)  # of years with four digits
Noise = Callable[[int], Array]


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a column are written.

    Attributes
    ----------
    decimals : int or None
        Most digits behind the point; None for numbers with all their digits.
    low, high : float
        The range of training rows.
    """

    decimals: int | None
    low: float
    high: float

    def apply(self, numbers: Array) -> Array:
        """Return numbers within the range, rounded.

        Examples
        --------
        >>> NumberForm(1, 0.0, 9.5).apply(np.array([-1.0, 3.14159, 12.0])).tolist()
        [0.0, 3.1, 9.5]
        """
        inside = np.clip(numbers, self.low, self.high)
        return inside if self.decimals is None else np.asarray(np.round(inside, self.decimals))


def find_form(known: Array) -> NumberForm | None:
    """Return how numbers are written; None where there are none.

    Examples
    --------
    >>> find_form(np.array([1.5, 2.25])).decimals, find_form(np.array([3.0, 8.0])).decimals
    (2, 0)
    """
    if not len(known):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        fits = (d for d in range(MOST_DECIMALS + 1) if np.array_equal(np.round(known, d), known))
        return NumberForm(next(fits, None), float(known.min()), float(known.max()))


@dataclass(frozen=True)
class TableReading:
    """How the columns of a table become numbers and levels.

    Attributes
    ----------
    columns : tuple of Column
        Features as the file has them.
    spreads : mapping of str to Spread
        Numbers that repeat, and what they are spread over.
    levels : mapping of str to tuple of float
        Columns of numbers, or of true and false, that are levels of a category.
    forms : mapping of str to NumberForm
        How columns of numbers are written: what is drawn is written so too.
    """

    columns: tuple[Column, ...]
    spreads: Mapping[str, Spread]
    levels: Mapping[str, tuple[float, ...]]
    forms: Mapping[str, NumberForm] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to columns; what was done alike stands in one sentence."""
        dates = {column.name for column in self.columns if column.kind == "datetime"}
        alike: dict[str, list[str]] = {}
        for name, spread in self.spreads.items():
            if note := spread.note(name, **(DATE_WORDS if name in dates else {})):
                alike.setdefault(note.removeprefix(f"{name!r} "), []).append(repr(name))
        return tuple(
            f"{names[0]} {rest}" if len(names) == 1 else f"{', '.join(names)}: each {rest}"
            for rest, names in alike.items()
        )

    @property
    def seen(self) -> tuple[Column, ...]:
        """The columns as densities see them."""
        return tuple(self._seen(column) for column in self.columns)

    def _seen(self, column: Column) -> Column:
        if column.name in self.levels:
            names = tuple(level_name(column, value) for value in self.levels[column.name])
            return replace(column, kind="category", levels=names, span=(), sentinels=())
        return replace(column, kind="number") if column.kind == "datetime" else column

    def apply(self, dataset: Dataset, noise: Noise) -> Dataset:
        """Return the features with what repeats spread, dates as days, few numbers as levels.

        Parameters
        ----------
        dataset : Dataset
            Rows with the columns.
        noise : callable
            From the place of a column to numbers from 0 to 1, shape (n_rows,).
        """
        values = {}
        for place, column in enumerate(self.columns):
            cells = dataset.values[column.name]
            if column.name in self.levels:
                values[column.name] = _as_codes(cells, self.levels[column.name])
            elif column.name in self.spreads:
                cells = in_days(cells, column)
                values[column.name] = self.spreads[column.name].apply(cells, noise(place))
            else:
                values[column.name] = in_days(cells, column)
        return Dataset(self.seen, values, dataset.n_rows)

    def cells(self, numbers: Array, codes: Array) -> dict[str, Array]:
        """Return drawn rows as the table writes them: rounded and repeated numbers again.

        Parameters
        ----------
        numbers, codes : ndarray
            In the order of the seen columns; a level never seen is None.
        """
        found: dict[str, Array] = {}
        at_number = at_code = 0
        for column, seen in zip(self.columns, self.seen, strict=True):
            if seen.kind == "category":
                found[column.name] = self._level_cells(column, seen, codes[:, at_code])
                at_code += 1
                continue
            found[column.name] = self.written(column, numbers[:, at_number])
            at_number += 1
        return found

    def written(self, column: Column, numbers: Array) -> Array:
        """Return numbers of a density as cells of a column: dates, whole numbers, numbers.

        Examples
        --------
        >>> day = Column("day", "datetime")
        >>> reading = TableReading((day,), {}, {}, {"day": NumberForm(0, 0.0, 40.0)})
        >>> reading.written(day, np.array([31.2, 90.0])).tolist()
        ['1970-02-01', '1970-02-10']
        """
        own = self.as_written(column.name, numbers)
        if column.kind != "datetime":
            return self._in_own_type(column.name, own)
        form = self.forms.get(column.name)
        return date_cells(own, is_whole=form is not None and form.decimals == 0)

    def as_written(self, name: str, numbers: Array) -> Array:
        """Return numbers of a density as the column has them: repeated, within its range, rounded."""
        own = self.spreads.get(name, Spread()).undo(numbers)
        form = self.forms.get(name)
        return own if form is None else form.apply(own)

    def _in_own_type(self, name: str, numbers: Array) -> Array:
        form = self.forms.get(name)
        is_whole = form is not None and form.decimals == 0
        if not is_whole or not (np.abs(numbers) < EXACT).all():  # NaN is not whole either
            return numbers
        return numbers.astype(np.int64)

    def is_observed(self, numbers: Array, codes: Array) -> Array:
        """Tell which drawn rows have only numbers within the range of training, and known levels."""
        inside = np.ones(len(numbers), dtype=bool)
        at_number = at_code = 0
        for column in self.seen:
            if column.kind == "category":
                inside &= codes[:, at_code] < len(column.levels)
                at_code += 1
                continue
            own = self.spreads.get(column.name, Spread()).undo(numbers[:, at_number])
            form = self.forms.get(column.name)
            inside &= form is None or ((own >= form.low) & (own <= form.high))
            at_number += 1
        return inside

    def _level_cells(self, column: Column, seen: Column, codes: Array) -> Array:
        if column.kind == "number":
            values = np.array([*self.levels[column.name], np.nan])
            return self._in_own_type(column.name, values[np.minimum(codes, len(values) - 1)])
        names = np.array([*seen.levels, None], dtype=object)
        return np.asarray(names[np.minimum(codes, len(seen.levels))])


def level_name(column: Column, value: float) -> str:
    """Name a number that is a level.

    Examples
    --------
    >>> level_name(Column("is_red", "boolean"), 1.0), level_name(Column("n", "number"), 2.5)
    ('true', '2.5')
    """
    if column.kind == "boolean":
        return "true" if value else "false"
    return f"{value:.12g}"


def _as_codes(cells: Array, values: tuple[float, ...]) -> Array:
    codes = np.full(len(cells), UNSEEN, dtype=np.int32)
    codes[~np.isfinite(cells)] = MISSING
    for code, value in enumerate(values):
        codes[cells == value] = code
    return codes


def date_cells(days: Array, *, is_whole: bool) -> Array:
    """Write days since 1970 as dates, with the time of day unless all are whole days.

    Examples
    --------
    >>> date_cells(np.array([0.25]), is_whole=False).tolist()
    ['1970-01-01T06:00:00']
    """
    seconds = np.round(np.clip(days, *WRITABLE_DAYS) * SECONDS_PER_DAY)
    dates = seconds.astype("datetime64[s]")
    return np.datetime_as_string(dates.astype("datetime64[D]") if is_whole else dates)


def _date(days: float) -> str:
    return str(date_cells(np.array([days]), is_whole=float(days).is_integer())[0])


def _duration(days: float) -> str:
    """Write a step of a column of dates.

    Examples
    --------
    >>> _duration(1.0), _duration(1 / 24), _duration(7.0)
    ('1 day', '1 hour', '7 days')
    """
    for unit, size in (("day", 1.0), ("hour", 1 / 24), ("minute", 1 / 1440)):
        if (n := days / size) > 1 - 1e-6:
            return f"{n:.4g} {unit}{'s' * (f'{n:.4g}' != '1')}"
    return f"{days * SECONDS_PER_DAY:.4g} s"


DATE_WORDS = {"cell": _date, "width": _duration}


def in_days(cells: Array, column: Column) -> Array:
    """Return cells of dates as days, others as they are."""
    return cells / SECONDS_PER_DAY if column.kind == "datetime" else cells


def learn_reading(dataset: Dataset, rows: Array) -> TableReading:
    """Find on training rows what repeats in numbers, and which numbers are levels.

    Examples
    --------
    >>> columns = (Column("n", "number"), Column("m", "number"))
    >>> values = {"n": np.tile([0.0, 1.0], 9), "m": np.repeat(np.arange(6.0), 3)}
    >>> found = learn_reading(Dataset(columns, values, 18), np.arange(18))
    >>> found.levels, found.spreads["m"].step
    ({'n': (0.0, 1.0)}, 1.0)
    """
    columns = tuple(c for c in dataset.features if c.kind in (*LIKE_NUMBERS, "category"))
    spreads: dict[str, Spread] = {}
    levels: dict[str, tuple[float, ...]] = {}
    forms: dict[str, NumberForm] = {}
    for column in columns:
        if column.kind == "category":
            continue
        cells = in_days(dataset.values[column.name][rows], column)
        known = np.unique(cells[np.isfinite(cells)])
        if form := find_form(known):
            is_part = column.kind == "datetime" and form.decimals  # of a day: no decimal digits
            forms[column.name] = replace(form, decimals=None) if is_part else form
        if column.kind != "datetime" and len(known) <= FEW_NUMBERS:
            levels[column.name] = tuple(known.tolist())
            continue
        is_days = column.kind == "datetime" and form is not None and form.decimals == 0
        has_pairs = is_days and len(known) < np.isfinite(cells).sum()
        spread = Spread(1.0, float(known[0])) if has_pairs else find_spread(cells)
        if spread != Spread():
            spreads[column.name] = spread
    return TableReading(columns, spreads, levels, forms)


def drawn_noise(n_rows: int, seed: int) -> Noise:
    """Return noise by the place of a row: equal rows lie at different places of a step."""
    return lambda place: np.random.default_rng([0xDE0, seed % 2**63, place]).random(n_rows)


def noise_of_rows(dataset: Dataset, columns: tuple[Column, ...]) -> Noise:
    """Return noise by what a row holds, so that its density depends on no other row."""
    total = np.zeros(dataset.n_rows, dtype=np.uint64)
    for place, column in enumerate(columns):
        cells = np.asarray(dataset.values[column.name], dtype=np.float64) + 0.0
        with np.errstate(over="ignore"):
            total += mix(cells.view(np.uint64) ^ mix(np.array([place], dtype=np.uint64)))
    return lambda place: mix(total + np.uint64(place)) / np.float64(2.0**64)
