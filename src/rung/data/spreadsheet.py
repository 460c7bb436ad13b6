"""Write texts so that a spreadsheet does not run them as formulas, and read them back.

A text that begins with = + - @, a tab or a line end, and is no number, gets an apostrophe in front,
as does one that has such apostrophes already; reading takes one off. A lone sign runs nothing.

Source: OWASP (Open Worldwide Application Security Project), "CSV Injection".
"""

from __future__ import annotations

import re

import polars as pl

from rung.core.findings import Finding

_FORMULA = r"(?s)^[=+\-@\t\r\n]."
_MARKED = r"(?s)^'+[=+\-@\t\r\n]."
_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_MARKED_BYTES = re.compile(rb"'[=+\-@\t\r\n]")


def to_csv(frame: pl.DataFrame) -> bytes:
    r"""Return a frame as CSV in which no text is a formula.

    Examples
    --------
    >>> to_csv(pl.DataFrame({"label": ["=1+1", "-1.5"], "x": [-1.5, 2.0]}))
    b'"label","x"\n"\'=1+1",-1.5\n"-1.5",2.0\n'
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(_marked(pl.col(name)).alias(name) for name in texts)
    safe.columns = (
        pl.select(_marked(pl.lit(pl.Series(frame.columns, dtype=pl.String)))).to_series().to_list()
    )
    data = safe.write_csv()
    # Beside a double quote, an apostrophe is never taken for a quote.
    return (safe.write_csv(quote_style="non_numeric") if "'" in data else data).encode()


def _marked(texts: pl.Expr) -> pl.Expr:
    is_formula = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    needs = is_formula | texts.str.contains(_MARKED)
    return pl.when(needs).then(pl.lit("'") + texts).otherwise(texts)


def unmarked(
    frame: pl.DataFrame, names: list[str], data: bytes
) -> tuple[pl.DataFrame, list[str], list[Finding]]:
    """Take the apostrophe before a formula off again, and say so.

    Parameters
    ----------
    frame : polars.DataFrame
        Strings as the file spells them.
    names : list of str
        Names of its columns.
    data : bytes
        The text of the table; most hold no such apostrophe, and are left alone at once.
    """
    if not _MARKED_BYTES.search(data):
        return frame, names, []
    plain = [name[1:] if re.search(_MARKED, name) else name for name in names]
    counts = frame.select(pl.all().str.contains(_MARKED).sum()).row(0)
    places = [i for i, count in enumerate(counts) if count]
    if not places:
        return frame, plain, []
    marked = [frame.columns[i] for i in places]
    frame = frame.with_columns(
        pl.when(pl.col(name).str.contains(_MARKED))
        .then(pl.col(name).str.slice(1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in marked
    )
    finding = Finding(
        "apostrophe",
        "info",
        tuple(plain[i] for i in places),
        f"{sum(counts)} cells begin with an apostrophe before = + - or @, as files for spreadsheets do; "
        "it was taken off",
        "write the apostrophe twice if it is part of the text",
    )
    return frame, plain, [finding]
