"""Read numbers as people write them: thousands parted, per cent, currencies, decimal commas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from rung.core.dataset import PLAIN, Notation
from rung.core.findings import Finding

NEARLY_ALL = 0.98
FEWEST_LEVELS, MOST_UNITS = 10, 20
_SAMPLE = 200
_LOOKALIKES = {
    **dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007", " "),
    **dict.fromkeys("\u2019\u02bc", "'"),
}
_CURRENCY = (
    r"(?:US|A|C|NZ|HK)?\$|[€£¥₹₩₽₺₪₫¢]|USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|HKD|SGD|SEK|NOK|DKK|"
    r"INR|BRL|ZAR|RUB|KRW|MXN|PLN|CZK|HUF|TRY|ILS|THB|IDR|MYR|PHP"
)
# Letters close up to a number may be a code ('4A'); a blank between, or a known sign, is none.
_CLOSE = (
    r"[%‰°℃][^\d\s]{0,3}|[µμΩÅ][^\d\s]{0,5}|[kmµn]?(?:mag|Jy|Hz|Pa|bar|mol|eV)|[cmkn]m|[mk]g|ms"
)
_APART = r"[\p{L}%‰°℃$€£¥][^\d\s]{0,11}"
_CELL = (
    r"^(?P<open>\()?(?P<sign>[+-]?) ?(?P<before>" + _CURRENCY + r")? ?(?P<inner>[+-]?)"
    r"(?P<body>\d(?:[\d.,' ]*[\d.,])?|[.,]\d+)(?P<power>[eEdD][+-]?\d{1,3})?"
    r"(?:(?P<close_unit>" + _CURRENCY + "|" + _CLOSE + r")| (?P<apart>" + _APART + r"))?"
    r"(?P<close>\))?$"
)
_BEGINNING = r"^[^\p{L}\d]{0,4}(?:" + _CURRENCY + r")?[^\p{L}\d]{0,2}\d"
_COMMA = replace(PLAIN, decimal=",")
_EITHER = (_COMMA, replace(PLAIN, grouping=","))
_FORMS = (
    PLAIN,
    *_EITHER,
    Notation(",", "."),
    *(Notation(sign, mark) for mark in " '" for sign in ".,"),
)


@dataclass(frozen=True)
class CellReading:
    """Say how the cells of a column are read as numbers.

    Attributes
    ----------
    notation : Notation
        The likelier reading.
    other : Notation or None
        The reading that is possible too, where a comma may part thousands or decimals.
    """

    notation: Notation
    other: Notation | None = None


def find_reading(cells: pl.Series, counts: pl.Series, *, decimal: str = "") -> CellReading | None:
    """Find how numbers are written, from the distinct cells of a column.

    Parameters
    ----------
    cells : Series of str, shape (n_distinct,)
        Stripped cells, none missing; what is no number at all is passed over.
    counts : Series of int, shape (n_distinct,)
        Rows of each.
    decimal : str
        The decimal sign, where it is known: a point or a comma.

    Returns
    -------
    CellReading or None
        None where cells that look like numbers are fewer than half, or fit no one notation.

    Examples
    --------
    >>> find_reading(pl.Series(["$1,358.80", "$12.50"]), pl.Series([1, 1])).notation
    Notation(decimal='.', grouping=',', unit='$')
    >>> find_reading(pl.Series(["1,234"]), pl.Series([9])).other
    Notation(decimal=',', grouping='', unit='')
    """
    parts = _parts(cells).with_columns(counts.alias("count")).drop_nulls("body")
    total = int(parts["count"].sum())
    unit = _one_unit(parts, total)
    if total < 0.5 * int(counts.sum()) or unit is None:
        return None
    fitting = [form for form in _FORMS if _share(parts, form) >= NEARLY_ALL * total]
    if not fitting:
        return None
    found = _choose(fitting, parts, decimal)
    other = None if found.other is None else replace(found.other, unit=unit)
    return CellReading(replace(found.notation, unit=unit), other)


def may_be_numbers(cells: pl.Series) -> bool:
    """Tell whether cells may be numbers, from some of them all over the column.

    Examples
    --------
    >>> may_be_numbers(pl.Series(["$5", None, "x"]))
    True
    """
    some = cells.gather_every(max(1, len(cells) // _SAMPLE)).drop_nulls()
    return len(some) > 0 and int(some.str.contains(_BEGINNING).sum()) >= 0.5 * len(some)


def _parts(cells: pl.Series) -> pl.DataFrame:
    """Take cells apart; `body` is null where a cell is no number."""
    plain = cells.alias("cell").str.replace_many(_LOOKALIKES)
    parts = plain.str.extract_groups(_CELL).struct.unnest()
    unit = pl.concat_str(pl.col("before", "close_unit", "apart").fill_null(""))
    in_parentheses = pl.col("open").is_not_null()
    negative = (pl.col("sign") == "-") | (pl.col("inner") == "-") | in_parentheses
    is_power = pl.col("power").is_null() | pl.col("power").str.contains("(?i)e|[+-]")
    # Fortran writes a point before its D; a code such as 12D3 has none.
    is_number = is_power | pl.col("body").str.contains(".", literal=True)
    # Accountants write ($5.00) for a loss; without a currency, (5) is something else.
    closed = (in_parentheses == pl.col("close").is_not_null()) & (~in_parentheses | (unit != ""))
    return parts.select(
        pl.when(is_number & closed).then(pl.col("body")).alias("body"),
        pl.when(negative).then(pl.lit("-")).otherwise(pl.lit("")).alias("sign"),
        pl.col("power").fill_null("").str.replace("(?i)d", "e").alias("power"),
        unit.alias("unit"),
    )


def _one_unit(parts: pl.DataFrame, total: int) -> str | None:
    """Return the unit that all cells share; a bare zero has any; None where they share none."""
    bare_zero = (pl.col("unit") == "") & pl.col("body").str.contains(r"^[0.,]+$")
    weights = parts.filter(~bare_zero).group_by("unit").agg(pl.col("count").sum())
    if weights.height == 0:
        return ""
    unit, count = weights.sort("count", "unit", descending=True).row(0)
    odd = int(weights["count"].sum()) - count
    return str(unit) if odd <= (1 - NEARLY_ALL) * total else None


def _share(parts: pl.DataFrame, form: Notation) -> int:
    return int(parts.filter(pl.col("body").str.contains(_body(form)))["count"].sum())


@cache
def _body(form: Notation) -> str:
    """Return the pattern of digits in a notation."""
    decimal, mark = re.escape(form.decimal), re.escape(form.grouping)
    # India parts lakhs by two digits, with commas.
    middle = r"\d{2,3}" if form.grouping == "," else r"\d{3}"
    groups = rf"[1-9]\d{{0,2}}(?:{mark}{middle})*{mark}\d{{3}}|" if mark else ""
    return rf"^(?:(?:{groups}\d+)(?:{decimal}\d*)?|{decimal}\d+)$"


def _choose(fitting: list[Notation], parts: pl.DataFrame, decimal: str) -> CellReading:
    """Choose among the notations that fit; two may differ in what a sign means."""
    if PLAIN in fitting:
        grouped = Notation(",", ".")
        has_point = bool(parts["body"].str.contains(".", literal=True).any())
        if decimal == "," and grouped in fitting and has_point:
            return CellReading(grouped, PLAIN)
        return CellReading(PLAIN)
    if not set(_EITHER) <= set(fitting):
        return CellReading(fitting[0])
    comma, thousands = _EITHER
    if decimal:
        likely = comma if decimal == "," else thousands
        return CellReading(likely, thousands if likely is comma else comma)
    # Who parts thousands leaves no longer run of digits whole.
    whole = parts.filter(~pl.col("body").str.contains(",", literal=True))["body"]
    is_long = bool((whole.str.len_bytes() > 4).any())
    return CellReading(comma, thousands) if is_long else CellReading(thousands, comma)


def can_be_grouped(cells: pl.Series) -> bool:
    """Tell whether a point in cells may part thousands: it never stands before other than three.

    Examples
    --------
    >>> can_be_grouped(pl.Series(["1.234", "999"])), can_be_grouped(pl.Series(["1.5"]))
    (True, False)
    """
    with_point = cells.filter(cells.str.contains(".", literal=True))
    pattern = r"^[+-]?[1-9]\d{0,2}(?:\.\d{3})+$"
    return len(with_point) > 0 and bool(with_point.str.contains(pattern).all())


def read_numbers(cells: pl.Series, notation: Notation) -> pl.Series:
    """Return float64 of cells in a notation, null where a cell is not written so.

    Examples
    --------
    >>> read_numbers(pl.Series(["40%", "\u22123,5%", "x"]), Notation(",", "", "%")).to_list()
    [40.0, -3.5, None]
    """
    parts = _parts(cells)
    body = pl.col("body")
    fits = body.str.contains(_body(notation))
    has_unit = (pl.col("unit") == notation.unit) | (
        (pl.col("unit") == "") & body.str.contains(r"^[0.,]+$")
    )
    digits = (
        body.str.replace_all(notation.grouping, "", literal=True) if notation.grouping else body
    )
    digits = digits.str.replace(notation.decimal, ".", literal=True)
    text = pl.when(fits & has_unit).then(pl.concat_str("sign", digits, "power"))
    return parts.select(text.cast(pl.Float64, strict=False).alias("number"))["number"]


def describe(notation: Notation) -> str:
    """Say in words how numbers are written.

    Examples
    --------
    >>> describe(Notation(".", ",", "$"))
    "thousands parted by ',' and '$' beside them"
    """
    marks = {" ": "blanks", "": ""}
    mark = marks.get(notation.grouping, repr(notation.grouping))
    said = [
        "a decimal comma" if notation.decimal == "," else "",
        f"thousands parted by {mark}" if mark else "",
        f"{notation.unit!r} beside them" if notation.unit else "",
    ]
    return " and ".join(filter(None, said)) or "a Unicode minus or a power with D"


def units_finding(name: str, levels: Sequence[str]) -> tuple[Finding, ...]:
    """Warn of a column of numbers that share no unit, as prices in dollars and in euros.

    Parameters
    ----------
    name : str
        The column.
    levels : sequence of str
        Its distinct cells.
    """
    cells = pl.Series(levels, dtype=pl.String)
    if len(cells) < FEWEST_LEVELS or not may_be_numbers(cells):
        return ()
    parts = _parts(cells).drop_nulls("body")
    units = parts["unit"].unique().sort().to_list()
    if len(parts) < 0.8 * len(cells) or not 1 < len(units) <= MOST_UNITS:
        return ()
    shown = ", ".join(repr(unit) if unit else "none" for unit in units[:5])
    return (
        Finding(
            "mixed",
            "warning",
            (name,),
            f"mixed: cells look like numbers with {len(units)} units ({shown}), such as "
            f"{cells[0]!r}; read as {len(cells)} categories",
            "write numbers of one unit, without it",
        ),
    )


def notation_finding(
    name: str,
    strings: pl.Series,
    numbers: pl.Series,
    notation: Notation,
    other: Notation | None,
) -> tuple[Finding, ...]:
    """Say how the numbers of a column were read, and how else they could be."""
    plain = strings.cast(pl.Float64, strict=False)
    as_written = numbers.is_not_null() & (plain.is_null() | (plain != numbers))
    written = strings.filter(as_written)
    if len(written) == 0:
        return ()
    example, value = written[0], float(numbers.filter(as_written)[0])
    said = f"numbers with {describe(notation)}: {example!r} is read as {value:.10g}"
    if other is None:
        return (Finding("notation", "info", (name,), said, ""),)
    second = read_numbers(written.head(1), other)[0]
    otherwise = "a decimal point" if other == PLAIN else describe(other)
    return (
        Finding(
            "notation",
            "warning",
            (name,),
            f"numbers that can be read in two ways: {said}; with {otherwise} it is {second:.10g}",
            f"--decimal {other.decimal} reads them the other way, --decimal {notation.decimal} "
            "confirms this one",
        ),
    )
