"""A look as text and as a page: every column is there, names do no harm."""

from __future__ import annotations

import polars as pl

from rung.check.looking import look
from rung.data import read_table
from rung.report.looking import look_page, look_text

WILD = "<script>\u202e"
TABLE = pl.DataFrame(
    {
        WILD: [1.0, 2.0, None] * 20,
        "kind": ["a", WILD, "c"] * 20,
        "empty": pl.Series([None] * 60, dtype=pl.Float64),
        "y": [0.5 * i for i in range(60)],
    }
)
FOUND = look(read_table(TABLE).dataset, "y")


def test_the_text_has_a_line_for_each_column() -> None:
    text = look_text(FOUND, "t.csv")
    assert text.startswith("t.csv: 60 rows, 4 columns")
    assert "no value" in text
    assert "33.3% missing" in text
    assert WILD[-1] not in text


def test_the_page_shows_every_column_and_runs_nothing() -> None:
    page = look_page(FOUND, WILD)
    assert "<script" not in page
    assert WILD[-1] not in page
    assert page.count('class="plot-box"') == 4 + 2
    assert "by each column" in page
    assert page == look_page(FOUND, WILD)


def test_without_a_target_nothing_is_held_against_one() -> None:
    assert "by each column" not in look_page(look(read_table(TABLE).dataset), "t")
