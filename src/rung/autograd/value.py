"""Remember how a number was made, and follow its derivative back to where it came from.

Every operation on Values stores its result, the one or two Values it was made of, left and right,
and the *slope* towards each: how fast the result grows with it. That is all the chain rule needs:
what a parent adds to the derivative of the end is the slope times the derivative by its child.
`backward` walks the graph from the end, children before parents, and adds these products up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from rung.autograd.comparing import Compared, as_float
from rung.autograd.recording import refuse_while_recording
from rung.autograd.rules import evaluate, exponent_slope, too_steep

Operand: TypeAlias = "Value | float"


class Value(Compared):
    """Hold a number, the operation and the parents that made it, and its derivative.

    Parameters
    ----------
    data : float
        The number.
    label : str
        A name for pictures and tables.

    Attributes
    ----------
    grad : float
        How fast the Value on which `backward` was called grows with this one. In a number of your
        own it adds up over calls, as many examples share one parameter: set it to 0.0 to begin
        anew.
    number : float
        What `data` shows and operations read, also while a function is being recorded.
    operation : str
        "+", "exp", ...; "" for a number of your own, "constant" for one inside an expression.

    Examples
    --------
    >>> a, b, c = Value(3.0), Value(1.0), Value(4.0)
    >>> z = 2 * (a - b) + c
    >>> z.backward()
    >>> z.data, b.grad
    (8.0, -2.0)
    """

    # Slots in place of a dictionary and tuples: one object an operation is twice as fast.
    __slots__ = (
        "grad",
        "label",
        "left",
        "left_slope",
        "number",
        "operation",
        "right",
        "right_slope",
    )

    def __init__(self, data: float, label: str = "") -> None:
        self.number = as_float(data)
        self.grad = 0.0
        self.label = label
        self.operation = ""
        self.left: Value | None = None
        self.left_slope = 0.0
        self.right: Value | None = None
        self.right_slope = 0.0

    @property
    def data(self) -> float:
        """Return the number; a function that is being recorded may not take it out."""
        refuse_while_recording(".data")
        return self.number

    @data.setter
    def data(self, number: float) -> None:
        self.number = number

    @property
    def parents(self) -> tuple[Value, ...]:
        """Return the Values that this one was made of, in the order of the operation."""
        return tuple(parent for parent in (self.left, self.right) if parent is not None)

    @property
    def _prev(self) -> set[Value]:  # micrograd's name, which drawings of its graphs use
        return set(self.parents)

    @property
    def _op(self) -> str:  # micrograd's name and words
        return {"relu": "ReLU"}.get(self.operation, self.operation) if self.parents else ""

    def __add__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return _made(self.number + other.number, "+", self, 1.0, other, 1.0)

    def __sub__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return _made(self.number - other.number, "-", self, 1.0, other, -1.0)

    def __mul__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return _made(self.number * other.number, "*", self, other.number, other, self.number)

    def __truediv__(self, other: Operand) -> Value:
        return apply("/", self, other)

    def __pow__(self, other: Operand) -> Value:
        return apply("**", self, other)

    def __neg__(self) -> Value:
        return _made(-self.number, "neg", self, -1.0)

    def __abs__(self) -> Value:
        return apply("abs", self)

    def __radd__(self, other: float) -> Value:
        return constant(other) + self

    def __rsub__(self, other: float) -> Value:
        return constant(other) - self

    def __rmul__(self, other: float) -> Value:
        return constant(other) * self

    def __rtruediv__(self, other: float) -> Value:
        return constant(other) / self

    def __rpow__(self, other: float) -> Value:
        return constant(other) ** self

    def exp(self) -> Value:
        """Return e to the power of this Value."""
        return apply("exp", self)

    def log(self) -> Value:
        """Return the natural logarithm."""
        return apply("log", self)

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        return apply("tanh", self)

    def relu(self) -> Value:
        """Return this Value where it is positive, else 0."""
        return apply("relu", self)

    def sigmoid(self) -> Value:
        """Return 1 / (1 + exp(-x))."""
        return apply("sigmoid", self)

    def sin(self) -> Value:
        """Return the sine."""
        return apply("sin", self)

    def cos(self) -> Value:
        """Return the cosine."""
        return apply("cos", self)

    def abs(self) -> Value:
        """Return the distance from 0."""
        return apply("abs", self)

    def max(self, other: Operand) -> Value:
        """Return the larger of two numbers."""
        return apply("max", self, other)

    def backward(self) -> None:
        """Set the derivative of this Value by every Value that it was made of."""
        order = topological_order(self)
        leaves: list[Value] = []
        for node in order:
            if node.left is None:
                leaves.append(node)
            else:  # what lies between belongs to this walk alone
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            if node.left is not None:
                node.left.grad += node.left_slope * node.grad
            if node.right is not None:
                node.right.grad += node.right_slope * node.grad
        if not math.isfinite(sum(leaf.grad for leaf in leaves)):
            _refuse_steep(order)

    def __repr__(self) -> str:
        return f"Value(data={self.number}, grad={self.grad})"


def _made(
    data: float,
    operation: str,
    left: Value,
    left_slope: float,
    right: Value | None = None,
    right_slope: float = 0.0,
) -> Value:
    if data - data and operation in "+-*":  # not finite: is it for the operands' sake?
        evaluate(operation, left.number, *([] if right is None else [right.number]))
    value: Value = object.__new__(Value)
    value.number = data
    value.grad = 0.0
    value.label = ""
    value.operation = operation
    value.left = left
    value.left_slope = left_slope
    value.right = right
    value.right_slope = right_slope
    for order in _NOTED:
        order.append(value)
    return value


# Where Values are noted in the order in which they are made, for pictures: a walk from the end
# back knows what was needed for what, but not which step of a loop came first.
_NOTED: list[list[Value]] = []


@contextmanager
def noted() -> Iterator[list[Value]]:
    """Note what is made of Values inside the block, in that order.

    Examples
    --------
    >>> with noted() as order:
    ...     end = Value(2.0) * 3.0 + 1.0
    >>> [value.operation for value in order]
    ['*', '+']
    """
    order: list[Value] = []
    _NOTED.append(order)
    try:
        yield order
    finally:
        _NOTED[:] = [one for one in _NOTED if one is not order]


def apply(operation: str, left: Value, right: Operand | None = None) -> Value:
    """Do an operation by its name.

    Examples
    --------
    >>> apply("max", Value(2.0), 3.0).data
    3.0
    """
    if right is None:
        data, (slope,) = evaluate(operation, left.number)
        return _made(data, operation, left, slope)
    other = right if isinstance(right, Value) else constant(right)
    rule = "power" if is_power(operation, other) else operation
    data, (slope, other_slope) = evaluate(rule, left.number, other.number)
    if rule == "power":
        other_slope = exponent_slope(data, left.number, other.number)
    return _made(data, operation, left, slope, other, other_slope)


def _refuse_steep(order: Sequence[Value]) -> None:
    """Stop where finite numbers have a derivative that is not; a fixed exponent may have none."""
    if not all(math.isfinite(node.number) for node in order):
        return
    for node in reversed(order):
        parts = [] if node.left is None else [node.grad, node.left_slope * node.grad]
        if node.right is not None and not is_power(node.operation, node.right):
            parts.append(node.right_slope * node.grad)
        if not all(map(math.isfinite, parts)):
            raise too_steep()


def constant(number: float) -> Value:
    """Make a number inside an expression a Value that nothing changes."""
    value = Value(number)
    value.operation = "constant"
    return value


def is_power(operation: str, right: Value | None) -> bool:
    """Tell a power with a fixed exponent, which negative bases have too, from the general one."""
    return operation == "**" and right is not None and right.operation == "constant"


def topological_order(end: Value) -> list[Value]:
    """Return every Value that another was made of, parents before children, that one last.

    The path that is being walked is a list of our own, not a recursion: memory alone bounds depth.

    Examples
    --------
    >>> a = Value(2.0)
    >>> [node.operation for node in topological_order((a * a).exp())]
    ['', '*', 'exp']
    """
    order: list[Value] = []
    placed: set[Value] = set()
    path = [end]
    while path:
        node = path[-1]
        if node.left is not None and node.left not in placed:
            path.append(node.left)
        elif node.right is not None and node.right not in placed:
            path.append(node.right)
        else:
            placed.add(path.pop())
            order.append(node)
    return order
