"""Derive the parts of a network by hand: functions on arrays, each with its derivation.

Every part is a pair. The forward function uses plain numpy, so it runs on numbers and on arrays of
`rung.autograd.Value` alike, and `check_gradients` can set the tape against the hand. The backward
function takes `d_out`, the derivative of the loss by the part's result, and returns the derivative
by each operand. In the derivations L is the loss, and dA stands for dL/dA, of the shape of A.

>>> import numpy as np
>>> from rung.autograd import check_gradients
>>> from rung.byhand import tanh, tanh_backward
>>> X = np.array([[0.5, -1.0]])
>>> print(check_gradients(lambda X: [tanh_backward(1.0, tanh(X))], lambda X: tanh(X).sum(), X))
all 2 derivatives agree: by hand, tape and differences
"""

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
from rung.byhand.network import Network, network_backward, network_loss

__all__ = [
    "Network",
    "batch_norm",
    "batch_norm_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "embedding",
    "embedding_backward",
    "linear",
    "linear_backward",
    "network_backward",
    "network_loss",
    "tanh",
    "tanh_backward",
]
