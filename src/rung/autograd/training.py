"""Say how wrong a prediction is, and walk downhill."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rung.autograd.value import Operand, Value, constant
from rung.errors import UsageError


def squared_error(prediction: Value, target: Operand) -> Value:
    """Return the square of what is missing.

    Examples
    --------
    >>> squared_error(Value(3.0), 1.0).data
    4.0
    """
    return (prediction - target) ** 2


def max_margin(score: Value, target: Operand) -> Value:
    """Return how far a score lies below 1 on the side of its class, +1 or -1.

    Source
    ------
    Cortes & Vapnik (1995), Machine Learning 20: the loss of support vector machines.

    Examples
    --------
    >>> max_margin(Value(0.25), 1.0).data, max_margin(Value(0.25), -1.0).data
    (0.75, 1.25)
    """
    return (1.0 - target * score).relu()


def log_loss(score: Value, target: Operand) -> Value:
    """Return -log of the probability that a score gives to its class, +1 or -1.

    It is log(1 + exp(-z)) with z = target * score, written so that neither sign of z overflows.

    Examples
    --------
    >>> round(log_loss(Value(0.0), 1.0).data, 6)
    0.693147
    """
    loss = -(target * score)
    return loss.relu() + (1.0 + (-abs(loss)).exp()).log()


def cross_entropy(scores: Sequence[Value], shares: Sequence[Operand]) -> Value:
    """Return -log of the probability that scores give to the true class.

    Parameters
    ----------
    scores : sequence of Value
        One a class, of any size.
    shares : sequence of float
        1 for the true class, else 0.

    Examples
    --------
    >>> loss = cross_entropy([Value(2.0), Value(0.0)], [1.0, 0.0])
    >>> round(loss.data, 6)
    0.126928
    """
    largest = _largest(scores)
    total = sum(((score - largest).exp() for score in scores), constant(0.0))
    chosen = sum((s * share for s, share in zip(scores, shares, strict=True)), constant(0.0))
    return total.log() + largest - chosen


def _largest(scores: Sequence[Value]) -> Value:
    largest = scores[0]
    for score in scores[1:]:
        largest = largest.max(score)
    return largest


def mean(values: Sequence[Value]) -> Value:
    """Return the mean.

    Examples
    --------
    >>> mean([Value(1.0), Value(2.0)]).data
    1.5
    """
    return sum(values, constant(0.0)) * (1.0 / len(values))


def sum_of_squares(values: Iterable[Value]) -> Value:
    """Return the sum of squares: the penalty that keeps parameters small.

    Examples
    --------
    >>> sum_of_squares([Value(3.0), Value(4.0)]).data
    25.0
    """
    return sum((value * value for value in values), constant(0.0))


class SGD:
    """Step every parameter down its derivative.

    Parameters
    ----------
    parameters : sequence of Value
        What training changes.
    learning_rate : float
        Length of a step, by unit of the derivative; may be changed between steps.

    Examples
    --------
    >>> x = Value(4.0)
    >>> optimiser = SGD([x], learning_rate=0.25)
    >>> for _ in range(3):
    ...     optimiser.zero_grad()
    ...     (x * x).backward()
    ...     optimiser.step()
    >>> x.data
    0.5
    """

    def __init__(self, parameters: Sequence[Value], learning_rate: float) -> None:
        if not 0.0 < learning_rate < math.inf:
            raise UsageError(
                f"the learning rate is {learning_rate!r}; accepted: a number above 0",
                "take 0.1, and less if the loss grows",
            )
        self.parameters = list(parameters)
        self.learning_rate = learning_rate

    def zero_grad(self) -> None:
        """Forget the derivatives of the last step."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self) -> None:
        """Move every parameter against its derivative."""
        for parameter in self.parameters:
            parameter.data -= self.learning_rate * parameter.grad
