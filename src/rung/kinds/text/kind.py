"""The kind of data that is a text: characters, one after another, without a target."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.core.findings import Finding
from rung.core.seal import Seal
from rung.data.text_folders import CLASS, holds_texts
from rung.errors import UsageError
from rung.kinds.kind import Kind, Words
from rung.kinds.text.checks import check_text
from rung.kinds.text.judge import judge, sealed_test
from rung.kinds.text.lines_or_stream import is_text_file
from rung.kinds.text.model import TASK, parse_text_model
from rung.kinds.text.options import TextOptions, make_text_options
from rung.kinds.text.outcome import fitted, outcome
from rung.kinds.text.prepare import PreparedText, prepare_text
from rung.text.marks import TextRows


def _recognises(data: Any, asked: Mapping[str, Any]) -> bool:
    """Tell whether a text is meant: it has no target, and is read as lines or as a whole.

    Raises
    ------
    UsageError
        If a folder of texts by class has no target.
    """
    if asked.get("target") is not None:
        return False
    if asked.get("reading") is not None:
        return True
    if isinstance(data, str | Path):
        if holds_texts(data):
            raise UsageError(
                f"{Path(data).name!r} holds a folder of texts for each class, which is a table",
                f"say --target {CLASS}",
            )
        return is_text_file(data)
    return isinstance(data, list | tuple) and all(isinstance(line, str) for line in data)


def _prepare(data: Any, options: TextOptions, seal: Seal | None) -> PreparedText:
    return prepare_text(data, options)


def _rows(prepared: PreparedText, options: TextOptions) -> TextRows:
    return TextRows(prepared.kind, prepared.sealed, prepared.problem.vocabulary)


def _check(data: Any, asked: Mapping[str, Any]) -> tuple[Finding, ...]:
    return check_text(data, **asked)


KIND = Kind(
    name="text",
    words=Words(reading="reading and dividing the text", opening="opening the sealed part"),
    options=TextOptions,
    make_options=lambda given: make_text_options(dict(given)),
    recognises=_recognises,
    owns=lambda spec: spec["task"] == TASK,
    prepare=_prepare,
    judge=judge,
    sealed_rows=_rows,
    test=sealed_test,
    outcome=outcome,
    fitted=fitted,
    parse=parse_text_model,
    check=_check,
    is_parallel=True,
)
