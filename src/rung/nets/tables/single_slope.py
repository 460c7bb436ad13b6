"""Derive the loss of one network by hand with numpy: the steps of `slope.py` without torch.

Loading torch takes longer than a small table's networks train, and products of matrices this small
take numpy no longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rung.nets.tables.shapes import NetworkShape
from rung.typing import Array

ZERO = np.float32(0.0)


class SingleSlope:
    """Compute scores, and derivatives of a loss by all parameters, for as many rows as a step has.

    Parameters
    ----------
    shape : NetworkShape
        Of the network.
    n_rows : int
        Of a step.
    """

    def __init__(self, shape: NetworkShape, n_rows: int) -> None:
        self.shape, self.n_rows = shape, n_rows
        tall = (shape.n_members * n_rows, shape.width)
        self.raw = np.empty((n_rows, shape.width), dtype=np.float32)
        self.hidden, self.branches = (
            [np.empty(tall, dtype=np.float32) for _ in range(count)]
            for count in (shape.n_blocks + 1, shape.n_blocks)
        )
        self.back, self.spare, self.on = (np.empty(tall, dtype=np.float32) for _ in range(3))
        # A product with ones is a sum, in a third of the time.
        self.ones = np.ones((1, tall[0]), dtype=np.float32)

    def scores(
        self, own: Mapping[str, Array], first: Array, inputs: Array, masks: Sequence[Array] = ()
    ) -> Array:
        """Return the scores of every member, shape (n_members, n_rows, n_outputs).

        Parameters
        ----------
        own : mapping of str to ndarray
            Parameters.
        first : ndarray, shape (n_inputs, width)
            First weights as the columns meet them.
        inputs : ndarray, shape (n_rows, n_inputs)
            Rows.
        masks : sequence of ndarray
            What the units of each hidden layer are multiplied by; empty for one everywhere.
        """
        raw, hidden = np.matmul(inputs, first, out=self.raw), self._by_member(self.hidden[0])
        if "member.scale" in own:
            np.multiply(raw, own["member.scale"][:, None], out=hidden)
            np.add(hidden, own["member.shift"][:, None], out=hidden)
        else:
            np.add(raw, own["member.shift"], out=hidden[0])
        np.maximum(self.hidden[0], ZERO, out=self.hidden[0])
        if masks:
            np.multiply(self.hidden[0], masks[0], out=self.hidden[0])
        for number, branch in enumerate(self.branches):
            np.matmul(self.hidden[number], own[f"block{number}.weight"], out=branch)
            np.add(branch, own[f"block{number}.bias"], out=branch)
            np.maximum(branch, ZERO, out=branch)
            if masks:
                np.multiply(branch, masks[number + 1], out=branch)
            np.add(self.hidden[number], branch, out=self.hidden[number + 1])
        scores = np.matmul(self._by_member(self.hidden[-1]), own["head.weight"])
        scores += own["head.bias"]
        return np.asarray(scores)

    def derive(
        self,
        own: Mapping[str, Array],
        slopes: Mapping[str, Array],
        inputs: Array,
        slope: Array,
        masks: Sequence[Array] = (),
    ) -> None:
        """Write the derivatives by all parameters, those of the first as the columns meet it.

        Parameters
        ----------
        own, inputs, masks
            What `scores` was just called with.
        slopes : mapping of str to ndarray
            Filled.
        slope : ndarray, shape (n_members, n_rows, n_outputs)
            Derivative by the scores.
        """
        last = np.matmul(slope.transpose(0, 2, 1), self._by_member(self.hidden[-1]))
        slopes["head.weight"][...] = last.transpose(0, 2, 1)
        np.sum(slope, axis=1, keepdims=True, out=slopes["head.bias"])
        product = np.multiply if self.shape.n_outputs == 1 else np.matmul
        product(slope, own["head.weight"].transpose(0, 2, 1), out=self._by_member(self.back))
        for number in reversed(range(len(self.branches))):
            through = self._through(self.branches[number], masks, number + 1, out=self.spare)
            np.matmul(self.hidden[number].T, through, out=slopes[f"block{number}.weight"])
            np.matmul(self.ones, through, out=slopes[f"block{number}.bias"])
            self.back += np.matmul(through, own[f"block{number}.weight"].T, out=self.on)
        back = self._by_member(self._through(self.hidden[0], masks, 0, out=self.back))
        ones = self.ones[:, : self.n_rows]
        slopes["member.shift"][...] = np.matmul(ones, back)[:, 0]
        if "member.scale" in own:
            spare = self._by_member(self.spare)
            np.multiply(back, self.raw, out=spare)
            slopes["member.scale"][...] = np.matmul(ones, spare)[:, 0]
            back = np.multiply(back, own["member.scale"][:, None], out=spare)
        np.matmul(inputs.T, np.add.reduce(back, axis=0), out=slopes["first.weight"])

    def _through(self, units: Array, masks: Sequence[Array], layer: int, *, out: Array) -> Array:
        """Return the slope before the bend: what is off, or dropped, passes nothing on."""
        np.greater(units, ZERO, out=self.on)
        if masks:
            np.multiply(self.on, masks[layer], out=self.on)
        return np.multiply(self.back, self.on, out=out)

    def _by_member(self, units: Array) -> Array:
        return units.reshape(self.shape.n_members, self.n_rows, self.shape.width)


def losses_with_slope(kind: str, scores: Array, target: Array) -> tuple[Array, Array]:
    """Return the loss of each row and member, and its derivative by their scores.

    Parameters
    ----------
    kind : str
        `squared`, `absolute` or `cross_entropy`.
    scores : ndarray, shape (n_members, n_rows, n_outputs)
        One output for values, one a class otherwise.
    target : ndarray, shape (n_rows,)
        Values, or class numbers.

    Examples
    --------
    >>> losses, slope = losses_with_slope(
    ...     "squared", np.array([[[3.0], [0.0]]]), np.array([1.0, 0.0])
    ... )
    >>> losses.tolist(), slope.ravel().tolist()
    ([[4.0, 0.0]], [4.0, 0.0])
    """
    if kind == "cross_entropy":
        log_shares = log_softmax(scores)
        own = target[None, :, None]
        losses = -np.take_along_axis(
            log_shares, np.broadcast_to(own, (len(scores), *own.shape[1:])), 2
        )
        slope = np.exp(log_shares)
        slope -= np.arange(scores.shape[2]) == own
        return losses[..., 0], slope
    above = scores[..., 0] - target
    if kind == "squared":
        return np.square(above), (above * np.float32(2.0))[..., None]
    return np.abs(above), np.sign(above)[..., None]


def losses_of_mean(kind: str, scores: Array, target: Array) -> Array:
    """Return the loss of each row when members speak with one voice; shape (n_rows,).

    Values are averaged; for classes the probabilities are.
    """
    if kind == "cross_entropy":
        shares = np.exp(log_softmax(scores)).mean(axis=0)
        # Shares of members add up to one but for rounding; their mean is used as scores again.
        mean = log_softmax(np.log(np.maximum(shares, np.finfo(shares.dtype).tiny))[None])
        return np.asarray(-mean[0, np.arange(len(target)), target])
    above = scores.mean(axis=0)[:, 0] - target
    return np.asarray(np.square(above) if kind == "squared" else np.abs(above))


def log_softmax(scores: Array) -> Array:
    """Return logarithms of shares along the last axis, which are finite wherever the scores are."""
    off = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(off - np.log(np.exp(off).sum(axis=-1, keepdims=True)))
