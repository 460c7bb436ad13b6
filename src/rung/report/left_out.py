"""Say which rows of what was read took no part in a run."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.numbers import clean, count

CONDITIONS = ("where", "where_missing")


def rows_left_out(result: Result) -> list[str]:
    """Return what left rows out, with their number: a condition, a missing target; names are clean."""
    said = [one.message for one in result.findings if one.code in CONDITIONS]
    n_without = result.dataset.rows_without_target
    if n_without:
        what = "1 more row has" if n_without == 1 else f"{count(n_without)} more rows have"
        said.append(f"{what} no {result.target}")
    return [clean(one) for one in said]
