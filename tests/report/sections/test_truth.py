"""Predicted against true on the page."""

from __future__ import annotations

from xml.dom import minidom

import pytest

from rung.report.sections.truth import truth_pictures
from tests.report.sections.explained import result_of


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_panels_are_xml_and_tables_hold_every_bin_and_row(task: str) -> None:
    result = result_of(task)
    found, pictures = result.sections["truth"], truth_pictures(result)
    for one, picture in zip(found, pictures, strict=True):
        bins = one["bins"] if task == "regression" else one["calibration"]["bins"]
        assert len(picture["rows"]) == len(bins)
        assert len(picture["largest"]["rows"]) == len(one["largest"])
        for panel in picture["panels"]:
            minidom.parseString(panel["svg"])
        assert len(picture["panels"]) == (2 if task == "regression" else 3)


def test_several_classes_have_a_key_and_two_have_none() -> None:
    assert truth_pictures(result_of("multiclass"))[0]["classes"] == ["x", "y", "z"]
    assert truth_pictures(result_of("binary"))[0]["classes"] == []
