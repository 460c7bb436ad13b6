"""Columns left out on the page: sentences, and numbers on the scale of the metric."""

from __future__ import annotations

from dataclasses import replace

from rung.report.sections.leave_out import leave_out_pictures, render
from tests.report.example import regression

RUNGS = [{"family": "linear", "title": "Linear", "metric": 2.0, "loss": {}, "verdict": "matters"}]
FOUND = {
    "metric": "rmse",
    "best": "linear",
    "title": "Linear",
    "whole": 1.0,
    "families": ["linear"],
    "n_more": 3,
    "columns": [
        {
            "columns": ["<b>a</b>", "c"],
            "best": "linear",
            "metric": 2.0,
            "low": 1.5,
            "high": 2.5,
            "verdict": "matters",
            "repaired_by": [],
            "rungs": RUNGS,
            "says": "without <b>a</b> and c: rmse 2 at best (Linear); nothing repairs it",
        }
    ],
}


def test_sentences_and_numbers_stand_on_the_page_and_names_are_harmless() -> None:
    result = replace(regression(), sections={"leave_out": [FOUND]})
    (picture,) = leave_out_pictures(result) or []
    (row,) = picture["rows"]
    assert picture["zero"] < row["x_low"] < row["x"] < row["x_high"]
    page = render([picture], result)
    assert "Without &lt;b&gt;a&lt;/b&gt; and c: rmse 2 at best (Linear); nothing repairs it" in page
    assert "3 more" in page
    assert "2.000, matters" in page or "2.0000, matters" in page
    assert "<b>" not in page


def test_a_page_without_it_has_no_such_section() -> None:
    assert leave_out_pictures(regression()) is None
