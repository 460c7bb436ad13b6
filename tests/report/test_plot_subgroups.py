"""Groups on axes: known ones have a dot, all have their name and judgement."""

from __future__ import annotations

from rung.report.figures import new_axes
from rung.report.plot_subgroups import plot_subgroups
from tests.report.sections.test_subgroups import FOUND


def test_groups_with_too_few_rows_have_a_name_and_no_dot() -> None:
    axes = plot_subgroups(new_axes(), FOUND)
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "b (too few to say)",
        "a (worse)",
    ]
    (dot,) = axes.get_lines()
    assert list(dot.get_xdata()) == [2.0]
