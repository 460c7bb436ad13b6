"""Replay a tape with numpy: one call a group of steps, all examples at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from rung.autograd.rules import SLOPES, evaluate, too_steep, undefined
from rung.autograd.schedule import Group, schedule
from rung.autograd.tape import Nested, Tape, bad_batch

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def _sigmoid(x: Array, out: Array) -> None:
    shrunk = np.exp(-np.abs(x))
    np.divide(np.where(x >= 0.0, 1.0, shrunk), 1.0 + shrunk, out=out)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "power": np.power,
    "neg": np.negative,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "relu": lambda x, out: np.maximum(x, 0.0, out=out),
    "sigmoid": _sigmoid,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "max": np.maximum,
}


class _BlockRows:
    """Read some rows of a block, and add to them, each as often as it is named."""

    def __init__(self, rows: list[int]) -> None:
        index = np.array(rows, dtype=np.intp)
        order = np.argsort(index, kind="stable")
        self.starts = np.flatnonzero(np.diff(index[order], prepend=-1))
        targets = index[order][self.starts]
        self.index, self.targets, self.order = map(_as_slice, (index, targets, order))
        self.n_rows, self.n_targets = len(index), len(targets)
        self.is_distinct = self.n_targets == self.n_rows
        # All inputs of a layer, one neuron after the other: 0 1 2 0 1 2 0 1 2.
        self.is_cycle = self.n_rows % max(1, self.n_targets) == 0 and bool(
            (index.reshape(-1, max(1, self.n_targets)) == targets).all()
        )
        self.buffer: Array = np.empty((0, 0))

    def read(self, block: Array) -> Array:
        """Return the rows, valid until the next call."""
        if isinstance(self.index, slice):
            found: Array = block[self.index]
            return found
        if self.buffer.shape[1] != block.shape[1]:
            self.buffer = np.empty((self.n_rows, block.shape[1]))
        return block.take(self.index, axis=0, out=self.buffer, mode="clip")

    def add(self, block: Array, part: Array) -> None:
        """Add one row of the part to each row named."""
        if self.is_cycle and not self.is_distinct:
            part = part.reshape(-1, self.n_targets, part.shape[1]).sum(axis=0)
        elif not self.is_distinct:
            part = np.add.reduceat(part[self.order], self.starts, axis=0)
        elif not isinstance(self.index, slice):
            part = part[self.order]
        block[self.targets] += part


def _as_slice(index: np.ndarray[Any, np.dtype[np.intp]]) -> Any:
    """Return rows at equal distances as a slice, which is read without copying."""
    if len(index) == 0:
        return slice(0, 0)
    step = int(index[1] - index[0]) if len(index) > 1 else 1
    if step > 0 and (np.diff(index) == step).all():
        return slice(int(index[0]), int(index[-1]) + 1, step)
    return index


class _Work:
    """Do one group forwards and backwards.

    Blocks come in pairs: the rows that all examples share, shape (n_shared, 1), and the others,
    shape (n_varying, n_examples); `blocks[shared]` is the one that is meant.
    """

    def __init__(self, group: Group, rows: list[int]) -> None:
        self.rule = group.rule
        self.shared = group.shared
        self.exponent = group.exponent
        self.n_nodes = len(group.nodes)
        self.rows = slice(rows[group.nodes[0]], rows[group.nodes[-1]] + 1)
        self.operands = [
            (shared, _BlockRows([rows[one] for one in positions]))
            for shared, positions in group.operands
        ]
        self.read: list[Any] = []
        self.out: Array = np.empty((0, 0))

    def forward(self, blocks: Sequence[Array]) -> None:
        self.out = blocks[self.shared][self.rows]
        self.read = [rows.read(blocks[shared]) for shared, rows in self.operands]
        if self.rule == "+":
            totals = [_grouped(terms, self.n_nodes).sum(axis=1) for terms in self.read]
            np.add(totals[0], totals[1] if len(totals) > 1 else 0.0, out=self.out)
            return
        if self.exponent is not None:
            self.read.append(self.exponent)
        _FUNCTIONS[self.rule](*self.read, out=self.out)

    def backward(self, totals: Sequence[Array]) -> None:
        mine = totals[self.shared][self.rows]
        if self.rule == "+":
            for shared, rows in self.operands:
                self._spread(mine, shared, rows, totals[shared])
            return
        slopes = SLOPES[self.rule](np, self.out, *self.read)
        # The exponent of a power is read, but no operand.
        for (shared, rows), slope in zip(self.operands, slopes, strict=False):
            is_summed = shared and not self.shared
            rows.add(totals[shared], _over_rows(mine, slope) if is_summed else mine * slope)

    def _spread(self, mine: Array, shared: bool, rows: _BlockRows, total: Array) -> None:
        """Hand the derivative of a sum to all of its terms."""
        part = mine.sum(axis=1, keepdims=True) if shared and not self.shared else mine
        if rows.is_distinct and isinstance(rows.index, slice):
            _grouped(total[rows.index], self.n_nodes)[...] += part[:, None]
        else:
            rows.add(total, np.repeat(part, rows.n_rows // self.n_nodes, axis=0))

    def blame(self) -> None:
        """Raise for the first finite number that has no finite result."""
        if self.rule == "+":
            with np.errstate(all="ignore"):
                terms = [_grouped(rows, self.n_nodes) for rows in self.read]
                total = sum(each.sum(axis=1) for each in terms)
                size = sum(np.isinf(each).sum(axis=1) for each in terms)
            if (np.isinf(total) & (size == 0)).any():
                most = max(float(np.abs(each).max()) for each in terms)
                raise undefined("+", (most, most))
            return
        width = self.out.shape[1]
        columns = [np.broadcast_to(one, (self.n_nodes, width)).ravel() for one in self.read]
        for numbers in zip(*columns, strict=True):
            evaluate(self.rule, *map(float, numbers))


def _over_rows(mine: Array, slope: Any) -> Array:
    """Return the product, summed over the examples."""
    if np.shape(slope) == mine.shape:
        found: Array = np.vecdot(mine, slope)[:, None]
        return found
    total: Array = mine.sum(axis=1, keepdims=True) * slope
    return total


def _grouped(rows: Array, n_nodes: int) -> Array:
    return rows.reshape(n_nodes, -1, rows.shape[-1])


class ArrayReplay:
    """Run the steps of a tape forwards, and backwards for the derivatives.

    The blocks of numbers are kept from call to call, so one replay serves one thread.

    Parameters
    ----------
    tape : Tape
        What to replay.
    """

    def __init__(self, tape: Tape) -> None:
        plan = schedule(tape)
        self.work = [_Work(group, plan.rows) for group in plan.groups]
        self.values = [value for _, value in tape.parameters]
        self.parameters = _BlockRows([plan.rows[position] for position, _ in tape.parameters])
        self.used = [i for i, position in enumerate(tape.inputs) if position >= 0]
        self.n_inputs = len(tape.inputs)
        self.outputs = [(plan.shared[i], plan.rows[i]) for i in tape.outputs]
        self.blocks = [np.empty((0, 0)), np.zeros((plan.n_shared, 1))]
        self.totals = [np.empty((0, 0)), np.zeros((plan.n_shared, 1))]
        self.n_varying = plan.n_varying
        self.is_finite = True
        self.widths = tape.widths
        for position, number in tape.constants:
            if plan.rows[position] >= 0:  # an exponent is part of its group
                self.blocks[True][plan.rows[position]] = number

    def columns(self, batch: Sequence[Nested]) -> tuple[Array, int]:
        """Turn a batch of each argument into one row of numbers an input."""
        try:
            tables = [np.asarray(rows, dtype=np.float64) for rows in batch]
        except (TypeError, ValueError) as error:
            raise bad_batch(
                "holds what is no number, or rows of several lengths", self.widths
            ) from error
        n_rows = {len(table) if table.ndim else 0 for table in tables}
        if len(tables) != len(self.widths) or len(n_rows) > 1 or not min(n_rows, default=0):
            raise bad_batch(f"has {len(tables)} argument(s) of {sorted(n_rows)} rows", self.widths)
        found = [table.size // len(table) for table in tables]
        columns = np.concatenate([table.reshape(len(table), -1).T for table in tables])
        if tuple(found) != self.widths or not np.isfinite(columns).all():
            raise bad_batch(f"has {found} numbers a row, or some are not finite", self.widths)
        return columns, n_rows.pop()

    def forward(self, columns: Array, n_examples: int) -> Array:
        """Return the outputs, shape (n_outputs, n_examples).

        Parameters
        ----------
        columns : ndarray, shape (n_inputs, n_examples)
            One row an input.
        n_examples : int
            Number of examples.
        """
        if self.blocks[False].shape[1] != n_examples:
            self.blocks[False] = np.empty((self.n_varying, n_examples))
            self.totals[False] = np.empty((self.n_varying, n_examples))
        now = np.array([value.data for value in self.values])
        self.is_finite = bool(np.isfinite(now).all())
        if self.values:
            self.blocks[True][self.parameters.index, 0] = now
        self.blocks[False][: len(self.used)] = columns[self.used]
        with self._alert():
            for work in self.work:
                self._do(work, work.forward, self.blocks)
        shape = (n_examples,)
        return np.array(
            [np.broadcast_to(self.blocks[shared][row], shape) for shared, row in self.outputs]
        )

    def backward(self, seed: float) -> None:
        """Fill `totals` with the derivative of the sum of outputs, times a seed, by every row."""
        for block in self.totals:
            block.fill(0.0)
        n_examples = self.totals[False].shape[1]
        for shared, row in self.outputs:
            self.totals[shared][row] += seed * n_examples if shared else seed
        with self._alert():
            for work in reversed(self.work):
                self._do(work, work.backward, self.totals)
        if self.is_finite and not all(np.isfinite(block).all() for block in self.totals):
            raise too_steep()

    def parameter_gradients(self, seed: float) -> list[float]:
        """Return the derivative by every parameter, summed over the examples."""
        self.backward(seed)
        return self.totals[True][self.parameters.index, 0].tolist() if self.values else []

    def input_gradients(self) -> Array:
        """Return the derivative of each example's outputs by every input."""
        self.backward(1.0)
        found = np.zeros((self.n_inputs, self.totals[False].shape[1]))
        found[self.used] = self.totals[False][: len(self.used)]
        return found

    def _alert(self) -> np.errstate:
        """Stop at what is not finite; a parameter that is not itself (NaN) comes through."""
        how: Literal["raise", "ignore"] = "raise" if self.is_finite else "ignore"
        return np.errstate(divide=how, over=how, invalid=how, under="ignore")

    def _do(self, work: _Work, walk: Callable[..., None], blocks: Sequence[Array]) -> None:
        try:
            walk(blocks)
        except FloatingPointError as error:
            work.blame()
            raise too_steep() from error
        if not self.is_finite and not np.isfinite(work.out).all():
            work.blame()
