"""Lay out the tree of columns: what each edge holds, and in how many folds it was found."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.dataset import Dataset
from rung.density.tree import TreeDensity
from rung.kinds.kind import Ladder
from rung.typing import JSON

FAMILY = "dependence_tree"


def dependence(seen: Dataset, found: Ladder) -> JSON | None:
    """Return columns and edges of the tree of all training rows; None where none was fitted."""
    if FAMILY not in {family.name for family in found.trained}:
        return None
    fitted = found.fitted(FAMILY)
    names = [*seen.number_names, *(column.name for column in seen.category_columns)]
    return tree_facts(fitted.model, fitted.models, names)  # type: ignore[arg-type]


def tree_facts(tree: TreeDensity, others: Sequence[TreeDensity], names: Sequence[str]) -> JSON:
    """Return the edges of a tree, with mutual information and how many other trees have each."""
    pairs = [{frozenset((edge.parent, edge.child)) for edge in one.edges} for one in others]
    return {
        "columns": list(names),
        "n_folds": len(others),
        "edges": [
            {
                "parent": names[edge.parent],
                "child": names[edge.child],
                "information": round(edge.information, 4),
                "rows": int(edge.counts.sum()),
                "folds": sum(frozenset((edge.parent, edge.child)) in one for one in pairs),
            }
            for edge in tree.edges
        ],
    }
