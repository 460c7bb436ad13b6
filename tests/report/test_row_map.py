"""The picture of a map shows each level in a colour of its own, and counts what it cannot."""

import numpy as np

from rung.report.row_map import MOST_LEVELS
from rung.workbench.maps import embed


def _drawn(kinds):
    rng = np.random.default_rng(0)
    base = rng.normal(size=(len(kinds), 1))
    X = base + 0.2 * rng.normal(size=(len(kinds), 3))
    found = embed({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "kind": kinds}, drop=["kind"])
    return found.plot("kind")


def test_levels_beyond_the_colours_are_counted_in_the_legend():
    axes = _drawn([f"k{i % 8}" for i in range(80)])
    texts = [text.get_text() for text in axes[0].get_legend().get_texts()]
    assert texts[-1] == f"{8 - MOST_LEVELS} other levels"
    assert len({line.get_facecolor()[0].tobytes() for line in axes[0].collections[:5]}) == 5


def test_numbers_get_a_bar_of_colours_and_missing_ones_stand_grey():
    values = np.linspace(0, 1, 60)
    values[:7] = -99.0  # reads as missing, as in every column
    axes = _drawn(values)
    assert len(axes[0].figure.axes) == 3  # two maps and the bar
    assert [len(part.get_offsets()) for part in axes[0].collections] == [7, 53]
    assert axes[0].get_xlabel().startswith("component 1 (")
    assert axes[1].get_title().startswith("the same columns, each shuffled")
    assert axes[1].get_xlabel() == "component 1"  # the share of the variance is that of the rows
