"""Derive the loss of classification by hand."""

from __future__ import annotations

import numpy as np

from rung.typing import Array, Untyped


def cross_entropy(scores: Array, targets: Array) -> Untyped:
    """Return the mean of -log of the probability that scores give to the true class.

    Parameters
    ----------
    scores : ndarray, shape (n_rows, n_classes)
        Of any size; the probabilities are exp(scores), divided by their sum.
    targets : ndarray of int, shape (n_rows,)
        Number of the true class.

    Returns
    -------
    float
        A Value where the scores are Values.

    Examples
    --------
    >>> float(cross_entropy(np.zeros((1, 4)), np.array([2])).round(6))
    1.386294
    """
    n_rows = len(scores)
    # A number taken from all scores of a row changes no probability and keeps exp from overflow.
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_totals = np.log(np.exp(shifted).sum(axis=1))
    return (log_totals - shifted[np.arange(n_rows), targets]).sum() / n_rows


def cross_entropy_backward(scores: Array, targets: Array) -> Array:
    """Return the derivative by the scores.

    For one row with scores s and true class t the loss is l = log(sum over k of exp(s[k])) - s[t].
    The first term derives to exp(s[j]) / sum = p[j], the probability of class j; the second to 1
    for j = t and 0 elsewhere. The mean over rows divides by n:

        d_scores[i, j] = (p[i, j] - [j is the class of row i]) / n_rows.

    Each row sums to 0: the true class is pulled up exactly as hard as all others together are
    pushed down, each in proportion to its probability.

    Parameters
    ----------
    scores, targets
        As given to `cross_entropy`.

    Returns
    -------
    ndarray, shape (n_rows, n_classes)

    Examples
    --------
    >>> cross_entropy_backward(np.zeros((1, 4)), np.array([2]))
    array([[ 0.25,  0.25, -0.75,  0.25]])
    """
    n_rows = len(scores)
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    d_scores: Array = likely / likely.sum(axis=1, keepdims=True)
    d_scores[np.arange(n_rows), targets] -= 1.0
    return d_scores / n_rows
