"""Turn scores into probabilities that are finite and sum to one."""

from __future__ import annotations

import numpy as np

from rung.typing import Array


def absent_shares(present: Array, n_classes: int, n_train: int) -> Array:
    """Return 1 / (2 n_train) for classes that training rows do not show, 0 for the others.

    Examples
    --------
    >>> absent_shares(np.array([0, 2]), 3, 5)
    array([0. , 0.1, 0. ])
    """
    absent = np.full(n_classes, 1.0 / (2.0 * n_train))
    absent[present] = 0.0
    return absent


def softmax(scores: Array) -> Array:
    """Return probabilities of scores, row by row; the sums run in a fixed order.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0]]))
    array([[0.5, 0.5]])
    """
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    total = np.zeros(len(scores))
    for column in powers.T:
        total += column
    return np.asarray(powers / total[:, None])


def spread_shares(shares: Array, classes: Array, absent: Array) -> Array:
    """Put shares of the classes seen in their places beside those of absent ones."""
    out = np.tile(absent, (len(shares), 1))
    out[:, classes] = shares
    return np.asarray(out / (1.0 + absent.sum()))
