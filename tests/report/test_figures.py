from __future__ import annotations

import sys
from dataclasses import replace
from xml.dom import minidom

import pytest

from rung.errors import UsageError
from rung.report.figures import ladder, on_paper, training
from tests.report.example import EXAMPLES, regression
from tests.report.sections.test_training import trained
from tests.source import ROOT


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_figure_is_valid_xml_with_the_same_bytes_twice(name):
    first, second = ladder(EXAMPLES[name]()), ladder(EXAMPLES[name]())
    assert first == second
    assert minidom.parseString(first.svg.encode()).documentElement.tagName == "svg"


def test_a_figure_keeps_text_and_follows_the_ink_of_its_page():
    svg = ladder(regression()).svg
    assert "Linear (ridge) (choice)" in svg
    assert "currentColor" in svg
    assert "<dc:date>" not in svg


def test_a_figure_hands_back_its_numbers():
    rows = {row["family"]: row for row in ladder(regression()).numbers}
    assert rows["linear"]["mean"] == 0.309
    assert rows["linear"]["test"]["mean"] == 0.314


def test_no_global_figure_is_left_behind():
    ladder(regression())
    assert "matplotlib.pyplot" not in sys.modules


def test_names_in_any_script_are_kept_as_text():
    base = regression()
    entry = replace(
        base.ladder[1], title="\N{CJK UNIFIED IDEOGRAPH-661F}\uffff\N{ROCKET} $x$ & <b>"
    )
    svg = ladder(replace(base, ladder=(base.ladder[0], entry, *base.ladder[2:]))).svg
    texts = minidom.parseString(svg.encode()).getElementsByTagName("text")
    shown = [text.firstChild.data for text in texts]
    assert "\N{CJK UNIFIED IDEOGRAPH-661F}\\uffff\N{ROCKET} $x$ & <b> (choice)" in shown


def test_training_is_drawn_with_the_numbers_behind_it():
    figure = training(trained())
    assert figure == training(trained())
    assert minidom.parseString(figure.svg.encode()).documentElement.tagName == "svg"
    assert figure.numbers[0] == {"split": 0, "kind": "inner_loss", "pass": 1, "loss": 1.0}


def test_a_family_that_recorded_no_training_has_no_such_figure():
    with pytest.raises(UsageError, match="'linear' recorded no training; those that did: mlp"):
        training(trained(), "linear")


def test_a_picture_in_a_file_of_its_own_is_dark_ink_on_white():
    svg = on_paper(ladder(regression()).svg)
    assert "currentColor" not in svg
    background = svg[svg.index('id="patch_1"') :].partition("/>")[0]
    assert "fill: #ffffff" in background


def test_pictures_of_the_documentation_are_readable_on_dark_pages():
    for name in ("ladder", "curve", "descent"):
        svg = (ROOT / "docs" / f"{name}.svg").read_text("utf-8")
        assert "currentColor" not in svg
        assert "fill: #ffffff" in svg[svg.index('id="patch_1"') :].partition("/>")[0]
