"""Turn scores into probabilities that are finite and sum to one."""

from __future__ import annotations

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array, take_count
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


def take_outputs(state: State, name: str, n_scores: int) -> tuple[Array, Array]:
    """Return the shares of absent classes, and the class of each score, after checking both.

    Parameters
    ----------
    state : State
        As read from a file; its spec says `n_outputs`, its arrays hold `absent`.
    name : str
        Key of the classes of the scores.
    n_scores : int
        Number of scores.
    """
    n_outputs = take_count(state, "n_outputs", low=1)
    absent = take_array(state, "absent", (n_outputs,), low=0, high=1)
    classes = take_array(state, name, (n_scores,), low=0, high=n_outputs - 1, whole=True)
    if not n_scores or len(np.unique(classes)) != n_scores or absent[classes].any():
        raise BadModelFile("outputs of the model do not fit together", REMEDY)
    return absent, classes
