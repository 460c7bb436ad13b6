"""Put trees behind each other, so that one walk serves them all; take some of them out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.typing import Array


def join(parts: Sequence[NodeArrays]) -> NodeArrays:
    """Return the trees of all parts, in order, as one.

    Parameters
    ----------
    parts : sequence of NodeArrays
        At least one; all with as many values a node.

    Returns
    -------
    NodeArrays
        `walk` of it is the sum of the walks of the parts.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> both = join([single_leaf(np.array([1.0])), single_leaf(np.array([2.0]))])
    >>> both.root.tolist(), both.value[:, 0].tolist()
    ([0, 1], [1.0, 2.0])
    """
    assert len({part.value.shape[1] for part in parts}) == 1
    first = np.cumsum([0, *(part.n_nodes for part in parts)])
    assert first[-1] < 2**31

    def column(name: str) -> Array:
        return np.concatenate([getattr(part, name) for part in parts])

    def index(name: str) -> Array:
        moved = [
            np.where(getattr(part, name) >= 0, getattr(part, name) + start, -1)
            for part, start in zip(parts, first[:-1], strict=True)
        ]
        return np.concatenate(moved).astype(np.int32)

    return NodeArrays(
        root=index("root"),
        feature=column("feature"),
        threshold=column("threshold"),
        left=index("left"),
        right=index("right"),
        missing=column("missing"),
        value=column("value"),
        tree_output=column("tree_output"),
    )


def first_trees(nodes: NodeArrays, count: int) -> NodeArrays:
    """Return the first `count` trees, at least one.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> one = single_leaf(np.array([1.0]))
    >>> first_trees(join([one, one, one]), 2).n_trees
    2
    """
    if count >= nodes.n_trees:
        return nodes
    end = int(nodes.root[count])
    return replace(
        nodes,
        root=nodes.root[:count],
        tree_output=nodes.tree_output[:count],
        feature=nodes.feature[:end],
        threshold=nodes.threshold[:end],
        left=nodes.left[:end],
        right=nodes.right[:end],
        missing=nodes.missing[:end],
        value=nodes.value[:end],
    )
