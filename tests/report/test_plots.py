"""Pictures on axes: what is drawn is what is in the data."""

from __future__ import annotations

from rung.core.result import BlockSummary
from rung.report import plots
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


def test_a_difference_that_is_far_away_is_an_arrow_at_the_edge() -> None:
    near = {"mean": 0.1, "low": 0.0, "high": 0.2, "title": "near", "is_choice": True}
    far = {"mean": 9.0, "low": 8.0, "high": 10.0, "title": "far", "is_choice": False}
    picture = {"numbers": [near, far], "band": None, "ends": (-0.5, 1.0), "axis": "worse by"}
    axes = plots.plot_differences(new_axes(), picture)
    markers = [(line.get_marker(), line.get_xdata()[0]) for line in axes.lines[1:]]
    assert markers == [("o", 0.1), (">", 1.0)]
    assert axes.get_xlim() == (-0.5, 1.0)


def test_gaps_lie_between_both_scores() -> None:
    found = [{"title": "Tree", "training": {"mean": 1.0}, "held_out": {"mean": 3.0}}]
    axes = plots.plot_gaps(new_axes(), found, "RMSE")
    assert [line.get_xdata()[0] for line in axes.lines] == [1.0, 3.0]
    assert axes.collections[0].get_segments()[0].tolist() == [[1.0, 0.0], [3.0, 0.0]]


def test_a_confusion_matrix_is_shaded_by_shares_of_the_true_class() -> None:
    cells = [
        {"part": 0.75, "count": "3", "share": "75%"},
        {"part": 0.25, "count": "1", "share": "25%"},
    ]
    matrix = {"classes": ["a", "b"], "rows": [{"name": "a", "cells": cells}] * 2}
    axes = plots.plot_confusion(new_axes(), matrix)
    assert axes.images[0].get_array().tolist() == [[0.75, 0.25]] * 2
    assert axes.texts[0].get_text() == "3\n75%"


def test_precision_has_the_share_of_each_class_below_it() -> None:
    band = {"mean": [1.0, 0.5], "low": [0.9, 0.4], "high": [1.0, 0.6]}
    one = {"class": "x", "roc": band, "precision": band, "share": 0.3, "places": [0.0, 1.0]}
    axes = plots.plot_precision(new_axes(), {"curves": [one]})
    assert axes.lines[0].get_ydata() == [0.3, 0.3]
    assert axes.lines[1].get_ydata().tolist() == [1.0, 0.5]


def test_blocks_carry_the_number_of_their_fold() -> None:
    blocks = [BlockSummary(1.0, 2.0, 0, 5), BlockSummary(3.0, 4.0, -1, 5)]
    axes = plots.plot_blocks(new_axes(), blocks, ("lon", "lat"))
    assert [(text.get_text(), text.get_position()) for text in axes.texts] == [("1", (1.0, 2.0))]
    assert axes.get_legend().get_texts()[0].get_text() == "sealed"
