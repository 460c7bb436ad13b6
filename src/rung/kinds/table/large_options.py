"""Declare how many rows of a large table are used, and what they may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rung.core.memory import DEFAULT_LIMIT, MB
from rung.errors import UsageError
from rung.kinds.declaration import OUTPUT, READING, Option, OptionValue, declare
from rung.kinds.options import Options
from rung.kinds.values import check_whole, memory_amount

if TYPE_CHECKING:
    from rung.data.table import SampleRequest

# Python and the libraries that read tables and train.
PROCESS = 350 * MB
# The table as read, in the order of its content, and its training rows; keys and digests of rows.
TABLES, ROW = 3, 400
# Out-of-fold predictions of some twenty families, a number each.
PREDICTIONS = 200
# Families need the rest of what is left beside the process.
SHARE_OF_ROWS = 0.5
LEAST_ROWS, MOST_ROWS = 10, 10**12
ALL = "all"


def row_count() -> OptionValue:
    """Take a number of rows, or `all`."""

    def check(option: Option, value: Any) -> Any:
        if value == ALL or value is None:
            return value
        if isinstance(value, str):
            raise UsageError(
                f"rows {value!r} is neither a number nor {ALL!r}", "use --rows 100000 or --rows all"
            )
        check_whole(option.name, value, low=LEAST_ROWS, high=MOST_ROWS)
        return int(value)

    def read(option: Option, typed: str) -> Any:
        return int(typed) if typed.isascii() and typed.isdigit() else typed

    return OptionValue(says="int or 'all'", check=check, read=read)


@dataclass(frozen=True, kw_only=True)
class LargeTableOptions(Options):
    """State what a run may hold, and how many rows of a large table it uses."""

    rows: int | Literal["all"] | None = declare(
        None,
        row_count(),
        "Use so many rows, chosen at random by the seed; `all` refuses where they do not fit.",
        more="If not given, all rows, or of a table that is larger than --memory allows as many as "
        "fit; groups are chosen whole.",
        panel=READING,
        metavar="N",
        recorded="given",
        checked=True,
    )
    memory: int | str = declare(
        DEFAULT_LIMIT,
        memory_amount(),
        "What a run may hold; a family that would need more is skipped, with its estimate.",
        panel=OUTPUT,
        metavar="AMOUNT",
        unless="6GB",
        checked=True,
    )


def sample_request(
    memory: int, rows: int | Literal["all"] | None, seed: int, groups: tuple[str, ...]
) -> SampleRequest:
    """Return what rows may take.

    Examples
    --------
    >>> sample_request(600 * MB, None, 0, ()).most_rows(10)
    148809
    """
    from rung.data.table import SampleRequest

    room = max(memory - PROCESS, memory // 4)
    return SampleRequest(
        room=int(SHARE_OF_ROWS * room),
        a_row=ROW + PREDICTIONS,
        a_cell=TABLES * 8,
        memory=memory,
        share=SHARE_OF_ROWS,
        rows=rows,
        seed=seed,
        groups=groups,
    )
