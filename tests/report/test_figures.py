from __future__ import annotations

import sys
from dataclasses import replace
from xml.dom import minidom
from xml.etree import ElementTree as ET

import pytest

from rung.report import figures
from rung.report.figures import ladder
from tests.report.example import EXAMPLES, regression


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


def test_a_panel_a_fit_shows_points_curve_and_error():
    from rung.nets import Pace, fit_curve, lecture_points

    fits = [fit_curve(*lecture_points(300), n, pace=Pace(steps=10), starts=1) for n in (1, 2, 5, 6)]
    figure = figures.curves(fits)
    ET.fromstring(figure.svg)
    assert figure == figures.curves(fits)
    assert [row["relus"] for row in figure.numbers] == [1, 2, 5, 6]
    assert figure.svg.count("MSE") == 4
    for row, fit in zip(figure.numbers, fits, strict=True):
        assert row["mean_squared_error"] == fit.mean_squared_error
        assert row["kinks"] == sorted(k for k in fit.curve.kinks if abs(k) < 3.14159)


def test_descents_share_an_axis_of_plain_numbers():
    from rung.nets import Pace, lecture_descents

    figure = figures.descents(lecture_descents(passes=1, pace=Pace(batch_rows=250)))
    ET.fromstring(figure.svg)
    assert "mathdefault" not in figure.svg
    assert [row["name"] for row in figure.numbers] == ["full batch", "mini-batch"]
    assert figure.numbers[1]["rows_read"] == 1000
