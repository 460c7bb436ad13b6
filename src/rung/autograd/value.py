"""Remember how a number was made, and follow its derivative back to where it came from.

Every operation on Values stores its result, its parents and its *slopes*: how fast the result
grows with each parent. That is all the chain rule needs: what a parent adds to the derivative of
the end is the slope times the derivative by its child. `backward` walks the graph from the end,
children before parents, and adds these products up.
"""

from __future__ import annotations

from numbers import Real
from typing import TypeAlias

from rung.autograd.recording import refuse_while_recording
from rung.autograd.rules import evaluate, not_a_number

Operand: TypeAlias = "Value | float"


class Value:
    """Hold a number, the operation and the parents that made it, and its derivative.

    Parameters
    ----------
    data : float
        The number.
    parents, operation, slopes
        How it was made: set by operations, left out for a number of your own.
    label : str
        A name for pictures and tables.

    Attributes
    ----------
    grad : float
        How fast the Value on which `backward` was called grows with this one. In a number of your
        own it adds up over calls, as many examples share one parameter: set it to 0.0 to begin
        anew.
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

    __slots__ = ("data", "grad", "label", "operation", "parents", "slopes")

    def __init__(
        self,
        data: float,
        parents: tuple[Value, ...] = (),
        operation: str = "",
        *,
        slopes: tuple[float, ...] = (),
        label: str = "",
    ) -> None:
        self.data = data if type(data) is float else _as_float(data)
        self.grad = 0.0
        self.parents = parents
        self.operation = operation
        self.slopes = slopes
        self.label = label

    def __add__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return Value(self.data + other.data, (self, other), "+", slopes=(1.0, 1.0))

    def __sub__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return Value(self.data - other.data, (self, other), "-", slopes=(1.0, -1.0))

    def __mul__(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else constant(other)
        return Value(self.data * other.data, (self, other), "*", slopes=(other.data, self.data))

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), "neg", slopes=(-1.0,))

    def __truediv__(self, other: Operand) -> Value:
        return self._apply("/", other)

    def __pow__(self, other: Operand) -> Value:
        return self._apply("**", other)

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

    def __abs__(self) -> Value:
        return self._apply("abs")

    def exp(self) -> Value:
        """Return e to the power of this Value."""
        return self._apply("exp")

    def log(self) -> Value:
        """Return the natural logarithm."""
        return self._apply("log")

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        return self._apply("tanh")

    def relu(self) -> Value:
        """Return this Value where it is positive, else 0."""
        return self._apply("relu")

    def sigmoid(self) -> Value:
        """Return 1 / (1 + exp(-x))."""
        return self._apply("sigmoid")

    def sin(self) -> Value:
        """Return the sine."""
        return self._apply("sin")

    def cos(self) -> Value:
        """Return the cosine."""
        return self._apply("cos")

    def abs(self) -> Value:
        """Return the distance from 0."""
        return self._apply("abs")

    def max(self, other: Operand) -> Value:
        """Return the larger of two numbers."""
        return self._apply("max", other)

    def _apply(self, operation: str, *others: Operand) -> Value:
        parents = (self, *(v if isinstance(v, Value) else constant(v) for v in others))
        rule = "power" if is_power(operation, parents) else operation
        out, slopes = evaluate(rule, *(parent.data for parent in parents))
        return Value(out, parents, operation, slopes=slopes)

    def backward(self) -> None:
        """Set the derivative of this Value by every Value that it was made of."""
        order = topological_order(self)
        for node in order:
            if node.parents:  # what lies between belongs to this walk; numbers of your own add up
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += slope * node.grad

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value | Real):
            return NotImplemented
        refuse_while_recording("==")
        return self.data == number_of(other)

    # Sets and dictionaries tell Values apart by which they are, not by their number.
    __hash__ = object.__hash__

    def __lt__(self, other: Operand) -> bool:
        refuse_while_recording("<")
        return self.data < number_of(other)

    def __le__(self, other: Operand) -> bool:
        refuse_while_recording("<=")
        return self.data <= number_of(other)

    def __gt__(self, other: Operand) -> bool:
        refuse_while_recording(">")
        return self.data > number_of(other)

    def __ge__(self, other: Operand) -> bool:
        refuse_while_recording(">=")
        return self.data >= number_of(other)

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"


def constant(number: float) -> Value:
    """Make a number inside an expression a Value that nothing changes."""
    return Value(number, (), "constant")


def is_power(operation: str, parents: tuple[Value, ...]) -> bool:
    """Tell a power with a fixed exponent, which negative bases have too, from the general one."""
    return operation == "**" and parents[1].operation == "constant"


def number_of(operand: object) -> float:
    """Return the plain number of a Value or of a number."""
    return operand.data if isinstance(operand, Value) else _as_float(operand)


def _as_float(data: object) -> float:
    if not isinstance(data, Real):
        raise not_a_number(data)
    try:
        return float(data)
    except OverflowError as error:
        raise not_a_number(data) from error


def topological_order(end: Value) -> list[Value]:
    """Return every Value that another was made of, parents before children, that one last.

    A stack of our own takes the place of recursion, so that depth is bounded by memory alone.

    Examples
    --------
    >>> a = Value(2.0)
    >>> [node.operation for node in topological_order((a * a).exp())]
    ['', '*', 'exp']
    """
    order: list[Value] = []
    placed: set[Value] = set()
    stack = [end]
    while stack:
        missing = [parent for parent in stack[-1].parents if parent not in placed]
        if missing:
            stack += missing
        elif (node := stack.pop()) not in placed:
            placed.add(node)
            order.append(node)
    return order
