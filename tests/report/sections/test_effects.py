"""Effects on the page: a panel a column, on one scale, with the table behind it."""

from __future__ import annotations

from xml.dom import minidom

import pytest

from rung.report.sections.effects import effect_pictures
from tests.report.sections.explained import page_of, result_of


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_every_place_is_a_row_of_the_table_and_every_panel_is_xml(task: str) -> None:
    result = result_of(task)
    (found,), (picture,) = result.sections["effects"], effect_pictures(result)
    assert len(picture["rows"]) == sum(len(column["places"]) for column in found["columns"])
    assert len(picture["head"]) == len(picture["rows"][0])
    assert len(picture["panels"]) == len(found["columns"])
    for panel in picture["panels"]:
        minidom.parseString(panel["svg"])


def test_dates_are_shown_as_dates() -> None:
    assert "2020-0" in page_of("regression")


def test_the_picture_in_words_names_both_ends() -> None:
    (picture,) = effect_pictures(result_of("regression"))
    assert "is lowest" in picture["alternative"]
    assert "highest" in picture["alternative"]
