"""Groups of rows on the page and in the console."""

from __future__ import annotations

from types import SimpleNamespace

from rung.report.sections.subgroups import console, subgroup_pictures

ROWS = [
    {
        "group": "a", "n": 50, "verdict": "worse", "value": 2.0, "low": 1.5, "high": 2.5,
        "difference": 1.0, "difference_low": 0.4, "difference_high": 1.6,
    },
    {
        "group": "b", "n": 7, "verdict": "too few to say", "value": 9.0, "low": None, "high": None,
        "difference": None, "difference_low": None, "difference_high": None,
    },
]  # fmt: skip
FOUND = {
    "title": "Linear", "column": "k", "how": "one group a level", "metric": "rmse",
    "n_compared": 2, "fewest": 30, "counted": "rows", "rows": ROWS,
}  # fmt: skip
RESULT = SimpleNamespace(sections={"subgroups": [FOUND]})


def test_a_group_with_too_few_rows_has_no_number() -> None:
    (picture,) = subgroup_pictures(RESULT)
    first, second = picture["rows"]
    assert (first["value"], first["difference"], first["kind"]) == ("2.00", "+1.00", "open")
    assert (second["value"], second["difference"], second["is_known"]) == ("", "", False)
    assert first["x_low"] < first["x"] < first["x_high"]


def test_the_console_says_what_is_not_said_and_for_how_many_intervals_are_widened() -> None:
    lines = console([], RESULT).splitlines()
    assert lines[2] == "  a (50 rows): RMSE 2.00, +1.00 against the rest (0.40 to 1.60), worse"
    assert lines[3] == "  b (7 rows): too few to say"
    assert "fewer than 30" in lines[4]
    assert "2 comparisons" in lines[4]
