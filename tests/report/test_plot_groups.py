"""Pictures of groups hold the rows, the counts and the shares that they show."""

import numpy as np
import pytest

from rung.report.figures import new_axes
from rung.report.plot_groups import level_words, plot_stability
from rung.workbench.clusters import cluster


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    kind = np.repeat([0, 1], 60)
    return cluster({"a": rng.normal(size=120) + 9 * kind, "b": rng.normal(size=120)})


def test_every_row_is_drawn_in_its_group_or_as_outlying(found):
    axes = found.plot()
    described = found.to_dict()
    *groups, outlying = (len(part.get_offsets()) for part in axes[0].collections)
    assert outlying == described["like_none"]
    assert sum(groups) + outlying == 120
    assert [text.get_text() for text in axes[0].texts] == ["1", "2"]


def test_the_windows_of_a_valley_are_labelled_with_their_counts(found):
    described = found.to_dict()
    valley = described["halves"][described["shown"]]["valleys"][0]
    axes = found.plot()[1]
    wanted = [valley["beside"][0], valley["between"], valley["beside"][1]]
    assert [text.get_text() for text in axes.texts] == [str(one) for one in wanted]
    heights = [bar.get_height() for bar in axes.patches[: len(valley["counts"])]]
    assert heights == valley["counts"]


def test_bars_of_stability_are_shares_of_the_rows_of_a_group():
    halves = [{}] * 4
    stabilities = [np.array([1.0, 1.0, 0.5, 0.0]), np.array([0.75] * 4)]
    axes = plot_stability(new_axes(2.0), {"k": 2, "halves": halves, "stabilities": stabilities})
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(2, 5)
    assert widths.tolist() == [[0.5, 0, 0.25, 0, 0.25], [0, 1, 0, 0, 0]]
    assert [text.get_text() for text in axes.texts] == ["0.62", "0.75"]


def test_small_levels_are_bounds():
    assert [level_words(one) for one in (0.0, 2.4e-5, 0.0213, 1.0)] == [
        "below 0.000001",
        "0.000024",
        "0.021",
        "1",
    ]
