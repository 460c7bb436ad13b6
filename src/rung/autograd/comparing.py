"""Order Values as their numbers, except while a function is being recorded."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Real

from rung.autograd.recording import refuse_while_recording
from rung.errors import UsageError


class Compared:
    """Order by `data`; a Value equals itself alone, and a plain number that its own is equal to.

    So a list, a set or a dictionary finds the Value that is meant, not one of the same number.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def data(self) -> float:
        """Return the number."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Real):
            return self is other if isinstance(other, Compared) else NotImplemented
        refuse_while_recording("==")
        return self.data == as_float(other)

    __hash__ = object.__hash__

    def __lt__(self, other: object) -> bool:
        refuse_while_recording("<")
        return self.data < number_of(other)

    def __le__(self, other: object) -> bool:
        refuse_while_recording("<=")
        return self.data <= number_of(other)

    def __gt__(self, other: object) -> bool:
        refuse_while_recording(">")
        return self.data > number_of(other)

    def __ge__(self, other: object) -> bool:
        refuse_while_recording(">=")
        return self.data >= number_of(other)

    def __bool__(self) -> bool:
        refuse_while_recording("if")
        return self.data != 0.0


def number_of(operand: object) -> float:
    """Return the plain number of a Value or of a number.

    Examples
    --------
    >>> number_of(2)
    2.0
    """
    return operand.data if isinstance(operand, Compared) else as_float(operand)


def as_float(given: object) -> float:
    """Return a number in double precision, or say that it is none.

    Examples
    --------
    >>> as_float(3)
    3.0
    """
    try:
        if isinstance(given, Real):
            return float(given)
    except OverflowError:
        pass
    raise UsageError(
        f"a Value holds one number, not {given!r:.60} of type '{type(given).__name__}'; "
        "accepted: an int or a float that fits double precision",
        "make a Value of each number apart",
    )
