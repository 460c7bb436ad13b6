"""Training scores on the page."""

from __future__ import annotations

import pytest

from rung.report.sections.training_score import training_score_picture
from tests.report.sections.explained import result_of


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_the_gap_is_held_out_less_training_where_less_is_better(task: str) -> None:
    result = result_of(task)
    picture = training_score_picture(result)
    assert [row["title"] for row in picture["table"]] == ["Constant", "Linear", "Random forest"]
    for row, one in zip(picture["table"], result.sections["training_score"], strict=True):
        gap = one["held_out"]["mean"] - one["training"]["mean"]
        assert float(row["gap"].replace("\N{MINUS SIGN}", "-")) == pytest.approx(gap, abs=0.02)
    assert (
        picture["rows"][0]["title"] == "Random forest"
    )  # the complex at the top, as in the ladder
