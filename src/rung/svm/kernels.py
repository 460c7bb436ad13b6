"""Map rows to features whose products are a kernel: as they are, or by distances to landmarks.

Sources: Williams & Seeger (2001), Using the Nystroem method to speed up kernel machines, NeurIPS
13; Yang et al. (2012), Nystroem method vs random Fourier features, NeurIPS 25; Fine & Scheinberg
(2001), Efficient SVM training using low-rank kernel representations, JMLR 2, 243-264 (pivots).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.typing import Array, Untyped

BLOCK_ROWS = 256
# Added to the diagonal of the landmarks' kernel, which is 1: landmarks that coincide do no harm.
JITTER = 1e-8
# A landmark that the others explain up to this share of its square adds nothing.
EXPLAINED = 1e-5
MEDIAN_ROWS = 500


@dataclass(frozen=True)
class Radial:
    """Compare rows with landmarks by exp(-gamma |x - l|^2).

    With all training rows as landmarks, a linear machine on these features is the kernel machine.

    Attributes
    ----------
    landmarks : ndarray, shape (n_landmarks, width)
        Encoded rows.
    gamma : float
        Inverse squared reach.
    root : ndarray, shape (n_landmarks, n_landmarks)
        Lower Cholesky factor of the landmarks' kernel.
    """

    landmarks: Array
    gamma: float
    root: Array

    @classmethod
    def of(cls, landmarks: Array, gamma: float, *, explained: float = EXPLAINED) -> Radial:
        """Factor the kernel of the landmarks, farthest first; those are left out that add nothing.

        Parameters
        ----------
        landmarks : ndarray, shape (n_landmarks, width)
            Encoded rows to choose from.
        gamma : float
            Inverse squared reach.
        explained : float
            A landmark is left out where the others give its feature up to this squared length.
        """
        from scipy.linalg import lapack

        pivoted: Untyped = lapack.dpstrf  # known to its stubs by name only
        kernel = rbf(landmarks, landmarks, gamma)
        kernel[np.diag_indices_from(kernel)] = 1.0 + JITTER
        factor, order, rank, _ = pivoted(kernel.T, lower=1, tol=explained, overwrite_a=1)
        root = np.asfortranarray(np.tril(factor[:rank, :rank]))
        return cls(landmarks[order[:rank] - 1], gamma, root)

    def features(self, X: Array) -> Array:
        """Return features whose products approximate the kernel; shape (n_rows, n_landmarks)."""
        from scipy.linalg import solve_triangular

        kernel = rbf(X, self.landmarks, self.gamma)
        return np.asarray(
            solve_triangular(self.root, kernel.T, lower=True, check_finite=False, overwrite_b=True)
        ).T

    def fold(self, coefficients: Array) -> Array:
        """Turn coefficients of the features into coefficients of the kernel columns."""
        from scipy.linalg import solve_triangular

        return np.asarray(
            solve_triangular(self.root, coefficients, lower=True, trans="T", check_finite=False)
        )


def rbf(X: Array, landmarks: Array, gamma: float) -> Array:
    """Return exp(-gamma |x - l|^2), shape (n_rows, n_landmarks).

    Examples
    --------
    >>> rbf(np.array([[0.0], [1.0]]), np.array([[0.0]]), 1.0).round(3).ravel().tolist()
    [1.0, 0.368]
    """
    own = np.einsum("ij,ij->i", landmarks, landmarks)
    out = X @ landmarks.T
    out *= 2.0
    out -= np.einsum("ij,ij->i", X, X)[:, None]
    out -= own
    # Rounding can make a squared distance negative.
    np.minimum(out, 0.0, out=out)
    out *= gamma
    return np.asarray(np.exp(out, out=out))


def kernel_scores(X: Array, landmarks: Array, gamma: float, coefficients: Array) -> Array:
    """Return rbf(X, landmarks) @ coefficients, block by block.

    Blocks have one size, the last filled up with zeros, so that matrix products take the same
    path for a row whatever stands beside it.

    Parameters
    ----------
    X : ndarray, shape (n_rows, width)
        Encoded rows.
    landmarks : ndarray, shape (n_landmarks, width)
        Rows to compare with.
    gamma : float
        Inverse squared reach.
    coefficients : ndarray, shape (n_landmarks, n_scores)
        Weights of the comparisons.

    Examples
    --------
    >>> kernel_scores(np.zeros((3, 1)), np.zeros((2, 1)), 1.0, np.ones((2, 1))).ravel().tolist()
    [2.0, 2.0, 2.0]
    """
    out = np.empty((len(X), coefficients.shape[1]))
    for first in range(0, len(X), BLOCK_ROWS):
        block = X[first : first + BLOCK_ROWS]
        full = np.zeros((BLOCK_ROWS, X.shape[1]))
        full[: len(block)] = block
        scores = rbf(full, landmarks, gamma) @ coefficients
        out[first : first + BLOCK_ROWS] = scores[: len(block)]
    return out


def median_gamma(X: Array) -> float:
    """Return 1 / the median squared distance between rows, 1 where rows coincide.

    Parameters
    ----------
    X : ndarray, shape (n_rows, width)
        Encoded rows; the first 500 are compared.

    Examples
    --------
    >>> median_gamma(np.array([[0.0], [2.0]]))
    0.25
    """
    some = X[:MEDIAN_ROWS]
    squares = np.einsum("ij,ij->i", some, some)
    gaps = squares[:, None] + squares - 2.0 * (some @ some.T)
    above = gaps[np.triu_indices(len(some), 1)]
    middle = float(np.median(above)) if len(above) else 0.0
    # Below this, rounding of the squares is all that there is.
    noise = 1e-12 * float(squares.max(initial=0.0))
    return 1.0 / middle if middle > max(noise, 1e-12) else 1.0
