"""Tell rows that stand under names and state units, widths, types or how values were made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rung.data.readers import header

_UNIT = re.compile(
    r"^(?:\[.*\]|\(.*\)|[%‰°℃℉µμΩÅ$€£]\S{0,8}|-|deg(?:rees?)?|dex|mag|[yMdHhms:/\- ]{4,}a?|"
    r"[kMGTcdmunpµμh]?(?:m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|V|C|F|S|T|L|l|bar|eV|pc|Jy|yr|h|min|ohm|Ohm|"
    r"deg|rad|sr|Ah|Wh|VA|ppm|ppb|cal|t|lb|ft|in|mi|nm|rpm|bit|B)"
    r"(?:\^?[-\u207b]?[\d\u00b2\u00b3\u00b9]{1,2})?"
    r"(?:[ */·.][ ]?[kMGTcdmunpµμh]?[A-Za-zµΩ°]{1,4}(?:\^?[-\u207b]?[\d\u00b2\u00b3\u00b9]{1,2})?){0,4}|"
    r"(?:percent|counts?|pixels?|days?|hours?|seconds?|minutes?|years?|meters?|metres?|"
    r"kilometers?|feet|inches|knots|kts?|mph|celsius|kelvin|volts?|amps?|watts?|none|unitless|"
    r"dimensionless|arcsec|arcmin|degC|degF|deg[CFK])\b.{0,12})$"
)
# What loggers by Campbell Scientific say of their columns.
PROCESSINGS = frozenset(
    ["avg", "smp", "tot", "std", "max", "min", "med", "wvc", "smm", "tmx", "tmn", "etxs", "rso"]
)
_TYPES = (
    "int integer int32 int64 long short byte float float32 float64 double real number "
    "numeric decimal str string text char varchar bool boolean date datetime time "
    "timestamp category factor continuous discrete nominal ordinal c d s i f n enum"
)
TYPES = frozenset(_TYPES.split())


def is_type_row(row: Sequence[str], width: int, below: Sequence[Sequence[str]] = ()) -> bool:
    """Tell whether a row states widths (`15s`) or types (`float`) of the columns.

    A row of which a cell stands again in its column below holds data.

    Examples
    --------
    >>> is_type_row(["int", "float"], 2), is_type_row(["5s", "10n"], 2), is_type_row(["x", "y"], 2)
    (True, True, False)
    >>> is_type_row(["s", "d"], 2, [["s", "n"], ["f", "n"]])
    False
    """
    filled = [cell.strip().lower() for cell in row if cell.strip()]
    if len(row) != width or len(filled) < max(2, width // 2):
        return False
    is_typed = all(cell.split("(")[0] in TYPES for cell in filled)
    if not is_typed and not header.is_width_row(filled):
        return False
    pairs = (pair for other in below for pair in zip(row, other, strict=False))
    return not any(cell.strip() and cell == other for cell, other in pairs)


def is_unit_row(row: Sequence[str]) -> bool:
    """Tell whether most filled cells of a row are units.

    Examples
    --------
    >>> is_unit_row(["m/s", "°C", "[kg]", ""]), is_unit_row(["speed", "temperature"])
    (True, False)
    """
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and sum(bool(_UNIT.match(cell)) for cell in filled) > 0.5 * len(filled)
