"""Compile a function of Values: record it once, replay it for many inputs at a time."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from rung.autograd.lists import ListReplay
from rung.autograd.rules import total_of
from rung.autograd.tape import Nested, Tape, record
from rung.errors import MissingExtra, UsageError

Engine = Literal["numpy", "lists"]


class _Replay(Protocol):
    def columns(self, batch: Sequence[Nested]) -> tuple[Any, int]: ...
    def forward(self, columns: Any, n_examples: int) -> Any: ...
    def parameter_gradients(self, seed: float) -> list[float]: ...
    def input_gradients(self) -> Any: ...


def trace(
    function: Callable[..., Nested], *example: Nested, engine: Engine | None = None
) -> Program:
    """Compile a function of one example into a program for many.

    The function runs on Values once; its steps are kept, and replayed for all rows of a batch in
    one go. Values that it reaches from outside, such as the weights of a network, are its
    parameters: the program reads their `data` anew at every call. A choice by a number (`if x > 0`)
    would be the same for all rows, and is refused, as is a number taken out of its Value (`.data`).

    Parameters
    ----------
    function : callable
        Takes numbers or lists of numbers, returns a Value or a list of Values.
    *example
        Its arguments for one row; their shape is kept, and the numbers must be ones it accepts.
    engine : {"numpy", "lists"}, optional
        What to replay with; numpy where it is installed.

    Returns
    -------
    Program
        Called with a batch of each argument.

    Examples
    --------
    >>> program = trace(lambda x: x.tanh() * 2.0, 0.5)
    >>> [round(float(y), 4) for y in program([0.0, 1.0])]
    [0.0, 1.5232]
    """
    return Program(record(function, *example), engine)


class Program:
    """Replay a recorded function.

    Parameters
    ----------
    tape : Tape
        Its steps.
    engine : {"numpy", "lists"}, optional
        What to replay with; numpy where it is installed.

    Attributes
    ----------
    parameters : list of Value
        What the function reached from outside.
    engine : str
        What it replays with.

    Examples
    --------
    Descend with the mean loss of all rows at once:

    >>> from rung.autograd import Value
    >>> slope = Value(0.0)
    >>> loss = trace(lambda x, y: (slope * x - y) ** 2, 1.0, 1.0)
    >>> for _ in range(20):
    ...     slope.grad = 0.0
    ...     mean = loss.backward([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    ...     slope.data -= 0.1 * slope.grad
    >>> round(slope.data, 4)
    2.0
    """

    def __init__(self, tape: Tape, engine: Engine | None = None) -> None:
        self.tape = tape
        self.parameters = [value for _, value in tape.parameters]
        self.engine = _engine(engine)
        self._replay = self._make_replay()

    def __call__(self, *batch: Nested) -> Any:
        """Return the results: shape (n_rows,) for a function of one result, else (n_rows, n_results).

        An array with numpy, a list (of lists) without.
        """
        columns, n_rows = self._replay.columns(batch)
        results = self._replay.forward(columns, n_rows)
        if self.tape.single:
            return results[0]
        return (
            results.T
            if self.engine == "numpy"
            else [list(row) for row in zip(*results, strict=True)]
        )

    def backward(self, *batch: Nested) -> float:
        """Return the mean result over the rows, and add its derivatives to the parameters' `grad`."""
        if not self.tape.single:
            raise UsageError(
                f"the recorded function returns a list of {len(self.tape.outputs)} results; "
                "accepted: one Value, the loss",
                "add the results up inside the function",
            )
        columns, n_rows = self._replay.columns(batch)
        (losses,) = self._replay.forward(columns, n_rows)
        gradients = self._replay.parameter_gradients(1.0 / n_rows)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad += gradient
        return total_of([float(loss) for loss in losses]) / n_rows

    def slopes(self, *batch: Nested) -> Any:
        """Return how fast each row's result grows with each of its numbers, (n_rows, n_inputs)."""
        columns, n_rows = self._replay.columns(batch)
        self._replay.forward(columns, n_rows)
        found = self._replay.input_gradients()
        return (
            found.T if self.engine == "numpy" else [list(row) for row in zip(*found, strict=True)]
        )

    def _make_replay(self) -> _Replay:
        if self.engine == "lists":
            return ListReplay(self.tape)
        from rung.autograd.arrays import ArrayReplay

        return ArrayReplay(self.tape)


def _engine(asked: Engine | None) -> Engine:
    has_numpy = importlib.util.find_spec("numpy") is not None
    if asked == "numpy" and not has_numpy:
        raise MissingExtra(
            "engine='numpy' was asked for and numpy is not installed; accepted: 'lists'",
            "leave engine out, or run: pip install numpy",
        )
    if asked not in {None, "numpy", "lists"}:
        raise UsageError(f"engine={asked!r}; accepted: 'numpy', 'lists'", "leave engine out")
    return asked or ("numpy" if has_numpy else "lists")
