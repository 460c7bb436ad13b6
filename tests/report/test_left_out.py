"""Rows that took no part are named with their number, whatever left them out."""

from dataclasses import replace

import pytest

from rung.core.findings import Finding
from rung.report.left_out import rows_left_out
from tests.report.example import regression

UNMET = Finding("where", "info", (), "22 of 1,179 rows do not meet 'z > 1'")
MISSING = Finding(
    "where_missing", "warning", (), "3 of 1,179 rows have no value where 'z > 1' needs one"
)
OTHER = Finding("leak", "alarm", ("z",), "tells all")


@pytest.mark.parametrize(
    ("n_without", "said"),
    [(0, []), (1, ["1 more row has no lgGF"]), (1_200, ["1,200 more rows have no lgGF"])],
)
def test_conditions_come_first_and_then_rows_without_a_target(n_without, said):
    base = regression()
    data = replace(base.dataset, rows_without_target=n_without)
    result = replace(base, dataset=data, findings=(MISSING, OTHER, UNMET))
    assert rows_left_out(result) == [MISSING.message, UNMET.message, *said]
    assert rows_left_out(replace(result, findings=(OTHER,))) == said


def test_names_are_made_safe_to_show():
    base = regression()
    data = replace(base.dataset, rows_without_target=2)
    result = replace(base, target="a\x1bb", dataset=data, findings=())
    assert "\x1b" not in rows_left_out(result)[0]
