"""Pictures on axes: what is drawn is what is in the data."""

from __future__ import annotations

from rung.report.figures import new_axes
from rung.report.plots import plot_calibration, plot_effect, plot_importance, plot_residuals
from tests.report.sections.explained import result_of


def test_importances_stand_from_the_largest_down_and_name_their_judgement() -> None:
    (found,) = result_of("regression").sections["importance"]
    axes = plot_importance(new_axes(), found)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[-1].endswith("(matters)")
    assert len(labels) == len(found["columns"])


def test_levels_of_a_category_are_named_on_the_axis() -> None:
    (found,) = result_of("regression").sections["effects"]
    column = next(one for one in found["columns"] if one["column"] == "kind")
    axes = plot_effect(new_axes(), column, found["outputs"], "t")
    assert len(axes.get_xticklabels()) == len(column["places"])


def test_residuals_and_calibration_have_a_line_of_what_is_right() -> None:
    (values,), (classes,) = (
        result_of(task).sections["truth"][:1] for task in ("regression", "binary")
    )
    assert list(plot_residuals(new_axes(), values, "t").get_lines()[0].get_ydata()) == [0.0, 0.0]
    assert list(plot_calibration(new_axes(), classes).get_lines()[0].get_ydata()) == [0, 1]
