"""Derive batch normalisation by hand."""

from __future__ import annotations

from rung.typing import Array

EPSILON = 1e-5


def batch_norm(X: Array, gain: Array, bias: Array) -> Array:
    """Give every column mean 0 and variance 1 over the batch, then a gain and a bias.

    The variance divides by n_rows, as torch does in training.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
    gain, bias : ndarray, shape (n_columns,)

    Source
    ------
    Ioffe & Szegedy (2015), Proceedings of Machine Learning Research 37.

    Examples
    --------
    >>> batch_norm(np.array([[1.0], [3.0]]), np.ones(1), np.zeros(1)).round(3).T
    array([[-1.,  1.]])
    """
    normed, _ = _normed(X)
    return gain * normed + bias


def batch_norm_backward(d_out: Array, X: Array, gain: Array) -> tuple[Array, Array, Array]:
    """Return dX, d_gain and d_bias.

    One column is enough, as columns do not mix. With n rows, m = mean(x), c = x - m,
    v = mean(c²), s = (v + e)^(-1/2), the normed column is z = c s and out = gain z + bias. Walk
    back, one line at a time:

    1. out = gain z + bias:  d_gain = sum(d_out z),  d_bias = sum(d_out),  dz = gain d_out.
    2. z = c s, s is one number for all rows:  ds = sum(dz c),  and c receives dz s.
    3. s = (v + e)^(-1/2), so ds/dv = -(1/2)(v + e)^(-3/2) = -s³/2:
       dv = -(s³/2) sum(dz c).
    4. v = mean(c²):  c also receives dv 2 c / n = -(s³/n) c sum(dz c) = -(s/n) z sum(dz z),
       as c s = z. With step 2, dc = s (dz - z mean(dz z)).
    5. c = x - mean(x): x receives dc by itself, and -mean(dc) through the mean:
       dx = dc - mean(dc). Since mean(z) = 0, mean(dc) = s mean(dz).

    Together: dx = s (dz - mean(dz) - z mean(dz z)). What is the same for all rows, and what grows
    along with z, is taken out of the derivative: shifting or stretching a column changes nothing
    after it.

    Parameters
    ----------
    d_out : ndarray, shape (n_rows, n_columns)
    X, gain
        As given to `batch_norm`.

    Examples
    --------
    >>> X = np.array([[1.0], [2.0], [6.0]])
    >>> dX, d_gain, d_bias = batch_norm_backward(np.ones((3, 1)), X, np.ones(1))
    >>> abs(dX).max() < 1e-12, d_bias
    (np.True_, array([3.]))
    """
    normed, scale = _normed(X)
    d_normed = gain * d_out
    along = (d_normed * normed).mean(axis=0)
    dX = scale * (d_normed - d_normed.mean(axis=0) - normed * along)
    return dX, (d_out * normed).sum(axis=0), d_out.sum(axis=0)


def _normed(X: Array) -> tuple[Array, Array]:
    centred = X - X.mean(axis=0)
    scale = ((centred * centred).mean(axis=0) + EPSILON) ** -0.5
    return centred * scale, scale
