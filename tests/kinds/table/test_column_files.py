"""A model file says how its columns are read, and a forged one is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rung.core.dataset import Column, Notation
from rung.errors import BadModelFile
from rung.kinds.table.column_files import describe_column, read_columns

COLUMNS = (
    Column("plain", "number"),
    Column(
        "all", "number", "feature", (), "m", (-99.0,), Notation(",", ".", "€"), (".",), (-1.0, 2.5)
    ),
    Column("word", "category", levels=("a", "b"), tokens=("none",)),
    Column("note", "text", "text", tokens=("none",)),
    Column("day", "datetime", date_order="day/month/year", title="Day of the night"),
)


def test_columns_survive_their_description() -> None:
    listed = json.loads(json.dumps([describe_column(column) for column in COLUMNS]))
    assert read_columns(listed, {"levels/2": ("a", "b")}) == COLUMNS
    assert listed[0] == {"name": "plain", "kind": "number", "unit": ""}


@pytest.mark.parametrize(
    "forged",
    [
        {"kind": "words"},
        {"kind": "text", "span": [0.0, 1.0]},
        {"date_order": "day/month/year"},
        {"kind": "datetime", "date_order": "year first"},
        {"title": 3},
        {"name": 3},
        {"sentinels": [float("inf")]},
        {"sentinels": [True]},
        {"span": [1.0]},
        {"span": [2.0, 1.0]},
        {"span": "ab"},
        {"tokens": [1]},
        {"notation": {"decimal": "x"}},
        {"notation": {"decimal": ",", "grouping": ","}},
        {"notation": {"unit": "u" * 17}},
        {"notation": {"odd": "."}},
        {"kind": "boolean", "span": [0.0, 1.0]},
        {"kind": "boolean", "notation": {"decimal": ","}},
    ],
)
def test_a_forged_description_is_refused(forged: dict[str, Any]) -> None:
    with pytest.raises((BadModelFile, TypeError, ValueError)):
        read_columns([{**describe_column(COLUMNS[0]), **forged}], {})
