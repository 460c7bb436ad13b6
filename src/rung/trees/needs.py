"""Estimate what forests hold in memory, and how many rows they take."""

from __future__ import annotations

from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.trees.forest import MOST_LEAVES

# Rows times columns of the matrix that trees are grown on.
MOST_WORK = 10_000_000
FEWEST_ROWS = 2_000
# Trees of the final model, taken in equal numbers from the folds; trees of one job.
FINAL_TREES, AT_ONCE = 200, 25
# A node's place, cut and children; its values come on top.
NODE_BYTES = 40


def rows_for_forest(sizes: ProblemSizes) -> int:
    """Return the training rows that take a bearable time."""
    return max(MOST_WORK // max(sizes.n_features, 1), FEWEST_ROWS)


def needed_by_forest(sizes: ProblemSizes, n_related: int) -> MemoryEstimate:
    """Estimate from the matrix of the training rows, and nodes as if every tree were full.

    Parameters
    ----------
    sizes : ProblemSizes
        Of the table and its folds.
    n_related : int
        Columns that may stand beside the table's.
    """
    n_nodes = 2 * min(sizes.n_train, MOST_LEAVES[sizes.n_outputs > 1])
    nodes = n_nodes * (8 * sizes.n_outputs + NODE_BYTES)
    matrix = sizes.matrix(sizes.n_train, 3 * (sizes.n_features + n_related))
    # Single precision halves what is kept.
    return MemoryEstimate(job=matrix + 2 * AT_ONCE * nodes, held=FINAL_TREES * nodes // 2)
