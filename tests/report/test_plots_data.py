"""Figures of data hold what they were given: names, counts, images."""

import numpy as np
import pytest

from rung.graph.picture import Edge, Graph, Node
from rung.report.plots_data import plot_graph, plot_log_densities

pytest.importorskip("matplotlib")


@pytest.fixture
def axes():
    from matplotlib.figure import Figure

    return Figure().subplots()


def test_a_graph_has_a_box_a_node_and_the_words_of_its_edges(axes):
    graph = Graph((Node("a", "u"), Node("b", "g")), (Edge("a", "b", label="1.2 nats"),))
    plot_graph(axes, graph)
    assert sorted(text.get_text() for text in axes.texts) == ["1.2 nats", "g", "u"]
    assert len(axes.patches) == 2
    placed = graph.layout()
    corners = axes.patches[0].get_xy()
    assert np.ptp(corners[:, 0]) == pytest.approx(placed.boxes["a"].width)


def test_bars_of_log_densities_are_as_high_as_their_counts(axes):
    plot_log_densities(axes, {"edges": [-3.0, -1.0, 2.0], "counts": [4, 9]}, [-2.5])
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in axes.patches]
    assert bars == [(-3.0, 2.0, 4), (-1.0, 3.0, 9)]
    assert axes.lines[0].get_xdata().tolist() == [-2.5]
