"""Derive: numbers that remember how they were made, in plain Python.

>>> from rung.autograd import Value
>>> a, b, c = Value(3.0), Value(1.0), Value(4.0)
>>> z = 2 * (a - b) + c
>>> z.backward()
>>> z.data, b.grad
(8.0, -2.0)
"""

from rung.autograd.value import Value, topological_order

__all__ = ["Value", "topological_order"]
