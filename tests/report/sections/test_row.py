"""A row in words: what is said where nothing changes it, and of rows that are unusual."""

from __future__ import annotations

from rung.report.sections.row import row_lines, row_sentences

COLUMN = {"column": "x", "value": "1", "adds": -0.25, "to": None, "then": None, "size": None}
FOUND = {
    "title": "Linear", "target": "y", "row": 7, "fold": 2, "true": 3.0, "known": "training",
    "prediction": 2.5, "probability": None, "amount": 1.0, "columns": [COLUMN],
    "nearest": [{"row": "row 9", "true": 2.0, "distance": 0.5, "x": "2"}], "n_known": 1_200,
    "distance": 0.5, "share_farther": 0.25,
}  # fmt: skip


def test_a_row_is_said_in_three_sentences() -> None:
    first, second, third = row_sentences(FOUND)
    assert first == (
        "Linear predicts y 2.5 for row 7, by the model of fold 2 that has not seen it; true is 3."
    )
    assert second.startswith("The nearest of 1,200 training rows is 0.5 standard deviations")
    assert "unusual" not in second
    assert third.startswith("No single column")
    assert "unusual" in row_sentences(FOUND | {"share_farther": 0.01})[1]


def test_changes_come_with_the_smallest_first() -> None:
    columns = [
        COLUMN | {"column": name, "to": "9", "then": 4.0, "size": size}
        for name, size in (("far", 2.0), ("near", 0.5))
    ]
    said = row_sentences(FOUND | {"columns": columns})[2]
    assert said.index("near from 1 to 9") < said.index("far from")
    lines = row_lines(FOUND)
    assert any("−0.25" in line for line in lines)
    assert lines[-1] == "  row 9: true 2, 0.5 away"
