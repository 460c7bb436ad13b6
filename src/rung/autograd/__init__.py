"""Derive: numbers that remember how they were made, in plain Python.

>>> from rung.autograd import Value
>>> a, b, c = Value(3.0), Value(1.0), Value(4.0)
>>> z = 2 * (a - b) + c
>>> z.backward()
>>> z.data, b.grad
(8.0, -2.0)
"""

from rung.autograd.checking import Derivative, GradientCheck, check_gradients
from rung.autograd.higher import grad
from rung.autograd.nn import MLP, Layer, Module, Neuron
from rung.autograd.program import Program, trace
from rung.autograd.training import (
    SGD,
    cross_entropy,
    log_loss,
    max_margin,
    mean,
    squared_error,
    sum_of_squares,
)
from rung.autograd.value import Value, topological_order

__all__ = [
    "MLP",
    "SGD",
    "Derivative",
    "GradientCheck",
    "Layer",
    "Module",
    "Neuron",
    "Program",
    "Value",
    "check_gradients",
    "cross_entropy",
    "grad",
    "log_loss",
    "max_margin",
    "mean",
    "squared_error",
    "sum_of_squares",
    "topological_order",
    "trace",
]
