"""Pictures stand on axes where they are told to."""

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from rung.images.pictures import encoded
from rung.report.figures import new_axes
from rung.report.plot_images import plot_captioned, plot_matrix, plot_rows

PNG = encoded(np.zeros((1, 4, 8)))


def test_rows_and_captions_are_written_beside_their_pictures() -> None:
    axes = plot_rows(new_axes(), [("a", [PNG, PNG]), ("b", [PNG])])
    assert [text.get_text() for text in axes.texts] == ["a", "b"]
    left, right, low, high = axes.images[2].get_extent()
    assert (left, right) == pytest.approx((0.06, 0.94))
    assert high - low == pytest.approx(0.44)
    assert -1 < low < high < 0
    axes = plot_captioned(new_axes(), [(PNG, "x\ny"), (PNG, "z")], 1)
    assert [text.get_text() for text in axes.texts] == ["x\ny", "z"]


def test_a_cell_shows_one_picture_and_its_count() -> None:
    cell = {"images": [{"png": PNG}] * 2, "count": "7"}
    empty = {"images": [], "count": "0"}
    matrix = {
        "classes": ["a", "b"],
        "rows": [{"name": "a", "cells": [cell, empty]}, {"name": "b", "cells": [empty, cell]}],
    }
    axes = plot_matrix(new_axes(), matrix)
    assert len(axes.images) == 2
    assert [text.get_text() for text in axes.texts].count("7") == 2
