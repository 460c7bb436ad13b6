"""Importances on the page: the numbers of the result, each row judged."""

from __future__ import annotations

import pytest

from rung.report.sections.importance import importance_pictures
from tests.report.sections.explained import WILD, page_of, result_of


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_every_column_has_its_numbers_and_judgement(task: str) -> None:
    result = result_of(task)
    (found,), (picture,) = result.sections["importance"], importance_pictures(result)
    assert [row["mean"] for row in picture["table"]] == [one["metric"] for one in found["columns"]]
    for row, one in zip(picture["table"], found["columns"], strict=True):
        assert row["low"] <= row["mean"] <= row["high"]
        assert row["verdict"] == one["verdict"]
        assert row["x_low"] <= row["x"] <= row["x_high"]
    assert picture["table"][0]["verdict"] == "matters"


def test_names_are_shown_and_harmless() -> None:
    page = page_of("regression")
    assert "<script>" not in page
    assert WILD[-1] not in page
    assert ">matters<" in page


def test_a_page_without_explanations_has_no_such_section() -> None:
    from tests.report.example import regression

    assert importance_pictures(regression()) is None
