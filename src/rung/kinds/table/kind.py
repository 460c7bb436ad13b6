"""The kind of data that is a table: rows of columns, one of which is to be predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rung.core.findings import Finding
from rung.core.marks import TableRows
from rung.errors import UsageError
from rung.kinds.kind import Kind, Words
from rung.kinds.table.asked import make_options
from rung.kinds.table.blending import climb_blend
from rung.kinds.table.checks import check_table
from rung.kinds.table.judge import judge, sealed_test
from rung.kinds.table.memory import memory_limit
from rung.kinds.table.model import TASKS, parse_model
from rung.kinds.table.options import FitOptions
from rung.kinds.table.outcome import fitted, outcome
from rung.kinds.table.prepare import PreparedTable, prepare
from rung.kinds.table.question import say_question
from rung.typing import JSON


def _recognises(data: Any, asked: Mapping[str, Any]) -> bool:
    """Tell whether a table is meant to be predicted: it has a target.

    Raises
    ------
    UsageError
        If it has a target and is to be read as a text.
    """
    if asked.get("target") is not None:
        if asked.get("reading") is not None:
            raise UsageError(
                f"target {asked['target']!r} names a column of a table, and reading "
                f"{asked['reading']!r} reads a text",
                "give one of the two",
            )
        return True
    return False


def _asks(prepared: PreparedTable, options: FitOptions) -> JSON:
    return {"target": options.target, "task": prepared.problem.task}


def _rows(prepared: PreparedTable, options: FitOptions) -> TableRows:
    return TableRows(prepared.sealed_rows, options.target)


def _check(data: Any, asked: Mapping[str, Any]) -> tuple[Finding, ...]:
    return check_table(data, **asked)


KIND = Kind(
    name="table",
    words=Words(reading="reading and dividing rows", opening="opening the sealed rows"),
    options=FitOptions,
    make_options=lambda given: make_options(given.get("target"), _others(given)),
    recognises=_recognises,
    owns=lambda spec: spec["task"] in TASKS,
    prepare=prepare,
    question=say_question,
    asks=_asks,
    limit=memory_limit,
    judge=judge,
    blend=climb_blend,
    sealed_rows=_rows,
    test=sealed_test,
    outcome=outcome,
    fitted=fitted,
    parse=parse_model,
    check=_check,
    has_columns=True,
)


def _others(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "target"}
