"""Lay out a whole tree with the distribution of the target in every node.

Of a forest or of boosting the most typical tree is taken: the one whose outputs correlate most with
those of all trees together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.core.family import Family
from rung.explain.explanation import Explained, Explanation
from rung.families.forms import BoostingForm, FeatureEncoder, ForestForm, TreeForm
from rung.graph.numbers import number
from rung.prep.ordinal import LevelTable
from rung.prep.related import RelatedEncoder
from rung.prep.relations import RelationName
from rung.trees.nodes import NAN_LEFT, NodeArrays
from rung.trees.walk import find_leaves
from rung.typing import JSON, Array

MOST_NODES, MOST_ROWS, MOST_JUDGED, N_BINS, MOST_LEVELS = 63, 20_000, 500, 16, 4
DIGITS = 4
AS_IT_IS = RelationName()


@dataclass(frozen=True)
class SingleTree:
    """One tree with the encoding of its features, and how many trees it stands for."""

    encoder: FeatureEncoder
    nodes: NodeArrays
    n_trees: int


def trees(found: Explained) -> list[JSON] | None:
    """Return the tree of the choice and of the leader, and the decision tree if there is one."""
    shown = [family.name for family in found.shown]
    wanted = [
        family
        for family in found.ladder.trained
        if family.form is TreeForm
        or (family.name in shown and family.form in {ForestForm, BoostingForm})
    ]
    return [tree_of(found, family) for family in wanted] or None


def tree_of(found: Explained, family: Family) -> JSON:
    """Return the tree of a family's final model, from the root down.

    Returns
    -------
    dict
        `nodes`, each with its `parent`, the `rule` that leads to it, its training rows `n`, their
        mean or class shares, and their `counts` between `edges` or by class; `hidden` counts leaves
        below it that are not listed. `n_trees` is what the tree was chosen from.
    """
    design: Any = found.prepared.problem.design
    single = typical_tree(found.fitted(family).model, design)
    problem = found.prepared.problem
    rows = np.arange(design.n_rows)[:: -(-design.n_rows // MOST_ROWS)]
    y = problem.y[rows]
    edges = np.linspace(y.min(), y.max(), N_BINS + 1) if not problem.classes else np.empty(0)
    place = np.clip(np.searchsorted(edges, y, side="right") - 1, 0, N_BINS - 1)
    counts = _counts(single, design.take(rows), y if problem.classes else place)
    sums = _counts(single, design.take(rows), np.zeros(len(y), dtype=int), y)[:, 0]
    return {
        "family": family.name,
        "title": family.title,
        "n_trees": single.n_trees,
        "n_leaves": int(single.nodes.is_leaf.sum()),
        "n_rows": len(rows),
        "edges": edges,
        "classes": problem.classes,
        "nodes": _listed(single, counts, None if problem.classes else sums),
    }


def typical_tree(model: Any, design: Dataset) -> SingleTree:
    """Return the one tree of a model, or that whose outputs correlate most with all together."""
    if isinstance(model, TreeForm):
        return SingleTree(model.encoder, model.nodes, 1)
    parts = model.groves if hasattr(model, "groves") else model.models
    few = design.take(np.arange(design.n_rows)[:: -(-design.n_rows // MOST_JUDGED)])
    found = [_outputs(part.nodes, part.encoder.matrix(few)) for part in parts]
    outputs = np.concatenate([each for each, _ in found], axis=1)
    centred = outputs - outputs.mean(axis=0)
    whole = centred.sum(axis=1)
    length = np.sqrt((centred**2).sum(axis=0)) * math.sqrt(float((whole**2).sum()))
    alike = centred.T @ whole / np.where(length > 0, length, np.inf)
    best = int(alike.argmax())
    owner, tree = next(
        (part, own[best - first])
        for part, (each, own), first in zip(
            parts, found, _starts([len(own) for _, own in found]), strict=True
        )
        if first <= best < first + each.shape[1]
    )
    return SingleTree(owner.encoder, _cut_out(owner.nodes, tree), outputs.shape[1])


def _starts(sizes: Sequence[int]) -> Iterator[int]:
    return iter([0, *itertools.accumulate(sizes)][:-1])


def _outputs(nodes: NodeArrays, X: Array) -> tuple[Array, list[int]]:
    """Return one output of each tree, (n_rows, n_trees), and which trees these are.

    Of several outputs the last is taken, the second of two classes.
    """
    last = nodes.tree_output.max()
    own = np.flatnonzero(nodes.tree_output == last).tolist()
    leaves = find_leaves(nodes, X)[:, own]
    return nodes.value[leaves][:, :, -1], own


def _cut_out(nodes: NodeArrays, tree: int) -> NodeArrays:
    """Return one of several trees, numbered from 0."""
    first = int(nodes.root[tree])
    last = int(nodes.root[tree + 1]) if tree + 1 < nodes.n_trees else nodes.n_nodes
    own = slice(first, last)
    left, right = (
        np.where(side >= 0, side - first, -1).astype(np.int32)
        for side in (nodes.left[own], nodes.right[own])
    )
    return NodeArrays(
        root=np.zeros(1, dtype=np.int32),
        feature=nodes.feature[own],
        threshold=nodes.threshold[own],
        left=left,
        right=right,
        missing=nodes.missing[own],
        value=nodes.value[own],
        tree_output=np.zeros(1, dtype=np.int32),
    )


def _counts(single: SingleTree, rows: Dataset, kind: Array, weight: Array | None = None) -> Array:
    """Add up rows of each kind in every node, or their weights; shape (n_nodes, n_kinds)."""
    nodes = single.nodes
    leaf = find_leaves(nodes, single.encoder.matrix(rows))[:, 0]
    out = np.zeros((nodes.n_nodes, int(kind.max(initial=0)) + 1))
    np.add.at(out, (leaf, kind), 1.0 if weight is None else weight)
    for node in range(nodes.n_nodes - 1, -1, -1):  # children come after their parents
        if nodes.left[node] >= 0:
            out[node] = out[nodes.left[node]] + out[nodes.right[node]]
    return out


def _listed(single: SingleTree, counts: Array, sums: Array | None) -> list[JSON]:
    """Return nodes in the order of reading, those of most rows where there are too many."""
    nodes = single.nodes
    parent = np.full(nodes.n_nodes, -1)
    for node in np.flatnonzero(~nodes.is_leaf).tolist():
        parent[[nodes.left[node], nodes.right[node]]] = node
    shown = _most_rows(nodes, counts.sum(axis=1))
    rules = dict(_rules(single))
    out: list[JSON] = []
    pending = [0]
    while pending:
        node = pending.pop()
        n = float(counts[node].sum())
        is_open = nodes.left[node] >= 0 and int(nodes.left[node]) in shown
        if is_open:
            pending += [int(nodes.right[node]), int(nodes.left[node])]
        out.append(
            {
                "node": node,
                "parent": int(parent[node]),
                "rule": rules.get(node, ""),
                "n": int(n),
                "mean": None if sums is None or not n else float(sums[node] / n),
                "counts": counts[node].astype(int),
                "hidden": 0 if is_open else _leaves_below(nodes, node),
            }
        )
    return out


def _most_rows(nodes: NodeArrays, n: Array) -> set[int]:
    """Return the nodes to show: pairs of children, those of the largest parents first."""
    shown, waiting = {0}, [0]
    while waiting and len(shown) + 2 <= MOST_NODES:
        largest = max(waiting, key=lambda node: (n[node], -node))
        waiting.remove(largest)
        if nodes.left[largest] < 0:
            continue
        children = [int(nodes.left[largest]), int(nodes.right[largest])]
        shown.update(children)
        waiting += children
    return shown


def _leaves_below(nodes: NodeArrays, top: int) -> int:
    """Count the leaves below an inner node; 0 for a leaf."""
    if nodes.left[top] < 0:
        return 0
    count, pending = 0, [top]
    while pending:
        node = pending.pop()
        if nodes.left[node] < 0:
            count += 1
        else:
            pending += [int(nodes.left[node]), int(nodes.right[node])]
    return count


@dataclass(frozen=True)
class _Feature:
    """What stands behind a feature of a tree."""

    name: str
    table: LevelTable | None = None
    k: int = 0
    reading: RelationName = AS_IT_IS


def _features(encoder: FeatureEncoder) -> list[_Feature]:
    plain = encoder.tree if isinstance(encoder, RelatedEncoder) else encoder
    found = [_Feature(name) for name in plain.numbers]
    for table in plain.tables:
        found += [_Feature(table.name, table, k) for k in range(table.values.shape[1])]
    if isinstance(encoder, RelatedEncoder):
        pairs = zip(encoder.names, encoder.relations.readings(), strict=True)
        found += [_Feature(name, reading=reading) for name, reading in pairs]
    return found


def _rules(single: SingleTree) -> Iterator[tuple[int, str]]:
    """Yield what leads to each node but the root."""
    nodes, features = single.nodes, _features(single.encoder)
    for node in np.flatnonzero(~nodes.is_leaf).tolist():
        feature = features[int(nodes.feature[node])]
        sides = _sides(feature, float(nodes.threshold[node]), int(nodes.missing[node]))
        for child, side in zip((nodes.left[node], nodes.right[node]), sides, strict=True):
            yield int(child), f"{feature.name} {side}"


def _sides(feature: _Feature, threshold: float, missing: int) -> tuple[str, str]:
    """Say what goes left and right."""
    if math.isinf(threshold):
        if missing == NAN_LEFT:
            return "is known or missing", "is nothing"
        return "is known", "is missing"
    if feature.table is None:
        limit = number(feature.reading(threshold), DIGITS)
        left, right = f"≤ {limit}", f"> {limit}"
    else:
        below = feature.table.values[:, feature.k] <= threshold
        left, right = (
            _levels(list(itertools.compress(feature.table.levels, side)))
            for side in (below, ~below)
        )
        gone = " or unknown"
        return (left + gone, right) if missing == NAN_LEFT else (left, right + gone)
    return left, right


def _levels(levels: Sequence[str]) -> str:
    if not levels:
        return "is no known level"
    more = f" and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else ""
    return f"is {', '.join(levels[:MOST_LEVELS])}{more}"


EXPLANATION = Explanation(name="tree", make=trees)
