"""Find categories that are numbers or ranges in words, such as `10-19` or `2 years`."""

from __future__ import annotations

import re

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding

FEWEST_LEVELS = 5
OF_LEVELS = 0.9
ORDERED = re.compile(r"^\D{0,12}?(-?\d+(?:[.,]\d+)?)(?:\D*|\s*(?:-|to|–)\s*\d+(?:[.,]\d+)?\D*)$")
REMEDY = "its order is lost in a category: write the number, or the middle of the range, instead"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each category whose levels stand for different numbers with a unit.

    Levels of figures alone, such as 00101, are codes that the file meant as words.
    """
    found = []
    for column in seen.dataset.category_columns:
        codes = seen.dataset.values[column.name]
        levels = [column.levels[code] for code in np.unique(codes[codes >= 0])]
        numbers = [match.group(1) for level in levels if (match := ORDERED.match(level.strip()))]
        are_many = len(levels) >= FEWEST_LEVELS and len(numbers) >= OF_LEVELS * len(levels)
        if not are_many or len(set(numbers)) < OF_LEVELS * len(levels) or _are_codes(levels):
            continue
        message = (
            f"the categories of {column.name!r} are numbers in words, such as {levels[0]!r} and "
            f"{levels[-1]!r}"
        )
        found.append(Finding("numeric_category", "info", (column.name,), message, REMEDY))
    return tuple(found)


def _are_codes(levels: list[str]) -> bool:
    """Tell whether levels are letters and figures without a gap, such as A11, or figures alone."""
    return sum(bool(re.fullmatch(r"[A-Za-z]*\d+[A-Za-z]?", one)) for one in levels) > 0.5 * len(
        levels
    )


CHECK = Check(
    code="numeric_category",
    title="categories that are numbers in words",
    severity="info",
    look=find,
    source="Stevens (1946), Science 103",
    remedy=REMEDY,
)
