"""Draw the way of a row through one tree, and through the first of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.explain.row_facts import Row, share
from rung.explain.row_paths import Condition, Test, path, summary
from rung.families.forms import BoostedForm, BoostingForm, FeatureEncoder, ForestForm, TreeForm
from rung.graph.measure import LINE_SIZE, MOST_WIDTH, text_width
from rung.graph.numbers import number, signed
from rung.graph.parts import BoxLine, Edge, Fact, Node
from rung.graph.picture import Graph
from rung.prep.related import RelatedEncoder
from rung.trees.nodes import NodeArrays
from rung.trees.walk import find_leaves
from rung.typing import Array

TREES_SHOWN, LINES_SHOWN = 3, 8


def draw_tree(row: Row) -> Graph:
    """Return the path from the root to the row's leaf; what lies beside it is one box a branch."""
    model = cast(TreeForm, row.fitted.model)
    trees = model.nodes
    leaf = int(find_leaves(trees, model.encoder.matrix(row.design, row.index))[0, 0])
    tests = path(row, model.encoder, trees, leaf)
    nodes: list[Node] = []
    edges: list[Edge] = []
    keys = [f"question {step + 1}" for step in range(len(tests))] + ["(prediction)"]
    waiting: list[Node] = []
    for step, test in enumerate(tests):
        nodes += [_question(row, trees, test, keys[step]), *waiting]
        beside = int(trees.right[test.node] if test.goes_left else trees.left[test.node])
        branch = _branch(row, trees, beside, f"beside {step + 1}")
        answers = ("yes", "no") if test.goes_left else ("no", "yes")
        edges.append(Edge(keys[step], keys[step + 1], answers[0], "strong"))
        edges.append(Edge(keys[step], branch.key, answers[1], "faint"))
        # Nodes of a layer stand in this order: yes to the left, no to the right.
        waiting = [branch] if test.goes_left else []
        nodes += [] if test.goes_left else [branch]
    nodes += [row.result(BoxLine("leaf of", f"{int(trees.is_leaf.sum())} leaves")), *waiting]
    notes = ["The row goes where the strong line leads; each dotted box is a branch it leaves."]
    notes += _on_relations([model.encoder])
    return Graph(tuple(nodes), tuple(edges), row.title, notes=tuple(notes))


def _question(row: Row, trees: NodeArrays, test: Test, key: str) -> Node:
    facts: dict[str, Fact] = {"what": f"{test.column} {test.left_rule}?", "cell": test.cell}
    lines = [BoxLine("this row", test.cell, "gradient")]
    here = _predicted_at(row, trees.value[test.node])
    if here:
        lines.append(BoxLine("prediction here", here))
        facts["prediction here"] = here
    return Node(key, f"{test.column} {test.left_rule}?", "operation", tuple(lines), facts)


def _branch(row: Row, trees: NodeArrays, top: int, key: str) -> Node:
    """Fold a branch that the row leaves."""
    leaves, pending = [], [top]
    while pending:
        node = pending.pop()
        if trees.left[node] < 0:
            leaves.append(node)
        else:
            pending += [int(trees.left[node]), int(trees.right[node])]
    title = f"{len(leaves)} leaves" if len(leaves) > 1 else "leaf"
    facts: dict[str, Fact] = {"what": f"branch of {title}"}
    column = 0 if not row.is_class else row.ranked[0]
    values = trees.value[leaves, column]
    low, high = float(values.min()), float(values.max())
    write = share if row.is_class else number
    text = write(low) if len(leaves) == 1 else f"{write(low)} … {write(high)}"
    what = row.fitted.classes[column] if row.is_class else "prediction"
    return Node(key, title, "note", (BoxLine(what, text),), facts)


def _predicted_at(row: Row, value: Array) -> str:
    """Write what a tree predicts at a node."""
    if not row.is_class:
        return number(float(value[0]))
    best = int(np.argmax(value))
    return f"{row.fitted.classes[best]} {share(value[best])}"


@dataclass(frozen=True)
class _TreeSum:
    """What one tree of many adds: its path, and its number in the unit of the picture."""

    tests: list[Test]
    value: float


def draw_forest(row: Row) -> Graph:
    """Return the first trees and the mean of the rest."""
    model = cast(ForestForm, row.fitted.model)
    column = row.ranked[0] if row.is_class else 0
    sums: list[_TreeSum] = []
    for grove in model.groves:
        leaves = _leaves(row, grove.encoder, grove.nodes)
        values = grove.speech.outputs(grove.nodes.value[leaves])[:, column]
        sums += [
            _TreeSum(
                _early(row, grove.encoder, grove.nodes, int(leaf), len(sums) + i), float(value)
            )
            for i, (leaf, value) in enumerate(zip(leaves, values, strict=True))
        ]
    what = "prediction" if not row.is_class else f"share of {row.fitted.classes[column]}"
    write = share if row.is_class else number
    nodes = [
        _tree(one, i, BoxLine(what, write(one.value), "gradient"))
        for i, one in enumerate(sums[:TREES_SHOWN])
    ]
    rest = np.array([one.value for one in sums[TREES_SHOWN:]])
    if len(rest):
        lines = (
            BoxLine("range", f"{write(rest.min())} … {write(rest.max())}"),
            BoxLine("mean", write(rest.mean()), "gradient"),
        )
        facts: dict[str, Fact] = {"what": "mean of trees", "contribution": float(rest.mean())}
        nodes.append(Node("rest", f"{len(rest)} other trees", "note", lines, facts))
    last = row.result(BoxLine("mean of", f"{len(sums)} trees"))
    edges = [Edge(node.key, last.key) for node in nodes]
    notes = ["A forest predicts the mean of its trees. A box tells where a tree finds the row."]
    notes += _on_relations([grove.encoder for grove in model.groves])
    return Graph((*nodes, last), tuple(edges), row.title, "right", tuple(notes))


def _on_relations(encoders: Sequence[FeatureEncoder]) -> list[str]:
    """Say how relations are named, where trees cut some."""
    if not any(isinstance(encoder, RelatedEncoder) for encoder in encoders):
        return []
    text = (
        "Columns that go together are also cut by what relates them: ratios and products, and "
        "differences and sums, of unlike columns by their spreads; … stands for more columns."
    )
    return [text]


def _early(
    row: Row, encoder: FeatureEncoder, nodes: NodeArrays, leaf: int, place: int
) -> list[Test]:
    """Return the path for trees that are shown, and nothing for the rest."""
    return path(row, encoder, nodes, leaf) if place < TREES_SHOWN else []


def _leaves(row: Row, encoder: FeatureEncoder, nodes: NodeArrays) -> Array:
    found: Array = find_leaves(nodes, encoder.matrix(row.design, row.index))[0]
    return found


def _tree(one_tree: _TreeSum, place: int, last: BoxLine) -> Node:
    ways = summary(one_tree.tests)
    lines = [line for one in ways[:LINES_SHOWN] for line in _written(one)]
    if len(ways) > LINES_SHOWN:
        lines.append(BoxLine("", f"and {len(ways) - LINES_SHOWN} more"))
    conditions = "; ".join(str(one) for one in ways)
    facts: dict[str, Fact] = {"what": conditions or "one leaf", "contribution": one_tree.value}
    title = f"tree {place + 1}"
    return Node(title, title, "operation", (*lines, last), facts)


def _written(condition: Condition) -> list[BoxLine]:
    """Write a condition in a box; a long one below its column, whose name must stay readable."""
    if text_width(condition.text, LINE_SIZE) < MOST_WIDTH / 2:
        return [BoxLine(condition.column, condition.text)]
    return [BoxLine(condition.column, ""), BoxLine("", condition.text)]


def draw_boosting(row: Row) -> Graph:
    """Return the first trees of the first fold's model, the sum of the rest, and the other folds."""
    model = cast(BoostingForm, row.fitted.model)
    fold, n_folds = model.models[0], len(model.models)
    output, scale, offset, what = _boosted_sum(row, fold)
    leaves = _leaves(row, fold.encoder, fold.nodes)
    mine = [i for i in range(fold.nodes.n_trees) if int(fold.nodes.tree_output[i]) == output]
    values = [scale * float(fold.nodes.value[leaves[i], 0]) for i in mine]
    nodes = [Node("start", "start", "constant", (BoxLine("adds", signed(offset), "gradient"),))]
    nodes[0] = Node("start", "start", "constant", nodes[0].lines, {"contribution": offset})
    for place, (i, value) in enumerate(zip(mine[:TREES_SHOWN], values, strict=False)):
        tests = path(row, fold.encoder, fold.nodes, int(leaves[i]))
        line = BoxLine("adds", signed(value), "gradient")
        nodes.append(_tree(_TreeSum(tests, value), place, line))
    rest = values[TREES_SHOWN:]
    if rest:
        facts: dict[str, Fact] = {"what": "sum of trees", "contribution": sum(rest)}
        lines = (BoxLine("add", signed(sum(rest)), "gradient"),)
        nodes.append(Node("rest", f"{len(rest)} later trees", "note", lines, facts))
    total = offset + sum(values)
    own = fold.predict(row.design, row.index, model.n_outputs)[0]
    summed = Node(
        "first model",
        "first model" if n_folds > 1 else "sum",
        "operation",
        (BoxLine(what, number(total)), *_class_share(row, own)),
        {"what": what, "contribution": total},
    )
    edges = [Edge(node.key, summed.key) for node in nodes]
    last = row.result(*([BoxLine("mean of", f"{n_folds} models")] if n_folds > 1 else []))
    nodes.append(summed)
    edges.append(Edge(summed.key, last.key, weight="strong"))
    if n_folds > 1:
        nodes.append(_other_folds(row, model.models[1:], model.n_outputs))
        edges.append(Edge("other models", last.key))
    notes = ["Each tree mends what those before it got wrong; their sum is the model."]
    notes += _on_relations([fold.encoder])
    return Graph((*nodes, last), tuple(edges), row.title, "right", tuple(notes))


def _boosted_sum(row: Row, fold: BoostedForm) -> tuple[int, float, float, str]:
    """Return the output that is added up, its scale and start, and what the sum is called."""
    if not row.is_class:
        return 0, float(fold.scale), float(fold.offset), "sum"
    present = [int(k) for k in fold.present]
    if len(present) == 2:
        return 0, 1.0, 0.0, f"log odds of {row.fitted.classes[present[1]]}"
    best = next(k for k in row.ranked if k in present)
    return present.index(best), 1.0, 0.0, f"score of {row.fitted.classes[best]}"


def _class_share(row: Row, outputs: Array) -> list[BoxLine]:
    if not row.is_class:
        return []
    best = row.ranked[0]
    return [BoxLine(row.fitted.classes[best], share(outputs[best]), "gradient")]


def _other_folds(row: Row, folds: Sequence[BoostedForm], n_outputs: int) -> Node:
    """Return one box for the models of the other folds."""
    column = row.ranked[0] if row.is_class else 0
    outputs = np.array([f.predict(row.design, row.index, n_outputs)[0, column] for f in folds])
    write = share if row.is_class else number
    lines = (
        BoxLine("range", f"{write(outputs.min())} … {write(outputs.max())}"),
        BoxLine("mean", write(outputs.mean()), "gradient"),
    )
    title = f"{len(folds)} other models" if len(folds) > 1 else "second model"
    facts: dict[str, Fact] = {
        "what": "trained on other folds",
        "contribution": float(outputs.mean()),
    }
    return Node("other models", title, "note", lines, facts)
