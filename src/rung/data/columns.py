"""Decide what a column is, and turn it into the arrays that a data set holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from rung.core.dataset import PLAIN, Notation
from rung.core.findings import Finding
from rung.data import cells, dates
from rung.data.notation import (
    find_reading,
    may_be_numbers,
    notation_finding,
    read_numbers,
    units_finding,
)
from rung.data.table import DEFAULTS, ReadOptions
from rung.data.tokens import (
    OtherTokens,
    count_cells,
    count_rest,
    mixed_finding,
    shown,
    stand_for_missing,
    token_findings,
    word_values,
)
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
    date_order : str
        For dates that do not begin with the year, the order of their parts.
    notation : Notation
        How its numbers are written.
    other : Notation or None
        The other reading, where a comma may part thousands or decimals.
    tokens : tuple of str
        Strings that are read as missing here and not everywhere.
    kept : tuple of (str, int)
        Words such as `NA` that are values here, with their counts.
    """

    name: str
    kind: Kind
    values: Array
    levels: tuple[str, ...] = ()
    exact_integers: bool = False
    supported: bool = True
    findings: tuple[Finding, ...] = ()
    date_order: str = ""
    notation: Notation = PLAIN
    other: Notation | None = None
    tokens: tuple[str, ...] = ()
    kept: tuple[tuple[str, int], ...] = ()


def parse_column(series: pl.Series, options: ReadOptions = DEFAULTS, *, likely: str = "") -> Parsed:
    """Parse a column of any type.

    Parameters
    ----------
    series : polars.Series, shape (n_rows,)
        Strings as a text file spells them, or typed values.
    options : ReadOptions
        Which cells are missing, and the decimal sign where the user says it.
    likely : str
        The decimal sign of a comma that could be one or none; empty if nothing tells.

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
        words = series.cast(pl.String)
        strings = cells.strip_missing(words, (*cells.MISSING_TOKENS, *options.missing))
        return replace(_parse_words(words, strings, options), findings=())
    if dtype == pl.String:
        return _parse_strings(series, options, options.decimal or likely)
    if dtype == pl.Boolean:
        return Parsed(series.name, "boolean", _floats(series.cast(pl.Float64)))
    if dtype in (pl.Date, pl.Datetime):
        return Parsed(series.name, "datetime", _floats(seconds_of(series)))
    if dtype in (pl.Time, pl.Duration):
        return Parsed(series.name, "number", _floats(_as_seconds(series)))
    if dtype.is_integer():
        return _parse_integers(series, options)
    if dtype.is_numeric():
        numbers = blank_tokens(series.cast(pl.Float64).fill_nan(None), options.missing)
        return _number(series.name, numbers, (), options)
    if dtype == pl.Null:
        return Parsed(series.name, "number", np.full(len(series), np.nan))
    if dtype == pl.Object:
        return _parse_objects(series, options)
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
    per_second = {"ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    whole = series.cast(pl.Int64)  # nanoseconds since 1970 do not fit a float64
    return (whole // per_second).cast(pl.Float64) + (whole % per_second) / per_second


def _parse_strings(series: pl.Series, options: ReadOptions, decimal: str = "") -> Parsed:
    quick = cells.to_numbers(series)
    is_whole = quick.null_count() == 0 and decimal != ","
    if is_whole and not any(cells.are_digit_strings(series, quick)):
        return _number(series.name, blank_tokens(quick, options.missing), (), options)
    strings = cells.strip_missing(series, (*cells.MISSING_TOKENS, *options.missing))
    if strings.null_count() == len(series):
        return Parsed(series.name, "number", np.full(len(series), np.nan))
    found = _parse_numbers(series, strings, options, decimal)
    found = found or _parse_truth_or_dates(series.name, strings)
    return found or _parse_words(series, strings, options)


def _parse_numbers(
    series: pl.Series, strings: pl.Series, options: ReadOptions, decimal: str
) -> Parsed | None:
    """Read a column as numbers if nearly all are, or all but a few words for missing."""
    name, n_present = series.name, len(series) - strings.null_count()
    numbers, notation, other = cells.to_numbers(strings), PLAIN, None
    if _count(numbers) < PARSED_SHARE * n_present or decimal == ",":
        numbers, notation, other = _read_written(strings, numbers, decimal)
    if _count(numbers) == 0:
        return None
    other = None if options.decimal else other
    nearly_all = _count(numbers) >= PARSED_SHARE * n_present
    if notation == PLAIN and (nearly_all or _count(numbers) > 0.5 * n_present):
        too_long, zero_led = cells.are_digit_strings(strings, numbers)
        if too_long or zero_led:
            return coded(name, strings, exact_integers=too_long) if nearly_all else None
    is_mixed = _count(numbers) < n_present
    rest = count_rest(strings, numbers) if is_mixed else OtherTokens((), n_present, 0)
    is_rest_missing = not options.keep_tokens and stand_for_missing(rest)
    if not nearly_all and not is_rest_missing:
        return None
    findings = (
        *notation_finding(name, strings, numbers, notation, other),
        *_dirty(name, rest, _quote_cells(series)),
    )
    parsed = _number(name, blank_tokens(numbers, options.missing), findings, options)
    tokens = tuple(cell for cell, count in rest.cells if is_rest_missing or count > 1)
    return replace(parsed, notation=notation, other=other, tokens=_sorted(*parsed.tokens, *tokens))


def _read_written(
    strings: pl.Series, plain: pl.Series, decimal: str
) -> tuple[pl.Series, Notation, Notation | None]:
    """Read numbers as people write them, if more cells are numbers then."""
    if not may_be_numbers(strings):
        return plain, PLAIN, None
    counts = strings.drop_nulls().value_counts(name="n")
    found = find_reading(counts.to_series(0), counts["n"], decimal=decimal)
    if found is None:
        return plain, PLAIN, None
    numbers = read_numbers(strings, found.notation)
    is_asked = decimal == "," and found.notation.decimal == ","
    if _count(numbers) <= _count(plain) and not is_asked:
        return plain, PLAIN, None
    return numbers, found.notation, found.other


def _parse_truth_or_dates(name: str, strings: pl.Series) -> Parsed | None:
    n_present = _count(strings)
    truth = cells.to_truth(strings)
    if truth.null_count() == strings.null_count():
        return Parsed(name, "boolean", _floats(truth))
    order = dates.date_order(strings)
    if order is None:
        return None
    seconds = dates.to_seconds_in(strings, order)
    if _count(seconds) < PARSED_SHARE * n_present:
        return None
    rest = count_rest(strings, seconds)
    findings = _dirty(name, rest, (), what="dates")
    return Parsed(name, "datetime", _floats(seconds), findings=findings, date_order=order)


def _parse_words(series: pl.Series, strings: pl.Series, options: ReadOptions) -> Parsed:
    """Read a column of words; tokens for missing are values where they repeat as the others do."""
    name, empty = series.name, {"", '""', *options.missing}
    if strings.null_count() == series.null_count():
        return _words(name, strings, ())
    hidden = series.filter(strings.is_null() & series.is_not_null()).str.strip_chars(cells.BLANKS)
    tokens = [(token, n) for token, n in count_cells(hidden) if token not in empty]
    if not tokens:
        return _words(name, strings, ())
    kept = word_values(strings, tokens, keep=options.keep_tokens)
    dropped = [one for one in tokens if one not in kept]
    if kept:
        known = {token for token, _ in kept}
        missing = [token for token in cells.MISSING_TOKENS if token not in known]
        strings = cells.strip_missing(series, (*missing, *options.missing))
    return _words(name, strings, token_findings(name, len(series), kept, dropped), kept)


def _words(
    name: str,
    strings: pl.Series,
    findings: tuple[Finding, ...],
    kept: tuple[tuple[str, int], ...] = (),
) -> Parsed:
    parsed = coded(name, strings)
    mixed = _mixed(name, strings, parsed.levels) or units_finding(name, parsed.levels)
    return replace(parsed, findings=(*findings, *mixed), kept=kept)


def _mixed(name: str, strings: pl.Series, levels: tuple[str, ...]) -> tuple[Finding, ...]:
    """Warn of words that are mostly numbers, unless they are codes such as 00123."""
    if _count(cells.to_numbers(pl.Series(levels, dtype=pl.String))) < 0.1 * len(levels):
        return ()
    numbers = cells.to_numbers(strings)
    if any(cells.are_digit_strings(strings.filter(numbers.is_not_null()), numbers)):
        return ()
    return mixed_finding(name, count_rest(strings, numbers), len(levels))


def _count(numbers: pl.Series) -> int:
    return len(numbers) - numbers.null_count()


def _sorted(*tokens: str) -> tuple[str, ...]:
    return tuple(sorted(set(tokens)))


def blank_tokens(numbers: pl.Series, tokens: Sequence[str]) -> pl.Series:
    """Turn the numbers that the user declared missing into null.

    Examples
    --------
    >>> blank_tokens(pl.Series([1.0, 999.0]), ("999", "none")).to_list()
    [1.0, None]
    """
    declared = [value for token in tokens if (value := _as_number(token)) is not None]
    return numbers.set(numbers.is_in(declared), None) if declared else numbers


def _as_number(token: str) -> float | None:
    try:
        return float(token)
    except ValueError:
        return None


def _quote_cells(series: pl.Series) -> tuple[str, ...]:
    """List cells that a person would not take for missing: blanks only, or a pair of quotes."""
    odd = series.filter(series.str.contains(r'^(?:[ \t]+|\s*""\s*)$'))
    return tuple(odd.to_list()) if len(odd) <= max(20, 0.02 * len(series)) else ()


def _dirty(
    name: str, rest: OtherTokens, extra: tuple[str, ...], *, what: str = "numbers"
) -> tuple[Finding, ...]:
    count = rest.n_cells + len(extra)
    if count == 0:
        return ()
    odd = [*rest.cells, *((cell, extra.count(cell)) for cell in sorted(set(extra)))]
    message = f"{what}, but for {count} of {rest.n_present + len(extra)} cells: {shown(odd)}"
    remedy = "read as missing; correct them in the file if they mean something"
    if rest.number_share < PARSED_SHARE:
        remedy = "read as missing; --keep-tokens reads the column as words instead"
    return (Finding(f"dirty_{what.rstrip('s')}", "warning", (name,), message, remedy),)


def _parse_integers(series: pl.Series, options: ReadOptions) -> Parsed:
    largest, smallest = series.max(), series.min()
    bounds = [abs(int(bound)) for bound in (largest, smallest) if bound is not None]  # type: ignore[arg-type]
    if bounds and max(bounds) >= cells.EXACT_LIMIT:
        return _parse_strings(series.cast(pl.String), options)
    numbers = blank_tokens(series.cast(pl.Float64), options.missing)
    return _number(series.name, numbers, (), options)


def _number(
    name: str, numbers: pl.Series, findings: tuple[Finding, ...], options: ReadOptions
) -> Parsed:
    infinite = int(numbers.is_infinite().sum())
    if infinite:
        numbers = numbers.set(numbers.is_infinite().fill_null(False), None)
        message = f"{infinite} of {len(numbers)} values are infinite"
        remedy = "read as missing"
        findings = (*findings, Finding("infinite", "warning", (name,), message, remedy))
    values = _floats(numbers)
    return Parsed(name, "number", values, findings=findings, tokens=_sorted(*options.missing))


def _parse_objects(series: pl.Series, options: ReadOptions) -> Parsed:
    values = [None if is_missing_object(value) else value for value in series.to_list()]
    if all(value is None or isinstance(value, str | int | float | bool) for value in values):
        texts = [None if value is None else str(value) for value in values]
        return _parse_strings(pl.Series(series.name, texts, dtype=pl.String), options)
    return _unsupported(series)


def is_missing_object(value: object) -> bool:
    """Tell whether a Python value stands for missing: None, any kind of NaN, pandas' NA, masked.

    Examples
    --------
    >>> is_missing_object(float("nan")), is_missing_object(np.ma.masked), is_missing_object("")
    (True, True, False)
    """
    if value is None or value is np.ma.masked:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - the test that all NaNs pass
    except (TypeError, ValueError):
        # The truth of pandas' NA is not known, nor that of an array.
        return type(value).__name__ == "NAType"


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
