"""Trees, networks and texts on axes of matplotlib."""

import numpy as np

from rung.graph.layout import lay_out
from rung.graph.parts import BoxLine, Edge, Node
from rung.report.figures import new_axes
from rung.report.plots_inside import (
    plot_attention,
    plot_layers,
    plot_map,
    plot_surprise,
    plot_tree,
    plot_updates,
)
from tests.report.sections.test_inside import HEALTH


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_a_tree_has_its_rules_its_branches_and_a_bar_for_each_count():
    keys = ("0", "1", "2")
    nodes = [Node(key, f"rule {key}", "operation", (BoxLine("a", "b"),)) for key in keys]
    placed = lay_out(nodes, [Edge("0", "1"), Edge("0", "2")])
    shown = [
        {"key": key, "rule": f"rule {key}", "says": "x", "counts": [1, 2], "is_leaf": key != "0"}
        for key in keys
    ]
    axes = plot_tree(new_axes(), placed, shown)
    assert [text for text in texts(axes) if text != "x"] == ["rule 0", "rule 1", "rule 2"]
    assert len(axes.lines) == 2
    start, end = axes.lines[0].get_xydata()[[0, -1]]
    route = placed.routes[0].points
    assert np.allclose(start, route[0])
    assert np.allclose(end, route[-1])
    heights = [abs(bar.get_height()) for bar in axes.containers[0]]
    assert heights == [11.0, 22.0]


def test_layers_are_histograms_of_their_shares():
    own = HEALTH["activations"]
    axes = plot_layers(new_axes(), own["layers"], own["high"])
    first = axes.child_axes[0]
    assert [bar.get_height() for bar in first.patches] == own["layers"][0]["shares"]
    assert first.patches[0].get_x() == -1.0


def test_updates_are_lines_by_check():
    axes = plot_updates(new_axes(), HEALTH["updates"]["layers"])
    assert axes.lines[0].get_ydata().tolist() == [-2.0, -2.5, -9.0]
    assert axes.lines[0].get_xdata().tolist() == [1, 2, 3]


def test_characters_lie_where_they_are():
    axes = plot_map(new_axes(), HEALTH["embedding"], ["⏎", "a", "b"])
    assert [text.get_position() for text in axes.texts] == [(-2.0, 0.0), (0.0, 1.0), (2.0, 0.0)]
    assert axes.get_xlabel() == "75% of the variance"


def test_each_head_is_a_square():
    axes = plot_attention(new_axes(), HEALTH["attention"]["percent"], ["⏎", "a", "b"])
    shares = axes.child_axes[0].images[0].get_array()
    assert np.array_equal(shares, [[100, 0, 0], [70, 30, 0], [0, 4, 96]])


def test_text_is_shaded_by_its_bits():
    pieces = [{"characters": ["a", "⏎"], "bits": [1.0, 3.0]}, {"characters": ["b"], "bits": [9.0]}]
    axes = plot_surprise(new_axes(), pieces)
    assert texts(axes) == ["a", "⏎", "b"]
    shown = np.ma.filled(axes.images[0].get_array(), np.nan)
    assert np.array_equal(shown, [[1.0, 3.0], [9.0, np.nan]], equal_nan=True)
