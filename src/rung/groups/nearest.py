"""Find the component of a mixture that has each of many rows, a block of rows at a time."""

from __future__ import annotations

import numpy as np

from rung.density.gaussians import GaussianMix
from rung.typing import Array

BLOCK = 4_096  # rows, which with their distances stay in the processor's cache


def likeliest_components(mixture: GaussianMix, X: Array) -> Array:
    """Return the component with the greatest weight times density at each row, shape (n_rows,).

    Parameters
    ----------
    mixture : GaussianMix
        Without categories.
    X : ndarray, shape (n_rows, n_columns)
        Without missing cells.

    Examples
    --------
    >>> two = GaussianMix(np.full(2, 0.5), np.array([[0.0], [4.0]]), np.ones((2, 1, 1)))
    >>> likeliest_components(two, np.array([[1.9], [2.1]]))
    array([0, 1])
    """
    k, d = mixture.means.shape
    inverses = np.linalg.inv(np.linalg.cholesky(mixture.covariances))
    turn = inverses.reshape(k * d, d).T
    centres = np.einsum("kde,ke->kd", inverses, mixture.means).reshape(k * d)
    log_scales = np.log(np.diagonal(inverses, axis1=1, axis2=2)).sum(axis=1)
    constants = np.log(mixture.weights) + log_scales
    halves = np.repeat(0.5 * np.eye(k), d, axis=0)
    found = np.empty(len(X), int)
    for first in range(0, len(X), BLOCK):
        whitened = X[first : first + BLOCK] @ turn - centres
        whitened *= whitened
        found[first : first + BLOCK] = (constants - whitened @ halves).argmax(axis=1)
    return found
