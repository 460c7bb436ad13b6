"""Draw a network of images with what goes through it, layer by layer, for one image."""

from __future__ import annotations

from collections.abc import Sequence

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
    nodes, edges = [_image(pixels)], []
    for stage in stages_of(network, pixels):
        is_alone = not str(stage["stage"]).startswith("stage ")
        drawn = ([_convolution(network, stage)], []) if is_alone else _blocks(network, stage)
        edges += [Edge(nodes[-1].key, key) for key in _entries(*drawn)]
        nodes += drawn[0]
        edges += drawn[1]
    for node in (*_head(network), _output(fitted, outputs)):
        edges.append(Edge(nodes[-1].key, node.key))
        nodes.append(node)
    title = f"{fitted.family.title} predicts {fitted.predictor.target} for image {name}"
    notes: tuple[str, ...] = ()
    if len(networks) > 1:
        alike = f"the prediction is the mean of {len(networks)} alike"
        notes = (f"The network of the first fold is drawn; {alike}.",)
    return Graph(tuple(nodes), tuple(edges), title, notes=notes)


def _image(pixels: Array) -> Node:
    channels, height, width = pixels.shape
    return _node("image", "image", [("shape", f"{channels} x {height} x {width}")], kind="input")


def _entries(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[str]:
    """Return the nodes of a part that nothing in it leads to."""
    reached = {edge.target for edge in edges}
    return [node.key for node in nodes if node.key not in reached]


def _convolution(network: ImageNetFold, stage: JSON) -> Node:
    """Return the box of a convolution that a stage ends with."""
    layer, title = stage["stage"], f"{stage['title']}, rectified"
    lines = [("shape", _shape(stage)), ("weights", f"{_weights(network, layer):,}")]
    return _node(layer, title, [*lines, *_measured(stage)])


def _blocks(network: ImageNetFold, stage: JSON) -> tuple[list[Node], list[Edge]]:
    """Return the boxes of a stage of the residual network: convolutions, shortcuts, their sums."""
    place = int(stage["stage"].removeprefix("stage ")) - 1
    halved = _node(
        f"stage{place}.halved", "means of 2 x 2 pixels", [("shape", _halved(network, stage))]
    )
    nodes: list[Node] = [halved] if place else []
    edges: list[Edge] = []
    for block in range(network.shape.n_blocks):
        name = f"stage{place}.block{block}"
        first = _layer(network, f"{name}.first", "convolution, rectified", stage)
        second = _layer(network, f"{name}.second", "convolution", stage)
        has_own = f"{name}.shortcut.weight" in network.weights
        title = "shortcut, 1 x 1" if has_own else "shortcut, as it is"
        beside = _layer(network, f"{name}.shortcut", title, stage)
        is_last = block == network.shape.n_blocks - 1
        lines = [("shape", _shape(stage)), *(_measured(stage) if is_last else [])]
        total = _node(f"{name}.sum", f"{stage['title']}: sum, rectified", lines)
        edges += [Edge(nodes[-1].key, one.key) for one in (first, beside) if nodes]
        edges += [Edge(first.key, second.key), Edge(second.key, total.key)]
        edges.append(Edge(beside.key, total.key))
        nodes += [first, second, beside, total]
    return nodes, edges


def _halved(network: ImageNetFold, stage: JSON) -> str:
    """Return the shape of what goes into a stage, after it was halved."""
    place = int(stage["stage"].removeprefix("stage ")) - 1
    before = network.weights[f"stage{place}.block0.first.weight"].shape[1]
    return f"{before} x {stage['height']} x {stage['width']}"


def _layer(network: ImageNetFold, name: str, title: str, stage: JSON) -> Node:
    n_weights = _weights(network, name)
    lines = [("shape", _shape(stage)), *([("weights", f"{n_weights:,}")] if n_weights else [])]
    return _node(name, title, lines)


def _shape(stage: JSON) -> str:
    return f"{stage['channels']} x {stage['height']} x {stage['width']}"


def _measured(stage: JSON) -> list[tuple[str, str]]:
    active = f"{100 * stage['active']:.0f} %"
    return [("above zero", active), ("mean", number(stage["mean"], 4))]


def _weights(network: ImageNetFold, layer: str) -> int:
    """Count the weights of a layer, offsets among them; none of a layer that has none."""
    names = (f"{layer}.weight", f"{layer}.bias")
    return sum(network.weights[name].size for name in names if name in network.weights)


def _head(network: ImageNetFold) -> list[Node]:
    """Return the boxes between the last stage and the prediction."""
    layers = network.shape.layers()
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
                [("shape", f"{hidden}"), ("weights", f"{_weights(network, 'hidden'):,}")],
            ),
        ]
    outputs = layers["head"][1]
    lines = [("shape", f"{outputs}"), ("weights", f"{_weights(network, 'head'):,}")]
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
