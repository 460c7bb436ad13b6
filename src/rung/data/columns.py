"""Decide what a column is, and turn it into the arrays that a data set holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data import cells, dates
from rung.typing import Array, Kind

PARSED_SHARE = 0.98


@dataclass(frozen=True)
class Parsed:
    """Hold one column after parsing, before its role is known.

    Attributes
    ----------
    name : str
        Its name.
    kind : str
        What a value is.
    values : ndarray, shape (n_rows,)
        As in `Dataset`: float64, or int32 codes.
    levels : tuple of str
        Distinct strings in code point order.
    exact_integers : bool
        The levels are whole numbers too long for a float64.
    supported : bool
        False for nested or binary values, which are left out.
    findings : tuple of Finding
        What parsing changed.
    unit : str
        For dates that do not begin with the year, the order of their parts.
    """

    name: str
    kind: Kind
    values: Array
    levels: tuple[str, ...] = ()
    exact_integers: bool = False
    supported: bool = True
    findings: tuple[Finding, ...] = ()
    unit: str = ""


def parse_column(series: pl.Series, *, decimal_comma: bool = False) -> Parsed:
    """Parse a column of any type.

    Parameters
    ----------
    series : polars.Series, shape (n_rows,)
        Strings as a text file spells them, or typed values.
    decimal_comma : bool, default False
        Whether `1,5` may be a number.

    Returns
    -------
    Parsed
        Kind, values and findings.

    Examples
    --------
    >>> parse_column(pl.Series("x", ["1", "?", "3"])).values
    array([ 1., nan,  3.])
    """
    dtype = series.dtype
    if isinstance(dtype, pl.Categorical | pl.Enum):
        stripped = cells.strip_missing(series.cast(pl.String))
        return coded(series.name, stripped)
    if dtype == pl.String:
        return _parse_strings(series, decimal_comma)
    if dtype == pl.Boolean:
        return Parsed(series.name, "boolean", _floats(series.cast(pl.Float64)))
    if dtype in (pl.Date, pl.Datetime):
        return Parsed(series.name, "datetime", _floats(seconds_of(series)))
    if dtype in (pl.Time, pl.Duration):
        return Parsed(series.name, "number", _floats(_as_seconds(series)))
    if dtype.is_integer():
        return _parse_integers(series)
    if dtype.is_numeric():
        return _number(series.name, series.cast(pl.Float64).fill_nan(None), ())
    if dtype == pl.Null:
        return Parsed(series.name, "number", np.full(len(series), np.nan))
    if dtype == pl.Object:
        return _parse_objects(series)
    return _unsupported(series)


def coded(name: str, strings: pl.Series, *, exact_integers: bool = False) -> Parsed:
    """Code strings as positions in their sorted distinct values.

    Examples
    --------
    >>> coded("x", pl.Series(["b", None, "a"])).values
    array([ 1, -1,  0], dtype=int32)
    """
    levels = strings.drop_nulls().unique().sort()
    codes = code_strings(strings, tuple(levels))
    return Parsed(name, "category", codes, tuple(levels), exact_integers)


def code_strings(strings: pl.Series, levels: tuple[str, ...], unknown: int = -1) -> Array:
    """Return the position of every string in `levels`, -1 where null, `unknown` where absent.

    Examples
    --------
    >>> code_strings(pl.Series(["b", None, "z"]), ("a", "b"), unknown=-2)
    array([ 1, -1, -2], dtype=int32)
    """
    codes = strings.cast(pl.Enum(list(levels)), strict=False).to_physical().cast(pl.Int32)
    positions = codes.fill_null(unknown).to_numpy().astype(np.int32)
    positions[strings.is_null().to_numpy()] = -1
    return positions


def seconds_of(series: pl.Series) -> pl.Series:
    """Return dates or times as seconds since 1970 UTC, null for missing.

    Examples
    --------
    >>> seconds_of(pl.Series([86_400_000]).cast(pl.Datetime("ms"))).to_list()
    [86400.0]
    """
    if series.dtype == pl.Date:
        return series.cast(pl.Int32).cast(pl.Float64) * 86_400.0
    return _as_seconds(series)


def _as_seconds(series: pl.Series) -> pl.Series:
    unit = getattr(series.dtype, "time_unit", "ns")
    per_second = {"ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
    return series.cast(pl.Int64).cast(pl.Float64) / per_second


def _parse_strings(series: pl.Series, decimal_comma: bool) -> Parsed:
    quick = cells.to_numbers(series)
    if quick.null_count() == 0 and not any(cells.are_digit_strings(series, quick)):
        return _number(series.name, quick, ())
    strings = cells.strip_missing(series)
    name, n_present = series.name, len(series) - strings.null_count()
    if n_present == 0:
        return Parsed(name, "number", np.full(len(series), np.nan))
    numbers = cells.to_numbers_with_comma(strings) if decimal_comma else None
    if numbers is None:
        numbers = cells.to_numbers(strings)
    n_numbers = len(numbers) - numbers.null_count()
    if n_numbers >= PARSED_SHARE * n_present:
        too_long, zero_led = cells.are_digit_strings(strings, numbers)
        if too_long or zero_led:
            return coded(name, strings, exact_integers=too_long)
        return _number(name, numbers, _dirty(name, strings, numbers, _quote_cells(series)))
    truth = cells.to_truth(strings)
    if truth.null_count() == strings.null_count():
        return Parsed(name, "boolean", _floats(truth))
    order = dates.date_order(strings)
    if order is not None:
        seconds = dates.to_seconds_in(strings, order)
        if len(seconds) - seconds.null_count() >= PARSED_SHARE * n_present:
            findings = _dirty(name, strings, seconds, (), what="dates")
            return Parsed(name, "datetime", _floats(seconds), findings=findings, unit=order)
    return coded(name, strings)


def _quote_cells(series: pl.Series) -> tuple[str, ...]:
    """List cells that a person would not take for missing: blanks only, or a pair of quotes."""
    odd = series.filter(series.str.contains(r'^(?:[ \t]+|\s*""\s*)$'))
    return tuple(odd.to_list()) if len(odd) <= max(20, 0.02 * len(series)) else ()


def _dirty(
    name: str,
    strings: pl.Series,
    parsed: pl.Series,
    extra: tuple[str, ...],
    *,
    what: str = "numbers",
) -> tuple[Finding, ...]:
    odd = strings.filter(parsed.is_null() & strings.is_not_null())
    count = len(odd) + len(extra)
    if count == 0:
        return ()
    examples = sorted({*odd.unique().to_list(), *extra})[:3]
    shown = ", ".join(repr(example) for example in examples)
    message = f"{what}, but for {count} of {len(strings)} cells: {shown}"
    remedy = "read as missing; correct them in the file if they mean something"
    return (Finding(f"dirty_{what.rstrip('s')}", "warning", (name,), message, remedy),)


def _parse_integers(series: pl.Series) -> Parsed:
    largest, smallest = series.max(), series.min()
    bounds = [abs(int(bound)) for bound in (largest, smallest) if bound is not None]  # type: ignore[arg-type]
    if bounds and max(bounds) >= cells.EXACT_LIMIT:
        return coded(series.name, series.cast(pl.String), exact_integers=True)
    return Parsed(series.name, "number", _floats(series.cast(pl.Float64)))


def _number(name: str, numbers: pl.Series, findings: tuple[Finding, ...]) -> Parsed:
    infinite = int(numbers.is_infinite().sum())
    if infinite:
        numbers = numbers.set(numbers.is_infinite().fill_null(False), None)
        message = f"{infinite} of {len(numbers)} values are infinite"
        remedy = "read as missing"
        findings = (*findings, Finding("infinite", "warning", (name,), message, remedy))
    return Parsed(name, "number", _floats(numbers), findings=findings)


def _parse_objects(series: pl.Series) -> Parsed:
    values = series.to_list()
    if all(value is None or isinstance(value, str | int | float | bool) for value in values):
        texts = [None if is_missing_object(value) else str(value) for value in values]
        return _parse_strings(pl.Series(series.name, texts, dtype=pl.String), False)
    return _unsupported(series)


def is_missing_object(value: object) -> bool:
    """Tell whether a Python value stands for missing: None, or any kind of NaN.

    Examples
    --------
    >>> is_missing_object(float("nan")), is_missing_object("")
    (True, False)
    """
    return value is None or bool(value != value)  # noqa: PLR0124 - the test that all NaNs pass


def _unsupported(series: pl.Series) -> Parsed:
    finding = Finding(
        "unsupported",
        "warning",
        (series.name,),
        f"values of type {series.dtype} cannot be used",
        "left out; turn them into numbers or strings, one column each",
    )
    nothing = np.full(len(series), np.nan)
    return Parsed(series.name, "number", nothing, supported=False, findings=(finding,))


def _floats(series: pl.Series) -> Array:
    values = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.array(values, dtype=np.float64)
