"""What was counted in all rows stands on the page, estimates said to be some."""

from __future__ import annotations

from dataclasses import replace

from rung.report.sections.all_rows import all_rows, render
from tests.report.example import regression

COUNTED = {"missing": 3, "distinct": 12, "is_counted": True, "words": 0, "low": -1.5, "high": 2e6}
WORDS = {"missing": 0, "distinct": 51_234, "is_counted": False, "words": 7, "low": None, "high": None}  # fmt: skip


def test_ranges_and_counts_stand_in_a_table_and_names_are_harmless() -> None:
    columns = [{"name": "<i>a", **COUNTED}, {"name": "word", **WORDS}]
    sections = {"all_rows": {"n_used": 1_000, "n_all": 10_000_000, "columns": columns}}
    result = replace(regression(), sections=sections)
    found = all_rows(result)
    assert found is not None
    first, second = found["columns"]
    assert (first["missing"], first["distinct"], first["low"]) == ("3", "12", "−1.5")
    assert (second["distinct"], second["words"], second["high"]) == ("about 51,234", "7", "")
    page = render(found, result)
    assert "1,000 of 10,000,000 rows were used" in page
    assert "<i>" not in page
    assert all_rows(regression()) is None
