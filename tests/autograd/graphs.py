"""Draw expressions at random, and evaluate them with any kind of number."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rung.autograd import Value
from rung.autograd.value import apply, topological_order
from rung.errors import UndefinedOperation

UNARY = ("neg", "exp", "log", "tanh", "relu", "sigmoid", "sin", "cos", "abs")
BINARY = ("+", "-", "*", "/", "**", "max")
WHOLE_POWERS = (-2, -1, 0, 1, 2, 3)
N_LEAVES = 4
# Numbers, slopes and derivatives stay inside, so that rounding is not blown up by huge terms that
# cancel; such a graph is drawn anew.
LARGEST = 1e3


@dataclass(frozen=True)
class Graph:
    """Hold an expression: starting numbers, and steps (operation, left, right or exponent)."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[str, int, float | None], ...]

    def run(self, leaves: Sequence[Any], operate: Callable[..., Any]) -> Any:
        numbers = list(leaves)
        for name, left, right in self.steps:
            if name == "power" or right is None:
                numbers.append(operate(name, numbers[left], right))
            else:
                numbers.append(operate(name, numbers[left], numbers[int(right)]))
        return numbers[-1]


def on_values(name: str, left: Value, right: Value | float | None) -> Value:
    return apply("**" if name == "power" else name, left, right)


def on_tensors(name: str, left: Any, right: Any) -> Any:
    import torch

    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "**": lambda: left**right,
        "power": lambda: left**right,
        "max": lambda: torch.maximum(left, right),
        "neg": lambda: -left,
    }.get(name, lambda: getattr(torch, name)(left))()


def draw_graph(seed: int) -> Graph:
    """Draw a graph of 3 to 20 steps whose last number depends on many before it."""
    generator = random.Random(seed)
    while True:
        leaves = tuple(generator.uniform(-3.0, 3.0) for _ in range(N_LEAVES))
        steps: list[tuple[str, int, float | None]] = []
        values = [Value(leaf) for leaf in leaves]
        for _ in range(generator.randint(3, 20)):
            step = _draw_step(generator, len(values))
            try:
                made = Graph(leaves, (step,)).run(values, on_values)
            except UndefinedOperation:
                continue
            if abs(made.data) < LARGEST:
                steps.append(step)
                values.append(made)
        if steps and _is_tame(values[-1]):
            return Graph(leaves, tuple(steps))


def _draw_step(generator: random.Random, n_values: int) -> tuple[str, int, float | None]:
    name = generator.choice((*UNARY, *BINARY, *BINARY, "power"))
    # Half of all operands are recent numbers, so that graphs grow deep.
    left, right = (
        generator.randrange(max(0, n_values - 3) if generator.random() < 0.5 else 0, n_values)
        for _ in range(2)
    )
    if name in UNARY:
        return name, left, None
    if name == "power":
        return name, left, generator.choice((*WHOLE_POWERS, 0.5, 1.5))
    return name, left, right


def _is_tame(end: Value) -> bool:
    end.backward()
    return all(
        math.isfinite(node.grad)
        and max(abs(node.grad), abs(node.left_slope), abs(node.right_slope)) < LARGEST
        for node in topological_order(end)
    )
