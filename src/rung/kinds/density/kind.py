"""The kind of data that is a table without a target: rows, and how probable they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.core.findings import Finding
from rung.core.marks import TableRows
from rung.data.text_folders import holds_texts
from rung.kinds.density.judge import judge, sealed_test
from rung.kinds.density.model import TASK, parse_density_model
from rung.kinds.density.options import DensityOptions, make_density_options
from rung.kinds.density.outcome import fitted, outcome
from rung.kinds.density.prepare import NO_TARGET, PreparedRows, prepare
from rung.kinds.image.reading import is_image_source
from rung.kinds.kind import Kind, Words
from rung.kinds.table.checks import check_table
from rung.kinds.table.memory import memory_limit
from rung.kinds.text.lines_or_stream import is_text_file
from rung.typing import JSON


def _recognises(data: Any, asked: Mapping[str, Any]) -> bool:
    """Tell whether a table without a target is meant, by its looks."""
    if any(asked.get(name) is not None for name in ("target", "reading", "labels", "images")):
        return False
    if is_image_source(data):
        return False
    if isinstance(data, str | Path):
        return not is_text_file(data) and not holds_texts(data)
    return hasattr(data, "columns") or hasattr(data, "dtype") or isinstance(data, Mapping)


def _question(prepared: PreparedRows, options: DensityOptions) -> str:
    seen = prepared.seen
    n_columns = len(seen.columns)
    of_more = "" if prepared.sampled is None else prepared.sampled.said
    return (
        f"{seen.n_rows:,} rows{of_more}, {n_columns:,} column{'s' * (n_columns != 1)}; {NO_TARGET}; "
        f"compared by {prepared.metric.title}"
    )


def _asks(prepared: PreparedRows, options: DensityOptions) -> JSON:
    return {"target": "", "task": TASK}


def _rows(prepared: PreparedRows, options: DensityOptions) -> TableRows:
    return TableRows(prepared.original.take(prepared.test), "")


def _check(data: Any, asked: Mapping[str, Any]) -> tuple[Finding, ...]:
    return check_table(data, **asked)


KIND = Kind(
    name="density",
    words=Words(reading="reading and dividing rows", opening="opening the sealed rows"),
    options=DensityOptions,
    make_options=make_density_options,
    recognises=_recognises,
    owns=lambda spec: spec["task"] == TASK,
    prepare=prepare,
    question=_question,
    asks=_asks,
    limit=memory_limit,
    judge=judge,
    sealed_rows=_rows,
    test=sealed_test,
    outcome=outcome,
    fitted=fitted,
    parse=parse_density_model,
    check=_check,
)
