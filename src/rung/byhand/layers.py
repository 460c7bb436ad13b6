"""Derive a linear layer, the hyperbolic tangent and a table of vectors by hand."""

from __future__ import annotations

import numpy as np

from rung.typing import Array


def linear(X: Array, W: Array, b: Array) -> Array:
    """Return X W + b.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_inputs)
    W : ndarray, shape (n_inputs, n_outputs)
    b : ndarray, shape (n_outputs,)

    Examples
    --------
    >>> linear(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([0.5]))
    array([[11.5]])
    """
    out: Array = X @ W + b
    return out


def linear_backward(d_out: Array, X: Array, W: Array) -> tuple[Array, Array, Array]:
    """Return dX, dW and db.

    Write out one result: out[i, k] = sum over j of X[i, j] W[j, k], plus b[k].

    - X[i, j] acts on out[i, k] for every k, with slope W[j, k]. Adding up the ways from X[i, j] to
      L: dX[i, j] = sum over k of d_out[i, k] W[j, k], which is d_out times W transposed.
    - W[j, k] acts on out[i, k] for every row i, with slope X[i, j]:
      dW[j, k] = sum over i of X[i, j] d_out[i, k], which is X transposed times d_out.
    - b[k] acts on out[i, k] for every row i with slope 1: db[k] = sum over i of d_out[i, k].

    Shapes leave no other choice: of the products of the two matrices at hand, each of these is the
    one that has the shape of what it derives by.

    Parameters
    ----------
    d_out : ndarray, shape (n_rows, n_outputs)
    X, W
        As given to `linear`.

    Examples
    --------
    >>> dX, dW, db = linear_backward(
    ...     np.ones((1, 1)), np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    ... )
    >>> dX, dW.T, db
    (array([[3., 4.]]), array([[1., 2.]]), array([1.]))
    """
    return d_out @ W.T, X.T @ d_out, d_out.sum(axis=0)


def tanh(X: Array) -> Array:
    """Return the hyperbolic tangent of every number.

    Examples
    --------
    >>> tanh(np.array([0.0, 1.0]))
    array([0.        , 0.76159416])
    """
    out: Array = np.tanh(X)
    return out


def tanh_backward(d_out: Array | float, out: Array) -> Array:
    """Return dX from the result of `tanh`.

    tanh = sinh / cosh, and each of the two derives to the other. By the rule for quotients
    tanh' = (cosh² - sinh²) / cosh² = 1 - tanh². The result is all that is needed: dX = (1 - out²)
    d_out. Where out is near 1 or -1 nothing comes through: the unit is saturated.

    Parameters
    ----------
    d_out : ndarray, any shape
    out : ndarray, same shape
        What `tanh` returned.

    Examples
    --------
    >>> tanh_backward(np.array([1.0, 1.0]), np.array([0.0, 0.5]))
    array([1.  , 0.75])
    """
    return d_out * (1.0 - out * out)


def embedding(table: Array, ids: Array) -> Array:
    """Look up one vector for each identifier, those of a row side by side.

    Parameters
    ----------
    table : ndarray, shape (n_symbols, n_dimensions)
    ids : ndarray of int, shape (n_rows, n_symbols_a_row)

    Returns
    -------
    ndarray, shape (n_rows, n_symbols_a_row * n_dimensions)

    Examples
    --------
    >>> embedding(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1, 0]]))
    array([[3., 4., 1., 2.]])
    """
    found: Array = table[ids].reshape(len(ids), -1)
    return found


def embedding_backward(d_out: Array, table: Array, ids: Array) -> Array:
    """Return the derivative by the table.

    A vector of the table is copied, with slope 1, to every place that names it. So its derivative
    is the sum of d_out over these places; a symbol that is named nowhere has 0. It is a linear
    layer whose input is 1 at the symbol and 0 elsewhere, without writing the zeros down.

    `np.add.at` adds once a mention; `d_table[ids] += d` would add once a symbol.

    Parameters
    ----------
    d_out : ndarray, shape (n_rows, n_symbols_a_row * n_dimensions)
    table, ids
        As given to `embedding`.

    Examples
    --------
    >>> embedding_backward(np.array([[1.0, 2.0]]), np.zeros((3, 1)), np.array([[1, 1]])).T
    array([[0., 3., 0.]])
    """
    d_table = np.zeros(table.shape)
    np.add.at(d_table, ids, d_out.reshape(*ids.shape, table.shape[1]))
    return d_table
