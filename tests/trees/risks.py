"""What pruning takes from trees of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np


def sklearn_node_risk(estimator: Any) -> np.ndarray:
    """Return impurity times the share of the weight of each node, in the unit of `ccp_alpha`."""
    tree = estimator.tree_
    return tree.impurity * tree.weighted_n_node_samples / tree.weighted_n_node_samples[0]
