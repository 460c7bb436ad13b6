"""Compare derivatives of random graphs with torch in double precision."""

from __future__ import annotations

from typing import Any

from rung.autograd import Value
from tests.autograd.graphs import draw_graph, on_tensors, on_values


def compare_with_torch(n_graphs: int) -> dict[str, Any]:
    """Compare the result and the four derivatives of each graph.

    A difference is taken relative to the larger of both numbers, and to 1 where both are smaller:
    what is left of terms that cancel has no digits to compare. Numbers, slopes and derivatives of
    a graph stay below 1,000; others are drawn anew.
    """
    import torch

    n_numbers = n_equal = 0
    worst = 0.0
    for seed in range(n_graphs):
        graph = draw_graph(seed)
        leaves = [Value(leaf) for leaf in graph.leaves]
        end = graph.run(leaves, on_values)
        end.backward()
        tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in graph.leaves]
        other = graph.run(tensors, on_tensors)
        other.backward()
        theirs = [other.item(), *(0.0 if t.grad is None else t.grad.item() for t in tensors)]
        for a, b in zip([end.data, *(leaf.grad for leaf in leaves)], theirs, strict=True):
            n_numbers += 1
            n_equal += a == b
            worst = max(worst, abs(a - b) / max(1.0, abs(a), abs(b)))
    return {"graphs": n_graphs, "numbers": n_numbers, "equal": n_equal, "worst": worst}
