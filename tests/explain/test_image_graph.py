"""The network is drawn with the shape that leaves each layer."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.data.image_reading import ImageShape
from rung.errors import UsageError
from rung.explain.image_graph import graph_image
from rung.families import find
from rung.families.on_pixels import ImageNetFold
from rung.kinds.image.model import FittedImages
from rung.kinds.table.model import FittedModel
from rung.nets.images.looking import random_weights
from rung.nets.images.shape import ImageNetShape
from rung.prep.mean import FoldMean
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


def test_blocks_of_the_residual_network_have_their_shortcuts() -> None:
    shape = ImageNetShape("residual", 1, 2, 4, n_stages=2, n_blocks=2)
    weights = random_weights(shape, np.random.default_rng(0))
    ends = np.zeros(1, np.float32), np.ones(1, np.float32)
    own = ImageNetFold(shape, weights, *ends, np.arange(2), np.zeros(2), np.array([0.0, 1, 1]))
    family = find("residual_cnn", "image")
    predictor = FittedModel(
        family, FoldMean("binary", 2, (own,)), (), "binary", "y", ("a", "b"), {}
    )
    fitted = FittedImages(predictor, ImageShape(8, 8, ("grey",)), "none")
    graph = graph_image(fitted, np.ones((1, 8, 8), dtype=np.float32), "x")
    facts = {node.key: node.facts for node in graph.nodes}
    assert facts["stage1.halved"]["shape"] == "4 x 4 x 4"
    assert facts["stage1.block0.shortcut"] == {
        "layer": "shortcut, 1 x 1",
        "shape": "8 x 4 x 4",
        "weights": "40",
    }
    assert facts["stage0.block1.shortcut"]["layer"] == "shortcut, as it is"
    assert facts["stage1.block1.sum"]["shape"] == "8 x 4 x 4"
    counted = sum(int(one.get("weights", "0").replace(",", "")) for one in facts.values())
    assert counted == sum(array.size for array in weights.values())
    edges = {(edge.source, edge.target) for edge in graph.edges}
    assert len([one for one in edges if one[1] == "stage1.block0.sum"]) == 2
    assert edges >= {
        ("stem", "stage0.block0.first"),
        ("stem", "stage0.block0.shortcut"),
        ("stage0.block1.sum", "stage1.halved"),
        ("stage1.halved", "stage1.block0.shortcut"),
    }
