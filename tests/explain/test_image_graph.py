"""The network is drawn with the shape that leaves each layer."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.errors import UsageError
from rung.explain.image_graph import graph_image
from tests.explain.image_runs import run_of


def models(run) -> dict:
    from rung.explain.image_parts import fold_model

    found = run.explained
    return {one.name: fold_model(found, found.family(one.name), 0) for one in found.ladder.trained}


def test_shapes_and_weights_of_each_layer_are_told() -> None:
    fitted = models(run_of("pixel_linear", network=True))["small_cnn"]
    pixels = np.zeros((1, 16, 16), dtype=np.float32)
    graph = graph_image(fitted, pixels, "a.png")
    facts = {node.key: node.facts for node in graph.nodes}
    assert facts["image"]["shape"] == "1 x 16 x 16"
    assert facts["first"]["shape"] == "4 x 16 x 16"
    assert facts["first"]["weights"] == "40"
    assert facts["second"]["shape"] == "8 x 8 x 8"
    assert facts["hidden"]["weights"] == "2,064"
    assert facts["head"]["weights"] == "34"
    assert sum(int(one.get("weights", "0").replace(",", "")) for one in facts.values()) == 2434
    assert graph.title == "Small CNN predicts class for image a.png"
    assert len(graph.edges) == len(graph.nodes) - 1
    assert "<svg" in graph.to_svg()


def test_a_model_of_numbers_has_no_layers_to_draw() -> None:
    fitted = models(run_of("pixel_linear", network=True))["pixel_linear"]
    with pytest.raises(UsageError, match="pixel_linear model of images cannot be drawn"):
        graph_image(fitted, np.zeros((1, 16, 16), dtype=np.float32), "a.png")
