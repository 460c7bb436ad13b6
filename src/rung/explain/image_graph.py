"""Draw a network of images with what goes through it, layer by layer, for one image."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rung.errors import UsageError
from rung.explain.image_networks import networks_of, stages_of
from rung.families.on_pixels import ImageNetFold
from rung.graph.numbers import number
from rung.graph.parts import BoxLine, Edge, Node
from rung.graph.picture import Graph
from rung.kinds.image.model import FittedImages
from rung.nets.images.shape import GRID
from rung.typing import JSON, Array

MOST_CLASSES = 5


def graph_image(fitted: FittedImages, pixels: Array, name: str) -> Graph:
    """Return the network of a model as a graph, with shapes and numbers of one image.

    Parameters
    ----------
    fitted : FittedImages
        The model.
    pixels : ndarray, shape (channels, height, width)
        The image, brought to the model's shape.
    name : str
        Of the image.

    Raises
    ------
    UsageError
        If the model is no network of pixels.
    """
    networks = networks_of(fitted.predictor.model)
    if not networks:
        raise UsageError(
            f"the prediction of a {fitted.family.name} model of images cannot be drawn; "
            "small_cnn and residual_cnn can",
            "use rung explain MODEL IMAGES, which says what its numbers are worth",
        )
    network, outputs = networks[0], fitted.predict_pixels(pixels[None])[0]
    nodes = [_image(pixels), *_stages(network, pixels), *_head(network)]
    chain = [*nodes, _output(fitted, outputs)]
    edges = [Edge(a.key, b.key) for a, b in pairwise(chain)]
    said = f"{fitted.family.title} predicts {fitted.predictor.target} for image {name}"
    notes: tuple[str, ...] = ()
    if len(networks) > 1:
        alike = f"the prediction is the mean of {len(networks)} alike"
        notes = (f"The network of the first fold is drawn; {alike}.",)
    return Graph(tuple(chain), tuple(edges), said, notes=notes)


def _image(pixels: Array) -> Node:
    channels, height, width = pixels.shape
    return _node("image", "image", [("shape", f"{channels} x {height} x {width}")], kind="input")


def _stages(network: ImageNetFold, pixels: Array) -> list[Node]:
    """Return a box for each stage, with the shape that leaves it."""
    weights: dict[str, int] = _weights_by_stage(network)
    return [_stage(one, weights[one["stage"]]) for one in stages_of(network, pixels)]


def _stage(one: JSON, n_weights: int) -> Node:
    shape = f"{one['channels']} x {one['height']} x {one['width']}"
    lines = [
        ("shape", shape),
        ("weights", f"{n_weights:,}"),
        ("above zero", f"{100 * one['active']:.0f} %"),
        ("mean", number(one["mean"], 4)),
    ]
    return _node(one["stage"], one["title"], lines)


def _weights_by_stage(network: ImageNetFold) -> dict[str, int]:
    """Count weights of convolutions by the stage that they belong to."""
    found: dict[str, int] = {}
    for name, size in network.shape.sizes().items():
        layer = name.split(".", maxsplit=1)[0]
        stage = f"stage {int(layer.removeprefix('stage')) + 1}" if layer[:5] == "stage" else layer
        count = 1
        for side in size:
            count *= side
        found[stage] = found.get(stage, 0) + count
    return found


def _head(network: ImageNetFold) -> list[Node]:
    """Return the boxes between the last stage and the prediction."""
    layers, weights = network.shape.layers(), _weights_by_stage(network)
    if network.shape.is_residual:
        found = [_node("pool", "mean over the image", [("shape", f"{layers['head'][0]}")])]
    else:
        inputs, hidden = layers["hidden"]
        title = f"means over {GRID} x {GRID} cells"
        found = [
            _node("pool", title, [("shape", f"{inputs}")]),
            _node(
                "hidden",
                "hidden layer",
                [("shape", f"{hidden}"), ("weights", f"{weights['hidden']:,}")],
            ),
        ]
    outputs = layers["head"][1]
    lines = [("shape", f"{outputs}"), ("weights", f"{weights['head']:,}")]
    return [*found, _node("head", "scores", lines)]


def _output(fitted: FittedImages, outputs: Array) -> Node:
    classes = fitted.predictor.classes
    if not classes:
        return _node("prediction", "prediction", [("", number(float(outputs[0]), 5))], "output")
    ranked = sorted(zip(outputs.tolist(), classes, strict=True), reverse=True)[:MOST_CLASSES]
    return _node("prediction", "chances", [(own, f"{p:.3g}") for p, own in ranked], "output")


def _node(key: str, title: str, lines: Sequence[tuple[str, str]], kind: str = "operation") -> Node:
    return Node(
        key,
        title,
        kind=kind,  # type: ignore[arg-type]
        lines=tuple(BoxLine(name, text) for name, text in lines),
        facts={"layer": title, **{name or "value": text for name, text in lines}},
    )
