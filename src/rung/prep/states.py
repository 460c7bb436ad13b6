"""Read the parts of a model's state, which may come from a hostile file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.typing import Array

REMEDY = "the file is damaged or was not written by rung; fit the model again"


def take_array(
    state: State,
    name: str,
    shape: Sequence[int | None],
    *,
    low: float = -np.inf,
    high: float = np.inf,
    whole: bool = False,
) -> Array:
    """Return one array of a state after checking it.

    Parameters
    ----------
    state : State
        As read from a file.
    name : str
        Key into `state.arrays`.
    shape : sequence of (int or None)
        Shape that the array must have; None accepts any length.
    low, high : float
        Smallest and largest value accepted.
    whole : bool
        Ask for whole numbers; they come back as int64, others as float64.

    Raises
    ------
    BadModelFile
        If the array is absent, of another shape, not finite or out of range.

    Examples
    --------
    >>> take_array(State({}, {"mean": np.array([1.0])}), "mean", (1,))
    array([1.])
    """
    if name not in state.arrays:
        raise BadModelFile(f"array {name!r} is missing from the model", REMEDY)
    array = np.asarray(state.arrays[name])
    kinds = "biu" if whole else "fiu"
    fits = len(array.shape) == len(shape) and all(
        wanted is None or length == wanted
        for length, wanted in zip(array.shape, shape, strict=True)
    )
    if array.dtype.kind not in kinds or not fits:
        raise BadModelFile(
            f"array {name!r} of the model is {array.dtype} of shape {array.shape}; "
            f"{'whole' if whole else 'real'} numbers of shape {tuple(shape)} are accepted",
            REMEDY,
        )
    if array.size and not (np.isfinite(array).all() and low <= array.min() <= array.max() <= high):
        raise BadModelFile(
            f"array {name!r} of the model has values that are not finite or outside "
            f"{low:g} to {high:g}",
            REMEDY,
        )
    return np.ascontiguousarray(array, dtype=np.int64 if whole else np.float64)


def take_weights(
    state: State, name: str, shape: Sequence[int | None], *, low: float = -np.inf
) -> Array:
    """Return an array of a state as float32, after checking it and that its numbers fit there.

    Parameters
    ----------
    state : State
        As read from a file.
    name : str
        Key into `state.arrays`.
    shape : sequence of (int or None)
        Shape that the array must have; None accepts any length.
    low : float
        Smallest value accepted.

    Raises
    ------
    BadModelFile
        If the array is absent, of another shape, not finite, out of range or too large for float32.

    Examples
    --------
    >>> take_weights(State({}, {"mean": np.array([1.0])}), "mean", (1,))
    array([1.], dtype=float32)
    """
    most = float(np.finfo(np.float32).max)
    found = take_array(state, name, shape, low=max(low, -most), high=most)
    return found.astype(np.float32)


def take_strings(
    state: State, name: str, count: int | None = None, *, distinct: bool = True
) -> tuple[str, ...]:
    """Return one string table of a state after checking its length and that none repeats."""
    if name not in state.strings:
        raise BadModelFile(f"string table {name!r} is missing from the model", REMEDY)
    table = tuple(state.strings[name])
    if not all(isinstance(item, str) for item in table) or (
        distinct and len(set(table)) != len(table)
    ):
        raise BadModelFile(f"string table {name!r} of the model has entries that repeat", REMEDY)
    if count is not None and len(table) != count:
        raise BadModelFile(
            f"string table {name!r} of the model has {len(table)} entries; {count} are accepted",
            REMEDY,
        )
    return table


def take_count(state: State, name: str, *, low: int = 0, high: int = 1_000_000) -> int:
    """Return one whole number of a state's spec after checking its range."""
    value = state.spec.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadModelFile(
            f"entry {name!r} of the model is {value!r}; a whole number from {low} to {high} "
            "is accepted",
            REMEDY,
        )
    return value


def take_choice(state: State, name: str, accepted: Sequence[str]) -> str:
    """Return one word of a state's spec after checking that it is one of those accepted."""
    value = state.spec.get(name)
    if value not in accepted:
        raise BadModelFile(
            f"entry {name!r} of the model is {value!r}; one of {', '.join(accepted)} is accepted",
            REMEDY,
        )
    return str(value)


def merge(state: State, part: State) -> State:
    """Return a state with the spec, arrays and strings of both; names must differ."""
    return State(
        {**state.spec, **part.spec},
        {**state.arrays, **part.arrays},
        {**state.strings, **part.strings},
    )
