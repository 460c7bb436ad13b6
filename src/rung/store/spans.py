"""Check where the arrays of a safetensors file lie: one after the other, without gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from rung.typing import JSON

MOST_DIMENSIONS = 8


def in_order(header: JSON, types: Mapping[str, str], n_bytes: int) -> list[str]:
    """Return the names of arrays as they follow each other in a file.

    Parameters
    ----------
    header : dict
        Type, shape and offsets of each array.
    types : mapping of str to str
        What numpy calls each type.
    n_bytes : int
        Bytes behind the header: the arrays must fill them.

    Raises
    ------
    ValueError
        If a description is wrong, or the arrays leave gaps, overlap, or do not fill the file.

    Examples
    --------
    >>> one = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    >>> in_order({"b": {**one, "data_offsets": [8, 16]}, "a": one}, {"F32": "<f4"}, 16)
    ['a', 'b']
    """
    spans = sorted((*_span(name, entry, types), name) for name, entry in header.items())
    expected = 0
    for begin, end, name in spans:
        if begin != expected:
            raise ValueError(f"array {name!r} does not begin where the one before it ends")
        expected = end
    if expected != n_bytes:
        raise ValueError(f"the arrays need {expected} bytes, the file has {n_bytes}")
    return [name for _, _, name in spans]


def _span(name: str, entry: Any, types: Mapping[str, str]) -> tuple[int, int]:
    """Return where an array begins and ends, after checking its description."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"array {name!r} is not described by type, shape and offsets")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in types:
        raise ValueError(
            f"array {name!r} has the unknown type {dtype!r}; known are {', '.join(types)}"
        )
    for numbers in (shape, offsets):
        if not isinstance(numbers, list) or len(numbers) > MOST_DIMENSIONS:
            raise ValueError(f"array {name!r} has a shape or offsets that are no short list")
        if any(type(n) is not int or not 0 <= n < 2**62 for n in numbers):
            raise ValueError(f"array {name!r} has a shape or offset that is no natural number")
    if len(offsets) != 2:
        raise ValueError(f"array {name!r} has {len(offsets)} offsets, not 2")
    begin, end = offsets
    if end - begin != math.prod(shape) * np.dtype(types[dtype]).itemsize:
        raise ValueError(f"array {name!r} has offsets that do not fit its shape")
    return begin, end
