"""Panels: where points lie, which ticks are shown, that names do no harm."""

from __future__ import annotations

import math
from xml.dom import minidom

import pytest

from rung.report.panel import Panel, axis_of, levels_axis


def test_an_axis_holds_its_values_and_ticks_lie_inside() -> None:
    for values in ([0.0, 1.0], [3.0, 3.0], [-2e9, 5e9], [1e-9, 2e-9], [0.0, 0.0]):
        axis = axis_of([*values, None, math.nan])
        assert axis.low <= min(values) <= max(values) <= axis.high
        assert 2 <= len(axis.ticks) <= 12
        assert all(
            axis.low <= value <= axis.high + 1e-9 * abs(axis.high) for value, _ in axis.ticks
        )


def test_larger_values_lie_further_right_and_higher() -> None:
    panel = Panel(axis_of([0.0, 10.0]), axis_of([0.0, 1.0]))
    assert panel.place(1.0, 0.1)[0] < panel.place(9.0, 0.1)[0]
    assert panel.place(1.0, 0.1)[1] > panel.place(1.0, 0.9)[1]


def test_what_is_beyond_is_held_at_the_edge() -> None:
    panel = Panel(axis_of([0.0, 10.0]), axis_of([0.0, 1.0]))
    assert panel.place(1e300, 0.5) == panel.place(1e9, 0.5)


def test_titles_and_levels_are_text() -> None:
    panel = Panel(levels_axis(["<b>", "&", "\u202e"], "<script>"), axis_of([0.0, 1.0]))
    texts = minidom.parseString(panel.svg()).getElementsByTagName("text")
    shown = [text.firstChild.data for text in texts]
    assert "<script>" in shown
    assert "\\u202e" in shown


@pytest.mark.parametrize("n", [1, 12, 13, 200])
def test_labels_of_many_levels_are_thinned(n: int) -> None:
    assert len(levels_axis([str(i) for i in range(n)]).ticks) <= 12
