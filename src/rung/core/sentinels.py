"""Find numbers that stand for missing, such as -99, and blank them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.tails import FAR, far_limits
from rung.typing import Array

FEWEST = 2
FEWEST_OTHERS = 10
FEWEST_DISTINCT = 10
BELOW_GAP = 1.0
ABOVE_GAP = 3.0
SHARED_GAP = 0.1
LARGEST_LONE = -9.0
FILL = 1e19
SAME = 1e-6
SKIPPED_ROLES = ("target", "weight", "time", "dropped")


@dataclass(frozen=True)
class Sentinel:
    """State that a value of a column stands apart, with the evidence.

    Attributes
    ----------
    column : str
        Where it is.
    value : float
        The value.
    count : int
        Rows that hold it.
    nearest : float
        The column's next value.
    spread : float
        Largest minus smallest of the column's other values.
    is_certain : bool
        Whether it can only mean missing, so that it may be read so.
    shared_with : str
        A column in which the same value is certain by itself; empty if this one is.
    """

    column: str
    value: float
    count: int
    nearest: float
    spread: float
    is_certain: bool
    shared_with: str = ""

    @property
    def gap(self) -> float:
        """Distance to the next value, in spreads of the others."""
        distance = abs(self.value - self.nearest)
        return distance / self.spread if self.spread > 0 else float("inf")


@dataclass(frozen=True)
class _End:
    """The lowest or highest value of a column, against the values between."""

    sentinel: Sentinel
    others: Array
    n_others: int


def find_sentinels(
    dataset: Dataset, *, known: Mapping[float, str] | None = None
) -> tuple[Sentinel, ...]:
    """Find repeated values that stand far outside the rest of their column.

    A value counts as *certain* if it is the lowest or highest of its column, stands at least
    twice, is written as such values are, and its distance from the next value is at least as
    large as the whole range of the others: below, any row of nines (-99, -99.9, -9999), or any
    whole number up to -9 in a column without other negatives; above, a row of nines three
    ranges away. Once certain in one column, the same value is certain at the end of any other
    column where it is the one negative value, or a tenth of the range away. What looks like one
    but could be a measured value, such as an isolated 0, is reported as not certain.

    Parameters
    ----------
    dataset : Dataset
        All rows: only the columns' own values are looked at, never the target.
    known : mapping of float to str, optional
        Values that are certain in columns of these names, which are not in the table.

    Returns
    -------
    tuple of Sentinel
        In column order.

    Examples
    --------
    >>> from rung.core.dataset import Column
    >>> values = np.array([1.0, 2.0, 2.5, 3.0, 4.0, 2.2, 1.5, 3.5, 3.1, 2.8, -99.0, -99.0])
    >>> table = Dataset((Column("colour", "number"),), {"colour": values}, 12)
    >>> [(one.value, one.count, one.is_certain) for one in find_sentinels(table)]
    [(-99.0, 2, True)]
    """
    counted = {
        column.name: _count(dataset.values[column.name])
        for column in dataset.columns
        if column.kind == "number" and column.role not in SKIPPED_ROLES
    }
    certain = dict(known or {})
    for name, values in counted.items():
        for end in _ends(name, *values, known=()):
            if _is_certain(end):
                certain.setdefault(end.sentinel.value, name)
    ends = [end for name, values in counted.items() for end in _ends(name, *values, known=certain)]
    judged = [(_judge(end, certain), end) for end in ends]
    return tuple(one for one, end in judged if one.is_certain or _is_suspect(end))


def _count(values: Array) -> tuple[Array, Array]:
    distinct, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    return distinct, counts


def _ends(name: str, distinct: Array, counts: Array, *, known: Collection[float]) -> list[_End]:
    """Peel repeated lowest and highest values off a column, while they look like sentinels."""
    low, high = 0, len(distinct)
    found: list[_End] = []
    while high - low >= 2:
        sides = [_end(name, distinct[low:high], counts[low:high], is_low=s) for s in (True, False)]
        apart = [side for side in sides if _is_candidate(side, known)]
        if not apart:
            break
        best = max(apart, key=lambda end: end.sentinel.gap)
        found.append(best)
        if best.sentinel.value == distinct[low]:
            low += 1
        else:
            high -= 1
    return found


def _end(name: str, distinct: Array, counts: Array, *, is_low: bool) -> _End:
    at, beside = (0, 1) if is_low else (-1, -2)
    others = distinct[1:] if is_low else distinct[:-1]
    value, count = float(distinct[at]), int(counts[at])
    spread = float(others[-1] - others[0])
    sentinel = Sentinel(name, value, count, float(distinct[beside]), spread, False)
    return _End(sentinel, others, int(counts.sum()) - count)


def _is_candidate(end: _End, known: Collection[float]) -> bool:
    value = end.sentinel.value
    if end.sentinel.count < FEWEST or end.n_others < FEWEST_OTHERS:
        return False
    return value == 0 or value in known or _has_shape(end)


def _has_shape(end: _End) -> bool:
    value = end.sentinel.value
    return _is_nines(value) or abs(value) >= FILL or _is_lone_negative(end)


def _is_nines(value: float) -> bool:
    """Tell whether a number is written with two nines or more and nothing else.

    Examples
    --------
    >>> [_is_nines(value) for value in (-99.0, 9999.0, -99.9, 9.0, 199.0)]
    [True, True, True, False, False]
    """
    digits = f"{abs(value):.7g}".replace(".", "")
    return len(digits) >= 2 and set(digits) == {"9"}


def _is_lone_negative(end: _End) -> bool:
    value = end.sentinel.value
    return value <= LARGEST_LONE and value.is_integer() and float(end.others[0]) >= 0


def _is_certain(end: _End) -> bool:
    value, gap = end.sentinel.value, end.sentinel.gap
    if not _has_shape(end) or len(end.others) < 2:
        return False
    if value < 0:
        return gap >= BELOW_GAP
    return gap >= ABOVE_GAP and len(end.others) >= FEWEST_DISTINCT


def _is_suspect(end: _End) -> bool:
    value, gap = end.sentinel.value, end.sentinel.gap
    if _is_lone_negative(end) and _is_nines(value):
        return True
    return gap >= BELOW_GAP and (value < 0 or len(end.others) >= FEWEST_DISTINCT)


def _judge(end: _End, known: Mapping[float, str]) -> Sentinel:
    """Decide whether a value is certain: by itself, or since another column proves it."""
    one = end.sentinel
    if _is_certain(end):
        return replace(one, is_certain=True)
    if one.value in known and (_is_lone_negative(end) or one.gap >= SHARED_GAP):
        return replace(one, is_certain=True, shared_with=known[one.value])
    return one


def new_sentinels(
    column: str, values: Array, span: tuple[float, ...], *, known: Collection[float] = ()
) -> tuple[Sentinel, ...]:
    """Find numbers of new rows that training did not have and that look like sentinels.

    They lie as far from all other numbers, those of training too, as `find_sentinels` asks. One
    that repeats is certain, as it would have been in training.

    Parameters
    ----------
    column : str
        Its name.
    values : ndarray, shape (n_rows,)
        New numbers, NaN for missing.
    span : tuple of float
        Lowest and highest number in training; empty if it is not known.
    known : collection of float
        Sentinels of other columns in training.

    Examples
    --------
    >>> new = np.array([20.1, 99.0, 21.5, 99.0])
    >>> [(one.value, one.count, one.gap) for one in new_sentinels("mag", new, (18.0, 24.0))]
    [(99.0, 2, 12.5)]
    """
    if not span or not _leaves(values, *span):
        return ()
    low = span[0]
    distinct, counts = _count(values)
    is_odd = np.array([_could_be(value, low, known) for value in distinct.tolist()], dtype=bool)
    others = np.concatenate([distinct[~is_odd], span])
    spread = float(np.ptp(others))
    found = []
    for value, count in zip(distinct[is_odd].tolist(), counts[is_odd].tolist(), strict=True):
        nearest = float(others[np.argmin(np.abs(others - value))])
        one = Sentinel(column, value, count, nearest, spread, count >= FEWEST)
        if one.gap >= (BELOW_GAP if value < low else ABOVE_GAP):
            found.append(one)
    return tuple(found)


def _leaves(values: Array, low: float, high: float) -> bool:
    """Tell whether numbers reach so far out that one may be a sentinel; quick, for every row."""
    if not len(values) or high <= low:
        return False
    top, bottom = np.fmax.reduce(values), np.fmin.reduce(values)
    return bool(top - high > high - low or low - bottom >= high - low)


def _could_be(value: float, low: float, known: Collection[float]) -> bool:
    is_lone = low >= 0 and value <= LARGEST_LONE and value.is_integer()
    return _is_nines(value) or abs(value) >= FILL or is_lone or value in known


def blank(values: Array, sentinels: Iterable[float]) -> Array:
    """Return a column of numbers with its sentinels as NaN.

    A value counts as the sentinel if it is so to float32 precision, so that files which store
    numbers in fewer bytes mean the same.

    Examples
    --------
    >>> blank(np.array([1.0, -99.0]), [-99.0])
    array([ 1., nan])
    """
    for sentinel in sentinels:
        with np.errstate(over="ignore"):
            values = np.where(np.abs(values - sentinel) <= SAME * abs(sentinel), np.nan, values)
    return values


def with_spans(columns: Iterable[Column], dataset: Dataset, rows: Array) -> tuple[Column, ...]:
    """Return columns that remember the lowest and the highest number of these rows.

    Where a tail is heavy they remember from where on a number is far outside, too.
    """
    return tuple(
        _with_span(column, dataset.values[column.name][rows]) if column.kind == "number" else column
        for column in columns
    )


def _with_span(column: Column, values: Array) -> Column:
    span = _span(values)
    if not span or span[0] == span[1]:
        return replace(column, span=span)
    low, high = far_limits(values)
    reach = FAR * (span[1] - span[0])
    is_heavy = low < span[0] - reach or high > span[1] + reach
    far = (low, high) if is_heavy and np.isfinite([low, high]).all() else ()
    return replace(column, span=span, far=far)


def _span(values: Array) -> tuple[float, ...]:
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else ()


def blank_sentinels(dataset: Dataset, found: Iterable[Sentinel]) -> Dataset:
    """Return the data set with the certain sentinels of its features as missing.

    The columns remember them, so that new rows are read the same way.
    """
    by_name: dict[str, list[float]] = {}
    for one in found:
        if one.is_certain:
            by_name.setdefault(one.column, []).append(one.value)
    columns = tuple(
        replace(column, sentinels=tuple(sorted(by_name.get(column.name, ()))))
        if column.role == "feature"
        else column
        for column in dataset.columns
    )
    values = {
        column.name: blank(dataset.values[column.name], column.sentinels) for column in columns
    }
    return Dataset(columns, values, dataset.n_rows)
