"""Put the parts together: a network that guesses the next symbol, derived by hand."""

from __future__ import annotations

from typing import NamedTuple

from rung.byhand.batch_norm import batch_norm, batch_norm_backward
from rung.byhand.cross_entropy import cross_entropy, cross_entropy_backward
from rung.byhand.layers import (
    embedding,
    embedding_backward,
    linear,
    linear_backward,
    tanh,
    tanh_backward,
)
from rung.typing import Array, Untyped


class Network(NamedTuple):
    """Hold the parameters, or the derivative by each of them.

    Attributes
    ----------
    table : ndarray, shape (n_symbols, n_dimensions)
    W1 : ndarray, shape (n_symbols_a_row * n_dimensions, n_hidden)
    b1, gain, bias : ndarray, shape (n_hidden,)
    W2 : ndarray, shape (n_hidden, n_symbols)
    b2 : ndarray, shape (n_symbols,)
    """

    table: Array
    W1: Array
    b1: Array
    gain: Array
    bias: Array
    W2: Array
    b2: Array


def network_loss(network: Network, ids: Array, targets: Array) -> Untyped:
    """Return the mean loss of guessing the next symbol from those before it.

    Look up, linear, batch norm, tanh, linear, cross-entropy.

    Parameters
    ----------
    network : Network
    ids : ndarray of int, shape (n_rows, n_symbols_a_row)
        The symbols before.
    targets : ndarray of int, shape (n_rows,)
        The next one.

    Source
    ------
    Bengio et al. (2003), Journal of Machine Learning Research 3, with batch normalisation.

    Examples
    --------
    >>> parts = [np.zeros(s) for s in [(3, 2), (4, 5), 5, 5, 5, (5, 3), 3]]
    >>> loss = network_loss(Network(*parts), np.array([[0, 1], [2, 2]]), np.array([1, 0]))
    >>> float(loss.round(6))
    1.098612
    """
    looked_up = embedding(network.table, ids)
    hidden = linear(looked_up, network.W1, network.b1)
    active = tanh(batch_norm(hidden, network.gain, network.bias))
    return cross_entropy(linear(active, network.W2, network.b2), targets)


def network_backward(network: Network, ids: Array, targets: Array) -> Network:
    """Return the derivative of the loss by every parameter.

    Forward once, keeping what each part needs; then the parts in reverse, each handing to the one
    before it the derivative by what that one returned. The bias b1 moves a whole column of the
    batch, which batch norm takes out again: its derivative is 0 but for rounding.

    Parameters
    ----------
    network, ids, targets
        As given to `network_loss`.

    Returns
    -------
    Network
        Derivatives in place of parameters.

    Examples
    --------
    >>> parts = [np.zeros(s) for s in [(3, 2), (4, 5), 5, 5, 5, (5, 3), 3]]
    >>> network_backward(Network(*parts), np.array([[0, 1], [2, 2]]), np.array([1, 0])).b2
    array([-0.16666667, -0.16666667,  0.33333333])
    """
    looked_up = embedding(network.table, ids)
    hidden = linear(looked_up, network.W1, network.b1)
    active = tanh(batch_norm(hidden, network.gain, network.bias))
    scores = linear(active, network.W2, network.b2)

    d_scores = cross_entropy_backward(scores, targets)
    d_active, d_W2, d_b2 = linear_backward(d_scores, active, network.W2)
    d_normed = tanh_backward(d_active, active)
    d_hidden, d_gain, d_bias = batch_norm_backward(d_normed, hidden, network.gain)
    d_looked_up, d_W1, d_b1 = linear_backward(d_hidden, looked_up, network.W1)
    d_table = embedding_backward(d_looked_up, network.table, ids)
    return Network(d_table, d_W1, d_b1, d_gain, d_bias, d_W2, d_b2)
