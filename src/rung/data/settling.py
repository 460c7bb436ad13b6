"""Parse the columns of a table; what one of them leaves open, the others may settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from rung.data.cells import BLANKS
from rung.data.columns import Parsed, parse_column
from rung.data.notation import can_be_grouped
from rung.data.table import ReadOptions
from rung.data.tokens import token_findings


def parse_columns(frame: pl.DataFrame, options: ReadOptions, *, usual: str = "") -> list[Parsed]:
    """Parse every column.

    A comma that may part thousands or decimals is what it is in the other columns, or, where they
    do not tell, what is usual beside the table's delimiter; then a warning names both. A word such
    as `NA` means missing among words if it does so among numbers of the same table.

    Parameters
    ----------
    frame : polars.DataFrame, shape (n_rows, n_columns)
        Strings, or typed columns.
    options : ReadOptions
        What the user says of missing cells and of the decimal sign.
    usual : str
        The decimal sign that is usual in such a table; empty if none is.

    Examples
    --------
    >>> frame = pl.DataFrame({"a": ["1,234", "2,500"], "b": ["0,5", "12,25"]})
    >>> parse_columns(frame, ReadOptions())[0].values
    array([1.234, 2.5  ])
    """
    parsed = [parse_column(series, options) for series in frame.get_columns()]
    if options.decimal is None:
        parsed = _settle_decimals(frame, parsed, options, usual)
    return parsed if options.keep_tokens else _settle_tokens(frame, parsed, options)


def parse_alone(frame: pl.DataFrame, options: ReadOptions) -> list[Parsed] | None:
    """Parse columns as `parse_columns` does those of a whole table; None where others may settle one.

    Examples
    --------
    >>> parse_alone(pl.DataFrame({"a": ["1,234", "2,500"]}), ReadOptions()) is None
    True
    """
    parsed = [parse_column(series, options) for series in frame.get_columns()]
    may_change = any(
        one.other is not None or one.kept or _may_be_grouped(frame[one.name], one) for one in parsed
    )
    return None if may_change else parsed


def _settle_decimals(
    frame: pl.DataFrame, parsed: list[Parsed], options: ReadOptions, usual: str
) -> list[Parsed]:
    commas = [one.name for one in parsed if one.notation.decimal == "," and one.other is None]
    open_ones = {one.name for one in parsed if one.other is not None}
    if commas:
        open_ones |= {one.name for one in parsed if _may_be_grouped(frame[one.name], one)}
    if not open_ones:
        return parsed
    points = [one.name for one in parsed if one.name not in open_ones and _has_point(frame, one)]
    witness = "" if bool(commas) == bool(points) else (commas or points)[0]
    decimal = ("," if commas else ".") if witness else usual
    if not decimal:
        return parsed
    return [
        _settled(parse_column(frame[one.name], options, likely=decimal), witness)
        if one.name in open_ones
        else one
        for one in parsed
    ]


def _settled(found: Parsed, witness: str) -> Parsed:
    """Say by which column a reading was chosen; without one it stays open, and is warned of."""
    if not witness:
        return found
    findings = tuple(
        replace(one, severity="info", message=f"{one.message}; chosen as {witness!r} is written")
        if one.code == "notation"
        else one
        for one in found.findings
    )
    return replace(found, findings=findings, other=None)


def _may_be_grouped(series: pl.Series, one: Parsed) -> bool:
    is_text = series.dtype == pl.String and one.kind == "number"
    return is_text and can_be_grouped(series)


def _has_point(frame: pl.DataFrame, one: Parsed) -> bool:
    """Tell whether a column's numbers have a decimal point for certain."""
    if one.kind != "number" or frame[one.name].dtype != pl.String:
        return False
    is_certain = one.notation.grouping == "," or one.notation.decimal == "."
    return is_certain and bool(frame[one.name].str.contains(r"^[^,]*\.\d+\D*$").any())


def _settle_tokens(frame: pl.DataFrame, parsed: list[Parsed], options: ReadOptions) -> list[Parsed]:
    """Read a word as missing in all columns where numbers show that it is."""
    open_tokens = {token for one in parsed for token, _ in one.kept}
    if not open_tokens:
        return parsed
    known = {token for token in open_tokens if _means_missing(frame, parsed, token)}
    return [
        _without(frame[one.name], one, options, known) if known & set(dict(one.kept)) else one
        for one in parsed
    ]


def _means_missing(frame: pl.DataFrame, parsed: Sequence[Parsed], token: str) -> bool:
    """Tell whether a token stands among the numbers or dates of some column."""
    return any(
        one.kind in ("number", "datetime")
        and frame[one.name].dtype == pl.String
        and bool((frame[one.name].str.strip_chars(BLANKS) == token).any())
        for one in parsed
    )


def _without(series: pl.Series, one: Parsed, options: ReadOptions, known: set[str]) -> Parsed:
    """Read a column of words again, with tokens that are known to mean missing."""
    missing = (*options.missing, *sorted(known))
    counts = [(token, count) for token, count in one.kept if token in known]
    found = parse_column(series, replace(options, missing=missing))
    return replace(
        found, findings=(*token_findings(one.name, len(series), (), counts), *found.findings)
    )
