"""Formulas on the page."""

from __future__ import annotations

from dataclasses import replace

from rung.report.sections.formula import formula_pictures
from tests.report.sections.explained import page_of, result_of


def test_a_line_says_what_one_unit_more_changes_with_its_interval() -> None:
    (picture,) = formula_pictures(result_of("regression"))
    assert any(
        "1 unit more of noise changes the predicted t by" in line for line in picture["units"]
    )
    assert any("the sign is not shown by the data" in line for line in picture["units"])


def test_two_classes_have_log_odds_and_more_have_none_of_these_sentences() -> None:
    (two,), (three,) = (formula_pictures(result_of(task)) for task in ("binary", "multiclass"))
    assert any("changes the log odds of" in line for line in two["units"])
    assert three["units"] == []
    assert {row["class"] for row in three["rows"]} == {"x", "y", "z"}


def test_a_unit_of_the_table_is_named() -> None:
    result = result_of("regression")
    columns = tuple(
        replace(column, unit="kg") if column.name == "noise" else column
        for column in result.dataset.columns
    )
    (picture,) = formula_pictures(replace(result, dataset=replace(result.dataset, columns=columns)))
    assert any(line.startswith("1 kg more of noise") for line in picture["units"])


def test_the_program_stands_on_the_page() -> None:
    assert "def predict(row):" in page_of("regression")
