"""Tell words that stand for missing from words that are values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

import polars as pl

from rung.core.findings import Finding

# In a column of words these may be a value: Namibia, no veneer, a negative blood group.
MAY_BE_VALUES = ("NA", "None", "-", "--")
# What programs and people write among numbers for a number that is not known, and nothing else.
PLACEHOLDERS = frozenset(
    [
        ".",
        "..",
        "...",
        "*",
        "**",
        "***",
        "****",
        "*****",
        "******",
        "/",
        "//",
        "#",
        "#N/A",
        "#NA",
        "#VALUE!",
        "#DIV/0!",
        "#REF!",
        "#NUM!",
        "#NAME?",
        "#NULL!",
        "#ERROR!",
        "N.A.",
        "n.a.",
        "n.a",
        "n/d",
        "N/D",
        "nd",
        "ND",
        "n.d.",
        "N.D.",
        "na",
        "Na",
        "none",
        "NONE",
        "Null",
        "unknown",
        "Unknown",
        "UNKNOWN",
        "missing",
        "Missing",
        "MISSING",
        "nil",
        "Nil",
        "NIL",
        "blank",
        "Blank",
        "(blank)",
        "void",
        "<NA>",
        "NaT",
        "nan()",
        "NAN",
        "Nan",
        "-nan",
        "-NaN",
        "undefined",
        "bad",
        "BAD",
        "error",
        "ERROR",
        "err",
        "–",
        "—",
        "−",
    ]
)
LONGEST_WORD = 20.0
MOST_TOKENS = 3
GREAT_MAJORITY = 0.8
FEWEST_NUMBERS, MANY_NUMBERS = 3, 10
MANY_WORDS = 20
MOST_SHOWN = 3


@dataclass(frozen=True)
class OtherTokens:
    """Hold what is no number in a column of strings.

    Attributes
    ----------
    cells : tuple of (str, int)
        Distinct cells with their counts, the commonest first.
    n_present : int
        Cells that are not missing.
    n_distinct : int
        Distinct numbers.
    """

    cells: tuple[tuple[str, int], ...]
    n_present: int
    n_distinct: int

    @property
    def n_cells(self) -> int:
        """Number of cells that are no numbers."""
        return sum(count for _, count in self.cells)

    @property
    def number_share(self) -> float:
        """Share of the cells that are numbers."""
        return 1 - self.n_cells / max(self.n_present, 1)


def count_cells(strings: pl.Series) -> tuple[tuple[str, int], ...]:
    """Return the distinct cells of a column with their counts, the commonest first.

    Examples
    --------
    >>> count_cells(pl.Series(["a", "b", "b", None]))
    (('b', 2), ('a', 1))
    """
    counts = strings.drop_nulls().alias("cell").value_counts(name="count")
    ordered = counts.sort("count", "cell", descending=[True, False])
    return tuple((str(cell), int(count)) for cell, count in ordered.iter_rows())


def count_rest(strings: pl.Series, numbers: pl.Series) -> OtherTokens:
    """Count what is no number among stripped strings.

    Examples
    --------
    >>> strings = pl.Series(["1", ".", ".", None])
    >>> count_rest(strings, strings.cast(pl.Float64, strict=False)).cells
    (('.', 2),)
    """
    cells = count_cells(strings.filter(numbers.is_null()))
    return OtherTokens(cells, len(strings) - strings.null_count(), numbers.drop_nulls().n_unique())


def stand_for_missing(rest: OtherTokens) -> bool:
    """Tell whether what is no number can only mean that a number is not known.

    Among many different numbers any few words that repeat do; a placeholder does among few.

    Examples
    --------
    >>> stand_for_missing(OtherTokens((("bad", 10),), 100, 80))
    True
    >>> stand_for_missing(OtherTokens((("3+", 10),), 100, 3))
    False
    """
    if not 0 < len(rest.cells) <= MOST_TOKENS:
        return False
    if all(cell in PLACEHOLDERS for cell, _ in rest.cells):
        few = rest.number_share >= GREAT_MAJORITY and rest.n_distinct >= FEWEST_NUMBERS
        return few or (rest.number_share >= 0.2 and rest.n_distinct >= MANY_NUMBERS)
    repeated = all(count > 1 for _, count in rest.cells)
    return repeated and rest.number_share >= GREAT_MAJORITY and rest.n_distinct >= MANY_NUMBERS


def mixed_finding(name: str, rest: OtherTokens, n_levels: int) -> tuple[Finding, ...]:
    """Warn of a column that is mostly numbers and read as words."""
    few = len(rest.cells) <= MANY_WORDS or rest.number_share >= GREAT_MAJORITY
    if rest.number_share < 0.5 or rest.n_distinct < FEWEST_NUMBERS or not rest.cells or not few:
        return ()
    return (
        Finding(
            "mixed",
            "warning",
            (name,),
            f"mixed: {rest.n_cells} of {rest.n_present} cells are no numbers, such as "
            f"{shown(rest.cells)}; read as {n_levels} categories",
            "write numbers, or leave cells empty that are not known; --missing TOKENS does it here",
        ),
    )


def shown(cells: Sequence[tuple[str, int]]) -> str:
    """Name a few cells with their counts.

    Examples
    --------
    >>> shown([(".", 40), ("x", 1)])
    "'.' (40), 'x'"
    """
    return ", ".join(
        f"{cell!r} ({count})" if count > 1 else repr(cell) for cell, count in cells[:MOST_SHOWN]
    )


def word_values(
    words: pl.Series, tokens: Sequence[tuple[str, int]], *, keep: bool
) -> tuple[tuple[str, int], ...]:
    """Return the tokens for missing that are values among words, with their counts.

    Parameters
    ----------
    words : Series, shape (n_rows,)
        Stripped cells, null where empty or a token.
    tokens : sequence of (str, int)
        Tokens in the column, with their counts.
    keep : bool
        Whether all tokens are values, as the user says.

    Returns
    -------
    tuple of (str, int)
        `NA`, `None`, `-` and `--` where they repeat among short words that do.

    Examples
    --------
    >>> words = pl.Series(["AO", None, "AO", None, "ZW", "ZW"])
    >>> word_values(words, [("NA", 2)], keep=False)
    (('NA', 2),)
    """
    if keep:
        return tuple(tokens)
    found = tuple((token, n) for token, n in tokens if token in MAY_BE_VALUES and n > 1)
    return found if found and _are_short_and_repeat(words) else ()


def _are_short_and_repeat(words: pl.Series) -> bool:
    levels = words.drop_nulls().unique()
    if not 0 < len(levels) <= 0.5 * (len(words) - words.null_count()):
        return False
    return float(levels.str.len_chars().mean() or 0.0) <= LONGEST_WORD  # type: ignore[arg-type]


def token_findings(
    name: str, n_rows: int, kept: Sequence[tuple[str, int]], dropped: Sequence[tuple[str, int]]
) -> tuple[Finding, ...]:
    """Say which tokens in a column of words are read as values, and which as missing."""
    findings = []
    if kept:
        said = f"{shown(kept)} of {n_rows} cells are values here, not missing"
        remedy = f"--missing {quote(','.join(token for token, _ in kept))} reads them as missing"
        findings.append(Finding("token", "info", (name,), said, remedy))
    if dropped:
        said = f"{shown(dropped)} of {n_rows} cells are read as missing"
        remedy = "--keep-tokens reads them as values"
        findings.append(Finding("token", "info", (name,), said, remedy))
    return tuple(findings)
