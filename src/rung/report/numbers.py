"""Write numbers as a paper would: as many digits as their uncertainty allows."""

from __future__ import annotations

import math
import unicodedata

from rung.core.numbers import ABSENT, MINUS, decimals_for, number, signed

__all__ = [
    "ABSENT",
    "MINUS",
    "clean",
    "count",
    "decimals_for",
    "interval",
    "number",
    "percent",
    "shorten",
    "signed",
    "span",
    "stopped",
]

NOT_IN_XML = "\ufffe\uffff"
# Sums of doubles agree to about this share.
ROUNDING = 1e-12


def count(value: float) -> str:
    """Write a count; weighted counts keep one decimal.

    Examples
    --------
    >>> count(12345), count(2.5)
    ('12,345', '2.5')
    """
    if not math.isfinite(value):
        return ABSENT
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def percent(share: float) -> str:
    """Write a share as a percentage, without digits that say nothing.

    Examples
    --------
    >>> percent(0.95), percent(1 - 0.05 / 3)
    ('95%', '98.3%')
    """
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def interval(mean: float, low: float, high: float, *, is_score: bool = False) -> dict[str, object]:
    """Write a value and its interval with two significant digits of the uncertainty.

    Returns
    -------
    dict
        `value`, `half`, `low`, `high` and `range` as text, and `raw` with the numbers themselves.

    Examples
    --------
    >>> shown = interval(0.28123, 0.26893, 0.29353)
    >>> shown["value"], shown["half"], shown["low"], shown["high"]
    ('0.281', '0.012', '0.269', '0.294')

    A spread that only rounding leaves is none:

    >>> interval(4.174387, 4.174387 - 2e-15, 4.174387 + 2e-15)["half"]
    '0'

    A score that its uncertainty would show as zero keeps two digits of its own:

    >>> shown = interval(0.0951, -14.2, 14.4, is_score=True)
    >>> shown["value"], shown["half"]
    ('0.095', '14')
    """
    half = (high - low) / 2
    if half <= ROUNDING * abs(mean):
        half = 0.0
    decimals = decimals_for(half)
    is_hidden = is_score and decimals is not None and round(mean, decimals) == 0
    return {
        "value": number(mean, decimals_for(abs(mean)) if is_hidden else decimals),
        "half": number(half, decimals),
        "low": number(low, decimals),
        "high": number(high, decimals),
        "range": span(number(low, decimals), number(high, decimals)),
        "raw": {"mean": _finite(mean), "low": _finite(low), "high": _finite(high)},
    }


def span(low: str, high: str) -> str:
    """Write the two ends of an interval, either of which may be absent.

    Examples
    --------
    >>> span("0.1", "0.3"), span("0.1", ABSENT), span(ABSENT, ABSENT)
    ('0.1 to 0.3', 'at least 0.1', 'no interval')
    """
    if low == ABSENT and high == ABSENT:
        return "no interval"
    if low == ABSENT:
        return f"at most {high}"
    return f"at least {low}" if high == ABSENT else f"{low} to {high}"


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def clean(text: object) -> str:
    r"""Make a name safe to show: control and direction characters become visible codes.

    A column name may hold terminal commands or marks that reverse the reading direction.

    Examples
    --------
    >>> clean("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(_visible(letter) for letter in str(text))


def stopped(text: str) -> str:
    """End a sentence with a full stop, if it has no end yet.

    Examples
    --------
    >>> stopped("a claim"), stopped("really?"), stopped("")
    ('a claim.', 'really?', '')
    """
    return f"{text}." if text and text[-1] not in ".!?" else text


def _visible(letter: str) -> str:
    is_hidden = unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    if not is_hidden and letter not in NOT_IN_XML:
        return letter
    return " " if letter in "\n\t" else letter.encode("unicode_escape").decode("ascii")


def shorten(text: str, width: int) -> str:
    """Cut a long name in its middle, where names differ least.

    Examples
    --------
    >>> shorten("abcdefghij", 5)
    'ab…ij'
    """
    if len(text) <= width:
        return text
    head = width // 2
    return f"{text[:head]}…{text[len(text) - (width - 1 - head) :]}"
