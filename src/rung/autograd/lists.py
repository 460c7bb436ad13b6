"""Replay a tape with plain lists: one flat loop over the steps, one list over the examples."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

from rung.autograd.rules import FUNCTIONS, SLOPES, evaluate, too_steep, total_of
from rung.autograd.tape import Nested, Tape, bad_batch, flatten

Column = list[float]


def _done(rule: str, operands: Sequence[Column]) -> Column:
    try:
        out = list(map(FUNCTIONS[rule], *operands))
    except (ValueError, ArithmeticError):
        out = [math.nan]
    if not math.isfinite(sum(out)):
        return [evaluate(rule, *numbers)[0] for numbers in zip(*operands, strict=True)]
    return out


def _slopes(rule: str, out: Column, operands: Sequence[Column]) -> Sequence[Sequence[float]]:
    if not operands:
        return ()
    try:
        rows = [SLOPES[rule](math, *numbers) for numbers in zip(out, *operands, strict=True)]
    except (ValueError, ArithmeticError):
        rows = [evaluate(rule, *numbers)[1] for numbers in zip(*operands, strict=True)]
    return list(zip(*rows, strict=True))


def _has_gap(columns: Sequence[Column]) -> bool:
    """Tell whether a number is infinite or none."""
    return not all(math.isfinite(number) for column in columns for number in column)


class ListReplay:
    """Run the steps of a tape forwards, and backwards for the derivatives.

    Parameters
    ----------
    tape : Tape
        What to replay.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.done: list[Column] = []

    def columns(self, batch: Sequence[Nested]) -> tuple[list[Column], int]:
        """Turn a batch of each argument into one list of numbers an input."""
        widths = self.tape.widths
        tables = [[flatten(row) for row in rows] for rows in batch]
        n_rows = {len(table) for table in tables}
        if len(tables) != len(widths) or len(n_rows) > 1 or not min(n_rows, default=0):
            raise bad_batch(f"has {len(tables)} argument(s) of {sorted(n_rows)} rows", widths)
        for table, width in zip(tables, widths, strict=True):
            if any(len(row) != width or not all(map(math.isfinite, row)) for row in table):
                raise bad_batch(
                    "has a row of another length, or a number that is not finite", widths
                )
        columns = [
            list(map(float, column)) for table in tables for column in zip(*table, strict=True)
        ]
        return columns, n_rows.pop()

    def forward(self, columns: Sequence[Column], n_examples: int) -> list[Column]:
        """Return one list an output, each of `n_examples` numbers.

        Parameters
        ----------
        columns : sequence of list of float
            One an input, each of `n_examples` numbers.
        n_examples : int
            Number of examples.
        """
        tape = self.tape
        fixed = dict(tape.constants) | {i: value.data for i, value in tape.parameters}
        given = dict(zip(tape.inputs, columns, strict=True))
        done: list[Column] = []
        for position, step in enumerate(tape.steps):
            if position in given:
                done.append(given[position])
            elif step.left < 0:
                done.append([fixed[position]] * n_examples)
            else:
                done.append(_done(step.rule, [done[parent] for parent in step.parents]))
        self.done = done
        return [done[position] for position in tape.outputs]

    def backward(self, seed: float) -> list[Column]:
        """Return the derivative of the sum of outputs, times a seed, by every step.

        Returns
        -------
        list of list of float
            One list a step, each of `n_examples` numbers.
        """
        steps, done = self.tape.steps, self.done
        totals = [[0.0] * len(column) for column in done]
        for position in self.tape.outputs:
            totals[position] = [total + seed for total in totals[position]]
        for position in reversed(range(len(steps))):
            step = steps[position]
            slopes = _slopes(step.rule, done[position], [done[one] for one in step.parents])
            for parent, slope in zip(step.parents, slopes, strict=True):
                parts = map(operator.mul, slope, totals[position])
                totals[parent] = list(map(operator.add, totals[parent], parts))
        if _has_gap(totals) and not _has_gap(done):
            raise too_steep()
        return totals

    def parameter_gradients(self, seed: float) -> Column:
        """Return the derivative by every parameter, summed over the examples."""
        totals = self.backward(seed)
        return [total_of(totals[position]) for position, _ in self.tape.parameters]

    def input_gradients(self) -> list[Column]:
        """Return the derivative of each example's outputs by every input."""
        totals = self.backward(1.0)
        n_examples = len(totals[0])
        return [totals[i] if i >= 0 else [0.0] * n_examples for i in self.tape.inputs]
