"""A network that gives the distribution of each column from those before it, in several orders.

All orders share the weights; what a unit may see differs (Germain, Gregor, Murray & Larochelle 2015).
Every unit has a degree in each order: it sees the columns up to that place, and only columns that
come later see it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rung.core.family import State
from rung.density.gaussians import log_sum
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array, take_count
from rung.typing import Array

FARTHEST_SEEN = 6.0  # inputs are clipped here, so that no row dominates a step
LOG_WIDTHS = (-6.0, 4.0)
LARGEST = 1e4  # no trained weight comes near; larger ones in a forged file could overflow
MOST_COMPONENTS, MOST_ORDERS = 64, 64


@dataclass(frozen=True)
class OrderedNetwork:
    """A network with one hidden layer and a residual one.

    Attributes
    ----------
    n_numbers, n_components : int
        Columns of numbers, which come first, and the Gaussians that each is a mixture of.
    sizes : tuple of int
        Levels of each category, without that of levels never seen.
    orders : ndarray of int, shape (n_orders, n_columns)
        Columns, in the order that each follows from those before it.
    degrees : ndarray of int, shape (n_orders, width)
        The last place in the order that a hidden unit sees.
    weights : mapping of str to ndarray
        As `shapes` names them.
    """

    n_numbers: int
    n_components: int
    sizes: tuple[int, ...]
    orders: Array
    degrees: Array
    weights: Mapping[str, Array]

    @property
    def width(self) -> int:
        """Hidden units of a layer."""
        return int(self.degrees.shape[1])

    @property
    def of_inputs(self) -> Array:
        """The column that each input tells of."""
        numbers = np.arange(self.n_numbers)
        columns = np.arange(self.n_numbers + len(self.sizes))
        return np.concatenate([numbers, numbers, columns, self._of_levels()])

    @property
    def of_outputs(self) -> Array:
        """The column whose distribution each output tells of."""
        numbers = np.tile(np.arange(self.n_numbers), 3 * self.n_components)
        return np.concatenate([numbers, self._of_levels()])

    def _of_levels(self) -> Array:
        return self.n_numbers + np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """Shape of every array of weights."""
        k, width, n_outputs = len(self.orders), self.width, len(self.of_outputs)
        return {
            "first.weight": (len(self.of_inputs), width),
            "first.bias": (k, width),
            "second.weight": (width, width),
            "second.bias": (k, width),
            "head.weight": (width, n_outputs),
            "head.bias": (k, n_outputs),
        }

    def masks(self, order: int) -> dict[str, Array]:
        """Return which weights an order uses: 1 or 0, by name."""
        degree, place = self.degrees[order], np.argsort(self.orders[order])
        return {
            "first.weight": 1.0 * (place[self.of_inputs][:, None] <= degree),
            "second.weight": 1.0 * (degree[:, None] <= degree),
            "head.weight": 1.0 * (degree[:, None] < place[self.of_outputs]),
        }

    def inputs(self, scores: Array, residuals: Array, codes: Array) -> Array:
        """Return what the network sees of rows, shape (n_rows, n_inputs).

        Parameters
        ----------
        scores, residuals : ndarray, shape (n_rows, n_numbers)
            Normal scores, NaN for missing, and what a Gaussian leaves of them in the order.
        codes : ndarray of int, shape (n_rows, n_categories)
            Levels; those missing or never seen are none of `sizes`.
        """
        known = np.isfinite(scores)
        seen = [np.where(known, cut(each), 0.0) for each in (scores, residuals)]
        levels = [codes[:, [j]] == np.arange(size) for j, size in enumerate(self.sizes)]
        has_level = [each.any(axis=1, keepdims=True) for each in levels]
        return np.concatenate([*seen, known, *has_level, *levels], axis=1, dtype=np.float64)

    def is_alone(self, order: int, scores: Array, codes: Array) -> Array:
        """Tell which columns have nothing before them that the network sees, (n_rows, n_columns)."""
        levels = (codes >= 0) & (codes < np.array(self.sizes, dtype=int))
        seen, columns = np.concatenate([np.isfinite(scores), levels], axis=1), self.orders[order]
        before = seen[:, columns].cumsum(axis=1) - seen[:, columns]
        found = np.empty(seen.shape, dtype=bool)
        found[:, columns] = before == 0
        return found

    def outputs(self, order: int, inputs: Array) -> Array:
        """Return what the network says of every column in an order, shape (n_rows, n_outputs)."""
        own = {name: self.weights[name] * mask for name, mask in self.masks(order).items()}
        first = inputs @ own["first.weight"] + self.weights["first.bias"][order]
        second = _rectified(first) @ own["second.weight"] + self.weights["second.bias"][order]
        hidden = _rectified(first + second)
        return np.asarray(hidden @ own["head.weight"] + self.weights["head.bias"][order])

    def mixtures(self, outputs: Array) -> tuple[Array, Array, Array]:
        """Return log shares, means and log widths of numbers, (n_rows, n_numbers, n_components)."""
        n = len(outputs), 3, self.n_components, self.n_numbers
        parts = outputs[:, : 3 * self.n_components * self.n_numbers].reshape(n)
        shares, means, widths = (parts[:, i].transpose(0, 2, 1) for i in range(3))
        return _log_shares(shares), means, np.clip(widths, *LOG_WIDTHS)

    def number_logs(self, outputs: Array, residuals: Array) -> Array:
        """Return the log density of every residual, shape (n_rows, n_numbers)."""
        shares, means, widths = self.mixtures(outputs)
        z = (residuals[:, :, None] - means) * np.exp(-widths)
        logs = shares - widths - 0.5 * z**2 - 0.5 * math.log(2 * math.pi)
        if not logs.size:
            return np.zeros(residuals.shape)
        return log_sum(logs.reshape(-1, self.n_components)).reshape(residuals.shape)

    def level_logs(self, outputs: Array) -> list[Array]:
        """Return log probabilities of the known levels of each category."""
        ends = np.cumsum([self.n_numbers * 3 * self.n_components, *self.sizes])
        return [_log_shares(outputs[:, start:end]) for start, end in pairwise(ends)]

    def to_state(self) -> State:
        """Return all that it is, but for the columns."""
        weights = {name: each.astype(np.float32) for name, each in self.weights.items()}
        arrays = {"orders": self.orders, "degrees": self.degrees, **weights}
        return State({"components": self.n_components}, arrays)


def cut(scores: Array) -> Array:
    """Return scores no farther out than a network sees.

    Examples
    --------
    >>> cut(np.array([-9.0, 2.0])).tolist()
    [-6.0, 2.0]
    """
    return np.clip(scores, -FARTHEST_SEEN, FARTHEST_SEEN)


def _rectified(x: Array) -> Array:
    """Return x times its logistic share (Elfwing, Uchibe & Doya 2018), without overflow."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(0.5 * x)))


def _log_shares(scores: Array) -> Array:
    if not scores.size:
        return scores
    centred = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(centred - np.log(np.exp(centred).sum(axis=-1, keepdims=True)))


def draw_network(
    sizes: Sequence[int], n_numbers: int, shape: tuple[int, int, int], rng: np.random.Generator
) -> OrderedNetwork:
    """Return an untrained network: every number is near normal, levels are all alike.

    Parameters
    ----------
    sizes : sequence of int
        Levels of each category.
    n_numbers : int
        Columns of numbers.
    shape : (int, int, int)
        Orders, hidden units and Gaussians a number. Every second order is the one before, backwards.
    rng : Generator
        Of orders, degrees and first weights.
    """
    n_orders, width, k = shape
    n = n_numbers + len(sizes)
    forth = [rng.permutation(n) for _ in range(-(-n_orders // 2))]
    orders = np.array([one for order in forth for one in (order, order[::-1])][:n_orders])
    spaced = np.arange(width) * max(n - 1, 1) // width
    degrees = np.array([rng.permutation(spaced) for _ in range(n_orders)])
    empty = OrderedNetwork(n_numbers, k, tuple(sizes), orders, degrees, {})
    weights = {
        name: rng.uniform(-1, 1, size) / math.sqrt(size[0])
        if name.endswith("weight")
        else np.zeros(size)
        for name, size in empty.shapes.items()
    }
    weights["head.weight"] *= 0.1
    centres = np.linspace(-2.5, 2.5, k)
    normal = np.stack([-0.5 * centres**2 / (1 - 0.5**2), centres, np.full(k, math.log(0.5))])
    weights["head.bias"][:, : normal.size * n_numbers] = np.repeat(normal.ravel(), n_numbers)
    return OrderedNetwork(n_numbers, k, tuple(sizes), orders, degrees, weights)


def load_network(state: State, n_numbers: int, sizes: Sequence[int]) -> OrderedNetwork:
    """Turn a state into a network, after checking all of it."""
    n, k = n_numbers + len(sizes), take_count(state, "components", low=1, high=MOST_COMPONENTS)
    orders = take_array(state, "orders", (None, n), low=0, high=max(n - 1, 0), whole=True)
    if not 0 < len(orders) <= MOST_ORDERS or (np.sort(orders, axis=1) != np.arange(n)).any():
        raise BadModelFile("the orders of columns of the model are none", REMEDY)
    most = max(n - 2, 0)
    degrees = take_array(state, "degrees", (len(orders), None), low=0, high=most, whole=True)
    empty = OrderedNetwork(n_numbers, k, tuple(sizes), orders, degrees, {})
    weights = {
        name: take_array(state, name, shape, low=-LARGEST, high=LARGEST)
        for name, shape in empty.shapes.items()
    }
    return OrderedNetwork(n_numbers, k, tuple(sizes), orders, degrees, weights)
