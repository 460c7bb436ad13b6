"""Find what each column does, from the columns alone; the target is never looked at."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from rung.core.dataset import Column
from rung.core.findings import Finding
from rung.data.columns import Parsed
from rung.typing import Array, Kind, Role

LEAST_ROWS = 20
DISTINCT_SHARE = 0.95
# From here on every float is whole, so that wholeness says nothing.
LARGE = 2.0**53
LEFT_OUT = "left out of the features; declare it with --features to use it"
STRINGS_LEFT_OUT = "left out of the features; if its parts tell something, read it with --texts"
TEXT_READ = "its words are counted inside each fold; --drop leaves it out"

# A run of whole numbers under one of these names measures something, so it is no row number.
_MEASURES = frozenset(
    (
        "t",
        "time",
        "x",
        "year",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "second",
        "date",
        "step",
        "epoch",
        "age",
        "rank",
        "depth",
        "phase",
        "frame",
    )
)
# A column that is called as a catalogue holds the numbers of its objects.
_CATALOGUES = frozenset(
    (
        "agc",
        "epic",
        "gass",
        "gj",
        "hd",
        "hip",
        "kic",
        "koi",
        "ngc",
        "pgc",
        "sao",
        "tic",
        "tyc",
        "ugc",
    )
)
# Words that end in "id" and are no identifiers.
_ID_INSIDE_WORD = re.compile(
    r"(acid|avoid|arid|fluid|grid|humid|hybrid|liquid|mid|oid|paid|pyramid|rapid|solid|thyroid|valid)$"
)


def find_role(parsed: Parsed) -> tuple[Column, Finding | None]:
    """Find kind and role of one column.

    Parameters
    ----------
    parsed : Parsed
        The column.

    Returns
    -------
    column : Column
        Its description.
    finding : Finding or None
        Why it is not a feature.

    Examples
    --------
    >>> find_role(Parsed("x", "number", np.ones(3)))[0].role
    'constant'
    """
    kind: Kind = parsed.kind
    role: Role = "feature"
    finding = None
    if not parsed.supported:
        role = "dropped"
    elif constant := constant_evidence(parsed):
        role, finding = "constant", constant
    elif evidence := identifier_evidence(parsed):
        role = "identifier"
        remedy = LEFT_OUT if parsed.kind == "number" else STRINGS_LEFT_OUT
        finding = Finding("identifier", "info", (parsed.name,), evidence, remedy)
    elif evidence := text_evidence(parsed):
        kind, role = "text", "text"
        finding = Finding("text", "info", (parsed.name,), evidence, TEXT_READ)
    column = Column(parsed.name, kind, role, parsed.levels)
    return replace(
        column,
        notation=parsed.notation,
        tokens=parsed.tokens,
        date_order=parsed.date_order,
    ), finding


def constant_evidence(parsed: Parsed) -> Finding | None:
    """Return a finding if the column holds at most one value.

    Missing cells beside one value make a feature: whether the cell is there is information.

    Examples
    --------
    >>> constant_evidence(Parsed("x", "number", np.array([np.nan, np.nan]))).code
    'all_missing'
    """
    missing = is_missing(parsed)
    n_rows, present = len(missing), parsed.values[~missing]
    remedy = "left out of the features"
    if n_rows and len(present) == 0:
        message = f"no value in any of {n_rows} rows"
        return Finding("all_missing", "info", (parsed.name,), message, remedy)
    if n_rows > 1 and len(present) == n_rows and bool(np.all(present == present[0])):
        value = parsed.levels[present[0]] if parsed.levels else f"{present[0]:.6g}"
        message = f"one value, {value!r}, in all {n_rows} rows"
        return Finding("constant", "info", (parsed.name,), message, remedy)
    return None


def is_missing(parsed: Parsed) -> Array:
    """Tell for every row whether the cell is missing, shape (n_rows,)."""
    return parsed.values < 0 if parsed.kind in ("category", "text") else np.isnan(parsed.values)


def identifier_evidence(parsed: Parsed) -> str:
    """Say why a column only names its rows, or return an empty string.

    Examples
    --------
    >>> identifier_evidence(Parsed("row", "number", np.arange(30.0)))
    'whole numbers from 0 to 29, each once: a row number'
    """
    if parsed.exact_integers:
        return (
            f"{len(parsed.levels)} distinct whole numbers, such as {parsed.levels[0]!r}, "
            "too long to be exact as numbers: kept as strings"
        )
    if parsed.kind == "category":
        return _string_identifier(parsed)
    if parsed.kind == "number":
        return _number_identifier(parsed)
    return ""


def _string_identifier(parsed: Parsed) -> str:
    n_present, n_levels = int(np.sum(parsed.values >= 0)), len(parsed.levels)
    if n_present < LEAST_ROWS or n_levels < DISTINCT_SHARE * n_present:
        return ""
    words, length = _words_and_length(parsed.levels)
    if words >= 4.0 and length > 40.0:
        return ""
    return f"{n_levels} distinct strings in {n_present} rows, such as {parsed.levels[0]!r}"


def _number_identifier(parsed: Parsed) -> str:
    values = parsed.values[~np.isnan(parsed.values)]
    n_present = len(values)
    if n_present < LEAST_ROWS or not bool(np.all(values == np.floor(values))):
        return ""
    smallest, largest = float(values.min()), float(values.max())
    named = is_id_name(parsed.name) or parsed.name.strip().lower() in _CATALOGUES
    spread = largest - smallest + 1
    complete = n_present == len(parsed.values)
    if not (named or (complete and spread == n_present)):
        return ""
    n_distinct = len(np.unique(values))
    if complete and n_distinct == n_present:
        if spread == n_present and smallest in (0.0, 1.0) and not _measures(parsed.name):
            return f"whole numbers from {smallest:.0f} to {largest:.0f}, each once: a row number"
        if named:
            return (
                f"named as an identifier, and {n_distinct} distinct whole numbers in as many rows"
            )
    if named and largest >= LARGE:
        return f"named as an identifier, with numbers up to {largest:.6g}"
    if named and n_distinct > 0.5 * n_present and np.median(np.abs(values)) >= 1000:
        return (
            f"named as an identifier, and {n_distinct} distinct whole numbers in {n_present} rows"
        )
    return ""


def text_evidence(parsed: Parsed) -> str:
    """Say why a column is running text, or return an empty string.

    Examples
    --------
    >>> sentences = tuple(sorted(f"the galaxy number {i} is very red" for i in range(30)))
    >>> text_evidence(Parsed("note", "category", np.arange(30), sentences))
    '30 distinct texts in 30 rows, 7 words on average'
    """
    if parsed.kind != "category":
        return ""
    n_present, n_levels = int(np.sum(parsed.values >= 0)), len(parsed.levels)
    if n_present < LEAST_ROWS or n_levels <= 0.5 * n_present:
        return ""
    words, _ = _words_and_length(parsed.levels)
    if words < 4.0:
        return ""
    return f"{n_levels} distinct texts in {n_present} rows, {words:.0f} words on average"


def _words_and_length(levels: tuple[str, ...]) -> tuple[float, float]:
    words = sum(len(level.split()) for level in levels) / len(levels)
    return words, sum(map(len, levels)) / len(levels)


def _measures(name: str) -> bool:
    return name.strip().lower() in _MEASURES


def is_id_name(name: str) -> bool:
    """Tell whether a name says identifier: a word `id`, or a name that ends in it.

    Examples
    --------
    >>> [is_id_name(name) for name in ("PassengerId", "group_id_B", "PID", "humid", "Identity")]
    [True, True, True, False, False]
    """
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    tokens = re.split(r"[\W_]+", words.lower())
    if "id" in tokens or "uuid" in tokens or "rownames" in tokens:
        return True
    last = tokens[-1] if tokens[-1:] != [""] else (tokens[-2] if len(tokens) > 1 else "")
    return last.endswith("id") and not _ID_INSIDE_WORD.search(last)
