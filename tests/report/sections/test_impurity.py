"""Impurity on the page: shares as per cent, and what is held by heart."""

from __future__ import annotations

from dataclasses import replace

from rung.report.sections.impurity import impurity_tables, render
from tests.report.example import regression


def test_shares_stand_beside_each_other_and_names_are_harmless() -> None:
    rows = [
        {"column": "<i>a", "learned": 0.75, "held_out": 1.02, "by_heart": False},
        {"column": "noise", "learned": 0.25, "held_out": -0.02, "by_heart": True},
    ]
    found = {"family": "tree", "title": "Decision tree", "bias": "it favours", "columns": rows}
    result = replace(regression(), sections={"impurity": [found]})
    tables = impurity_tables(result) or []
    assert [row["said"] for row in tables[0]["rows"]] == ["", "by heart"]
    page = render(tables, result)
    assert "It favours." in page
    assert "75%" in page
    assert "<i>" not in page
    assert impurity_tables(regression()) is None
