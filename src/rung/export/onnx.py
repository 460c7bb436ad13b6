"""Build ONNX graphs that predict as models of the linear, tree and boosting forms do.

Everything is computed in double precision. Trees become `TreeEnsemble` nodes of ai.onnx.ml
version 5, the first whose thresholds and sums may be doubles; older operators round both to single
precision, and rows that stand between two thresholds then change sides.

Source: the operator descriptions of ONNX (onnx/onnx, docs/Operators.md and Operators-ml.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rung.core.dataset import Column
from rung.core.sentinels import SAME
from rung.errors import NotSavable
from rung.families import with_form
from rung.families.forms import (
    BoostedForm,
    BoostingForm,
    FeatureEncoder,
    LinearForm,
    TreeForm,
)
from rung.kinds.table.model import FittedModel
from rung.prep.lines import FARTHEST
from rung.prep.related import RelatedEncoder
from rung.prep.relations import FARTHEST as FARTHEST_RELATED
from rung.prep.relations import GRAIN
from rung.store.durable import canonical_json
from rung.trees.nodes import NodeArrays
from rung.typing import Array, Untyped
from rung.version import __version__

OPSETS = {"": 18, "ai.onnx.ml": 5}
IR_VERSION = 10
SUM, LESS_OR_EQUAL = 1, 0


def build(model: FittedModel) -> bytes:
    """Return an ONNX file: input `X`, output `prediction` or `probabilities`.

    `X` is float64 of shape (n_rows, n_columns) with the model's columns in their order, true as
    1, NaN for missing; the file's metadata name columns and classes.

    Raises
    ------
    NotSavable
        If the family, or a column that is no number, has no form here.
    """
    builder = BUILDERS.get(model.family.form)
    if builder is None:
        able = ", ".join(with_form(BUILDERS))
        raise NotSavable(
            f"the {model.family.name} model has no ONNX form here; {able} have one",
            "use --to json",
        )
    others = [c.name for c in model.columns if c.kind not in ("number", "boolean")]
    if others:
        raise NotSavable(
            f"columns {others[:5]} are categories or dates; an ONNX file takes numbers only",
            "use --to json",
        )
    graph = OnnxGraph()
    outputs = builder(graph, _known_cells(graph, model.columns), model.model)
    return graph.save(outputs, model)


class OnnxGraph:
    """Collect nodes and constants; every method returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[Untyped] = []
        self.constants: list[Untyped] = []

    def constant(self, array: Array) -> str:
        """Store an array."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def apply(self, kind: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        """Add one operator with one result."""
        from onnx import helper

        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def cast(self, x: str, dtype: type) -> str:
        """Change the type."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return self.apply("Cast", [x], to=kind)

    def take(self, x: str, columns: Array) -> str:
        """Choose columns."""
        index = self.constant(np.asarray(columns, dtype=np.int64))
        return self.apply("Gather", [x, index], axis=1)

    def spread(self, shares: str, places: Array, rest: Array) -> str:
        """Put shares in their places beside `rest`, (n_outputs,), and let rows sum to one."""
        matrix = np.zeros((len(places), len(rest)))
        matrix[np.arange(len(places)), places] = 1.0
        moved = self.apply("MatMul", [shares, self.constant(matrix)])
        whole = self.apply("Add", [moved, self.constant(rest)])
        axis = self.constant(np.array([1], dtype=np.int64))
        return self.apply("Div", [whole, self.apply("ReduceSum", [whole, axis], keepdims=1)])

    def save(self, outputs: str, model: FittedModel) -> bytes:
        """Return the file, after the library has checked it."""
        import onnx
        from onnx import TensorProto, helper

        name = "probabilities" if model.classes else "prediction"
        self.nodes.append(helper.make_node("Identity", [outputs], [name]))
        double, width = TensorProto.DOUBLE, max(len(model.classes), 1)
        graph = helper.make_graph(
            self.nodes,
            "rung",
            [helper.make_tensor_value_info("X", double, ["n_rows", len(model.columns)])],
            [helper.make_tensor_value_info(name, double, ["n_rows", width])],
            self.constants,
        )
        proto = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid(*pair) for pair in OPSETS.items()],
            ir_version=IR_VERSION,
            producer_name="rung",
            producer_version=__version__,
        )
        helper.set_model_props(proto, _properties(model))
        onnx.checker.check_model(proto)
        return bytes(proto.SerializeToString(deterministic=True))


def _properties(model: FittedModel) -> dict[str, str]:
    said = {
        "columns": [column.name for column in model.columns],
        "classes": list(model.classes),
        "target": model.target,
        "family": model.family.name,
    }
    return {name: canonical_json(value).decode("utf-8") for name, value in said.items()}


def _known_cells(graph: OnnxGraph, columns: Sequence[Column]) -> str:
    """Read infinities and the columns' sentinels as missing, as `rung predict` does."""
    nan = graph.constant(np.array(np.nan))
    x = graph.apply("Where", [graph.apply("IsInf", ["X"]), nan, "X"])
    for number in range(max(len(column.sentinels) for column in columns)):
        # Nothing is as near to NaN as to be taken for it.
        rest = [column.sentinels[number : number + 1] or (np.nan,) for column in columns]
        row = np.array(rest)[:, 0]
        distance = graph.apply("Abs", [graph.apply("Sub", [x, graph.constant(row)])])
        bound = graph.constant(SAME * np.abs(row))
        x = graph.apply("Where", [graph.apply("LessOrEqual", [distance, bound]), nan, x])
    return x


def _linear(graph: OnnxGraph, x: str, own: LinearForm) -> str:
    encoder = own.encoder
    used, noted = np.flatnonzero(encoder.in_use), np.flatnonzero(encoder.indicator)
    cells = graph.take(x, used)
    centred = graph.apply("Sub", [cells, graph.constant(encoder.shift[used])])
    z = graph.apply("Div", [centred, graph.constant(encoder.scale[used])])
    bounds = [graph.constant(np.array(bound)) for bound in (-FARTHEST, FARTHEST)]
    z = graph.apply("Min", [graph.apply("Max", [z, bounds[0]]), bounds[1]])
    is_missing = graph.apply("IsNaN", [cells])
    parts = [graph.apply("Where", [is_missing, graph.constant(np.array(0.0)), z])]
    if len(noted):
        absent = graph.apply("IsNaN", [graph.take(x, noted)])
        parts.append(graph.cast(absent, np.float64))
    row = graph.apply("Concat", parts, axis=1)
    product = graph.apply("MatMul", [row, graph.constant(own.coefficients)])
    scores = graph.apply("Add", [product, graph.constant(own.intercept)])
    if own.link == "identity":
        return scores
    return graph.spread(graph.apply("Softmax", [scores], axis=1), own.classes, own.absent)


def _tree(graph: OnnxGraph, x: str, own: TreeForm) -> str:
    return _ensemble(graph, _with_relations(graph, x, own.encoder), own.nodes)


def _boosting(graph: OnnxGraph, x: str, own: BoostingForm) -> str:
    folds = [_boosted_fold(graph, x, fold, own.n_outputs) for fold in own.models]
    total = folds[0]
    for fold in folds[1:]:
        total = graph.apply("Add", [total, fold])
    return graph.apply("Div", [total, graph.constant(np.array(float(len(folds))))])


def _boosted_fold(graph: OnnxGraph, x: str, fold: BoostedForm, n_outputs: int) -> str:
    raw = _ensemble(graph, _with_relations(graph, x, fold.encoder), fold.nodes)
    if n_outputs == 1:
        scaled = graph.apply("Mul", [raw, graph.constant(np.array(fold.scale))])
        return graph.apply("Add", [scaled, graph.constant(np.array(fold.offset))])
    if len(fold.present) <= 2:
        # One class needs no score, two share one.
        zero = graph.apply("Mul", [raw, graph.constant(np.array(0.0))])
        raw = zero if len(fold.present) == 1 else graph.apply("Concat", [zero, raw], axis=1)
    shares = graph.apply("Softmax", [raw], axis=1)
    rest = np.full(n_outputs, fold.floor)
    rest[fold.present] = 0.0
    return graph.spread(shares, fold.present, rest)


def _with_relations(graph: OnnxGraph, x: str, encoder: FeatureEncoder) -> str:
    """Put relations of the numbers beside them, where the trees cut some."""
    if not isinstance(encoder, RelatedEncoder) or not encoder.relations.width:
        return x
    own = encoder.relations
    used = np.flatnonzero(own.in_use)
    cells = graph.take(x, used)
    is_logged = own.floor[used] > 0
    values = cells
    if is_logged.any():
        above = graph.constant(np.where(is_logged, own.floor[used], np.finfo(float).tiny))
        logs = graph.apply("Log", [graph.apply("Max", [cells, above])])
        values = graph.apply("Where", [graph.constant(is_logged), logs, cells])
    centred = graph.apply("Sub", [values, graph.constant(own.shift[used])])
    units = graph.apply("Div", [centred, graph.constant(own.scale[used])])
    ends = [graph.constant(np.array(bound)) for bound in (-FARTHEST_RELATED, FARTHEST_RELATED)]
    near = graph.apply("Min", [graph.apply("Max", [units, ends[0]]), ends[1]])
    zero = graph.constant(np.array(0.0))
    known = graph.apply("Where", [graph.apply("IsNaN", [cells]), zero, near])
    grain = graph.constant(np.array(GRAIN))
    grains = graph.apply("Div", [graph.apply("MatMul", [known, graph.constant(own.axes)]), grain])
    related = graph.apply("Mul", [graph.apply("Round", [grains]), grain])
    return graph.apply("Concat", [x, related], axis=1)


def _ensemble(graph: OnnxGraph, x: str, nodes: NodeArrays) -> str:
    """Add the sums over all trees, (n_rows, n_outputs); values by class are a tree a class."""
    from onnx import numpy_helper

    splits, leaves, roots = _Splits(), _Leaves(), []
    n_values = nodes.value.shape[1]
    for number in range(nodes.n_trees):
        start = int(nodes.root[number])
        end = int(nodes.root[number + 1]) if number + 1 < nodes.n_trees else nodes.n_nodes
        for column in range(n_values):
            output = column if n_values > 1 else int(nodes.tree_output[number])
            roots.append(len(splits.feature))
            _add_tree(nodes, range(start, end), (column, output), splits, leaves)
    return graph.apply(
        "TreeEnsemble",
        [x],
        domain="ai.onnx.ml",
        aggregate_function=SUM,
        post_transform=0,
        n_targets=nodes.n_outputs,
        tree_roots=roots,
        nodes_featureids=splits.feature,
        nodes_splits=numpy_helper.from_array(np.array(splits.threshold), "splits"),
        nodes_modes=numpy_helper.from_array(
            np.full(len(splits.feature), LESS_OR_EQUAL, dtype=np.uint8), "modes"
        ),
        nodes_missing_value_tracks_true=splits.missing_left,
        nodes_truenodeids=splits.child[0],
        nodes_trueleafs=splits.is_leaf[0],
        nodes_falsenodeids=splits.child[1],
        nodes_falseleafs=splits.is_leaf[1],
        leaf_targetids=leaves.output,
        leaf_weights=numpy_helper.from_array(np.array(leaves.weight), "weights"),
    )


class _Splits:
    """Lists that grow by one entry an inner node."""

    def __init__(self) -> None:
        self.feature: list[int] = []
        self.threshold: list[float] = []
        self.missing_left: list[int] = []
        self.child: tuple[list[int], list[int]] = ([], [])
        self.is_leaf: tuple[list[int], list[int]] = ([], [])


class _Leaves:
    """Lists that grow by one entry a leaf."""

    def __init__(self) -> None:
        self.output: list[int] = []
        self.weight: list[float] = []


def _add_tree(
    nodes: NodeArrays,
    span: range,
    target: tuple[int, int],
    splits: _Splits,
    leaves: _Leaves,
) -> None:
    """Add one tree; leaves and inner nodes are numbered apart from each other."""
    column, output = target
    is_leaf = nodes.is_leaf[span.start : span.stop]
    inner = [node for node, leaf in zip(span, is_leaf, strict=True) if not leaf]
    place = {node: len(splits.feature) + i for i, node in enumerate(inner)}
    for node, leaf in zip(span, is_leaf, strict=True):
        if leaf:
            place[node] = len(leaves.output)
            leaves.output.append(output)
            leaves.weight.append(float(nodes.value[node, column]))
    if not inner:  # a tree is rooted at a split: let both sides lead to the one leaf
        _add_split(splits, (0, 0.0, 0), [(place[span.start], 1)] * 2)
    for node in inner:
        children = (int(nodes.left[node]), int(nodes.right[node]))
        ends = [(place[child], int(is_leaf[child - span.start])) for child in children]
        rule = (int(nodes.feature[node]), float(nodes.threshold[node]), int(nodes.missing[node]))
        _add_split(splits, rule, ends)


def _add_split(
    splits: _Splits, rule: tuple[int, float, int], ends: Sequence[tuple[int, int]]
) -> None:
    feature, threshold, missing_left = rule
    splits.feature.append(feature)
    splits.threshold.append(threshold)
    splits.missing_left.append(missing_left)
    for side, (child, leaf) in enumerate(ends):
        splits.child[side].append(child)
        splits.is_leaf[side].append(leaf)


# By the form of a model, whatever family it is of.
BUILDERS: dict[type | None, Callable[[OnnxGraph, str, Any], str]] = {
    LinearForm: _linear,
    TreeForm: _tree,
    BoostingForm: _boosting,
}
