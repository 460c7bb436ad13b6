"""Put the states of a model's parts into one state, each under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.states import REMEDY


def nest(parts: Mapping[str, State]) -> State:
    """Join states; `part` takes them apart again.

    Examples
    --------
    >>> joined = nest({"encoder": State({"width": 3}), "0": State({"width": 4})})
    >>> part(joined, "0").spec
    {'width': 4}
    """
    return State(
        {name: dict(state.spec) for name, state in parts.items()},
        {f"{n}.{key}": array for n, state in parts.items() for key, array in state.arrays.items()},
        {f"{n}.{key}": table for n, state in parts.items() for key, table in state.strings.items()},
    )


def part(state: State, name: str) -> State:
    """Return the state that was joined under this name.

    Raises
    ------
    BadModelFile
        If the state has no such part.
    """
    spec = state.spec.get(name)
    if not isinstance(spec, Mapping):
        raise BadModelFile(f"part {name!r} is missing from the model", REMEDY)
    start = f"{name}."
    return State(
        spec,
        {key[len(start) :]: a for key, a in state.arrays.items() if key.startswith(start)},
        {key[len(start) :]: s for key, s in state.strings.items() if key.startswith(start)},
    )
