from dataclasses import replace

from rung.core.result import TextPart, TextSummary, plain
from rung.report.sections.division import MOST_COLUMNS, render
from rung.report.summary import summarise
from tests.report.example import regression


def test_a_table_lists_its_columns_and_counts_those_that_are_too_many():
    base = regression()
    data = replace(base.dataset, columns=base.dataset.columns * 50)
    page = render(summarise(replace(base, dataset=data)), base)
    assert page.count("<tr><th") == MOST_COLUMNS + 1
    assert "50 more stand in" in page


def test_a_text_says_its_parts_and_has_no_columns():
    parts = {"verdict": TextPart(7, 8, 90)}
    text = plain(TextSummary("lines", "lines", 1200, 80, 75, 27, 8, parts, {}, ()))
    result = replace(regression(), sections={"text": text})
    page = render(summarise(result), result)
    assert "<dt>Verdict</dt><dd>7 lines, 90 characters</dd>" in page
    assert "<dt>Lines</dt><dd>80, 75 of them different</dd>" in page
    assert "equal ones together, 943 of them" in page
    assert "<table" not in page
