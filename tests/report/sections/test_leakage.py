"""The sheet of leakage says what the run knows, and leaves open what it cannot know."""

from dataclasses import replace

import pytest

from rung.core.findings import Finding
from rung.report.sections.leakage import AVOIDED, FOUND, NOTHING, OPEN, leakage_sheet, render
from rung.report.summary import summarise
from tests.report.example import SCRIPT, classification, regression


def sheet_of(*findings, **changes):
    options = {**regression().options, "drop": [], "features": None, **changes.pop("options", {})}
    result = replace(regression(), findings=findings, options=options, **changes)
    return leakage_sheet(result, summarise(result))


def test_there_are_eight_kinds_and_sampling_is_never_answered():
    sheet = sheet_of()
    assert len(sheet) == len({line.kind for line in sheet}) == 8
    assert [line.state for line in sheet] == [
        AVOIDED, AVOIDED, AVOIDED, NOTHING, OPEN, OPEN, OPEN, OPEN,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "code", "severity", "state"),
    [
        (0, "reopened", "warning", FOUND),
        (3, "duplicate_rows", "info", AVOIDED),
        (3, "near_duplicates", "alarm", FOUND),
        (4, "leak", "alarm", FOUND),
        (4, "strong_column", "info", OPEN),
        (5, "time", "alarm", FOUND),
        (6, "groups", "alarm", FOUND),
        (6, "space", "alarm", FOUND),
    ],
)
def test_a_finding_stands_in_its_line_with_its_words(place, code, severity, state):
    line = sheet_of(Finding(code, severity, ("x",), "what was seen", ""))[place]
    assert line.state == state
    assert "what was seen" in line.said


def test_a_test_that_was_not_sealed_is_a_kind_of_leakage():
    result = classification()
    line = leakage_sheet(result, summarise(result))[0]
    assert line.state == FOUND
    assert "only 12 rows" in line.said[0]


def test_columns_that_were_given_are_asked_about():
    line = sheet_of(options={"drop": ["a"]})[2]
    assert line.state == OPEN
    assert "--drop" in line.said[1]


def test_rows_in_order_of_time_are_divided_so():
    assert sheet_of(options={"time": SCRIPT})[5].state == AVOIDED


def test_groups_stay_together():
    folds = replace(regression().folds, unit="patient")
    assert sheet_of(folds=folds)[6] == (
        "Training and test are not independent",
        AVOIDED,
        ("What belongs together stays together; the unit of division is: patient.",),
    )


def test_names_are_escaped():
    page = render(sheet_of(options={"time": SCRIPT}), regression())
    assert SCRIPT not in page
