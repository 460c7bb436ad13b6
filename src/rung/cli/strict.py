"""Show how new rows differ from those of training, and end with an error where that is asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rung.core.findings import Finding
from rung.errors import DataError
from rung.typing import JSON

if TYPE_CHECKING:
    from rich.console import Console

# What a user asked for, or chance gives, and no difference.
ASKED = ("where", "where_missing", "derived", "unlike_rows_by_chance")


def show_differences(findings: Sequence[JSON]) -> None:
    """Print what differs from training on standard error."""
    from rich.console import Console

    from rung.report.terminal import show_finding

    console = Console(file=sys.stderr, highlight=False, emoji=False, soft_wrap=True)
    for one in findings:
        show_finding(as_finding(one), console)


def as_finding(one: JSON) -> Finding:
    """Return a finding of its JSON."""
    return Finding(**{**one, "columns": tuple(one["columns"])})


def refuse_different(model: str, data: str, options: Any, console: Console) -> None:
    """Show every difference of rows to predict from those of training, and raise if there is one."""
    from rung.core.result import plain
    from rung.kinds.table.model import load_table_model
    from rung.report.terminal import show_finding

    told: list[Finding] = []
    load_table_model(model).read(data, options=options, tell=told.append)
    different = [one for one in told if one.code not in ASKED]
    for one in different:
        show_finding(one, console)
    refuse_differences([plain(one) for one in different])


def refuse_differences(findings: Sequence[JSON]) -> None:
    """Raise if rows differ from those of training in a way that a user must know.

    Raises
    ------
    DataError
        With the first difference, and how many there are.

    Examples
    --------
    >>> refuse_differences([])
    """
    found = [one for one in findings if one["code"] not in ASKED]
    if found:
        more = f" (and {len(found) - 1} more differences)" if len(found) > 1 else ""
        raise DataError(
            f"rows differ from those of training: {found[0]['message']}{more}",
            "correct the rows, or leave out --strict",
        )


def refuse_worse(found: JSON) -> None:
    """Raise if a score is worse than promised.

    Raises
    ------
    DataError
        With both values.
    """
    if found["verdict"] == "worse":
        one = found["scores"][found["metric"]]
        raise DataError(
            f"{found['metric']} is {one['value']:.4g}, worse than the {one['promised']['value']:.4g} "
            "promised, by more than chance",
            "train again with rows like these, or leave out --strict",
        )
