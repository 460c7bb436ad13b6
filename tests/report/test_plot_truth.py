"""Colours of rows: gaps are grey, many levels are joined."""

from __future__ import annotations

import numpy as np

from rung.report.figures import new_axes
from rung.report.plot_truth import MANY, Shade, plot_coloured, plot_laid_out


def test_rows_without_a_number_are_drawn_grey() -> None:
    shade = Shade("a [m]", "number", np.array([1.0, np.nan, 3.0]))
    axes = plot_coloured(new_axes(), np.arange(3.0), np.arange(3.0), shade, titles=("x", "y"))
    assert list(axes.get_lines()[0].get_xdata()) == [1.0]
    assert len(axes.collections[0].get_offsets()) == 2


def test_levels_beyond_the_colours_stand_together() -> None:
    codes = np.arange(len(MANY) + 3)
    shade = Shade("k", "category", codes, tuple(f"level {i}" for i in codes))
    axes = plot_coloured(
        new_axes(), codes.astype(float), codes.astype(float), shade, titles=("x", "y")
    )
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names[0] == "others"
    assert len(names) == len(MANY) + 1


def test_moments_are_years_in_colours_and_dates_on_an_axis() -> None:
    moments = np.array([0.0, 365.2425 * 86_400])
    shade = Shade("t", "datetime", moments)
    axes = plot_coloured(new_axes(), moments, moments, shade, titles=("x", "y"))
    assert list(axes.collections[0].get_array()) == [1970.0, 1971.0]
    assert plot_laid_out(new_axes(), moments, shade, "off").get_xlabel() == "t"
