"""The rows that took no part are counted, whatever left them out."""

from dataclasses import replace

import pytest

from rung.core.findings import Finding
from rung.report.left_out import rows_left_out
from tests.report.example import regression


@pytest.mark.parametrize(
    ("n", "said"), [(0, []), (1, ["1 more row has no {}"]), (1200, ["1,200 more rows have no {}"])]
)
def test_rows_without_a_target_are_counted(n, said):
    result = regression()
    result = replace(result, dataset=replace(result.dataset, rows_without_target=n))
    assert rows_left_out(result) == [one.format(result.target) for one in said]


def test_a_condition_is_named_and_no_other_finding():
    result = regression()
    findings = (
        Finding("where", "info", (), "22 of 1,179 rows do not meet 'NUVr > -90', left out", ""),
        Finding("redundant", "info", ("a",), "column 'a' is a curve of 'b'", ""),
    )
    dataset = replace(result.dataset, rows_without_target=0)
    said = rows_left_out(replace(result, findings=findings, dataset=dataset))
    assert said == ["22 of 1,179 rows do not meet 'NUVr > -90', left out"]
