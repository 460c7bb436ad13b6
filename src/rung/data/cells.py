"""Read strings as numbers or truth values; all of a column at once.

Every function takes a polars series of stripped strings with null for missing, and returns a
series with null where a cell does not parse.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

MISSING_TOKENS = (
    "", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "--", '""',
)  # fmt: skip
EXACT_LIMIT = 2.0**53
BLANKS = " \t\r\n\u00a0\ufeff"

_INTEGER = r"^[+-]?\d+$"
_LEADING_ZERO = r"^[+-]?0\d+$"
# Sixteen digits that matter, zeros at both ends apart: more than a float64 promises to keep.
_LONG = r"^[+-]?0*[1-9]\d{14,}[1-9]0*$"
_LARGEST_INTEGER = 2.0**64


def strip_missing(strings: pl.Series, tokens: Sequence[str] = MISSING_TOKENS) -> pl.Series:
    """Strip blanks around every cell and turn the tokens for missing into null.

    Examples
    --------
    >>> strip_missing(pl.Series([" a ", "?", "NA", "0"])).to_list()
    ['a', None, None, '0']
    """
    stripped = strings.str.strip_chars(BLANKS)
    known = pl.Series(list(tokens), dtype=pl.String)
    return stripped.to_frame("cell").select(
        pl.when(pl.col("cell").is_in(known.implode()).not_()).then(pl.col("cell"))
    )["cell"]


def to_numbers(strings: pl.Series) -> pl.Series:
    """Return float64, null where a cell is not a number; infinities are kept.

    Examples
    --------
    >>> to_numbers(pl.Series(["1", "-2.5e3", "x"])).to_list()
    [1.0, -2500.0, None]
    """
    return strings.cast(pl.Float64, strict=False).fill_nan(None)


def to_truth(strings: pl.Series) -> pl.Series:
    """Return 1.0 for true and 0.0 for false in any case, null for anything else."""
    lowered = strings.str.to_lowercase()
    known = lowered.is_in(pl.Series(["true", "false"]).implode())
    return (lowered == "true").cast(pl.Float64).set(~known, None)


def are_digit_strings(strings: pl.Series, numbers: pl.Series) -> tuple[bool, bool]:
    """Tell whether digits in a column are names, not amounts.

    Parameters
    ----------
    strings, numbers : Series, shape (n_rows,)
        The cells, and what they are as numbers.

    Returns
    -------
    too_long : bool
        All cells are whole numbers, and one of them does not fit a float64 exactly; beyond 64 bits
        only if more than 15 of its digits matter: 20616700000000000000000 is a measurement.
    zero_led : bool
        Cells such as `00123`: more than 2 % of the column, or any in a column of one width.

    Examples
    --------
    >>> cells = pl.Series(["00123", "45678"])
    >>> are_digit_strings(cells, to_numbers(cells))
    (False, True)
    """
    present = strings.drop_nulls()
    led = int(present.str.contains(_LEADING_ZERO).sum())
    beyond = bool((numbers.abs() >= EXACT_LIMIT).any())
    if not led and not beyond:
        return False, False
    whole = bool(present.str.contains(_INTEGER).all())
    one_width = whole and present.str.len_bytes().n_unique() == 1
    too_long = whole and beyond
    if too_long and bool((numbers.abs() >= _LARGEST_INTEGER).any()):
        too_long = bool(present.str.contains(_LONG).any())
    return too_long, led > 0.02 * len(present) or (led > 0 and one_width)
