"""Run a trained network forward with numpy alone, as prediction needs no torch.

The same function gives the out-of-fold predictions and those of a loaded model.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.outputs import softmax
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

ROWS_AT_ONCE = 2_048
MOST_BLOCKS = 64
# No trained weight comes near; with larger ones in a forged file, sums could overflow.
LARGEST = 1e4


def outputs(parameters: Mapping[str, Array], inputs: Array, *, classes: bool) -> Array:
    """Return the mean of what the members of a network say.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        As `rung.nets.tables.layers.Shape.sizes` names them, float64.
    inputs : ndarray, shape (n_rows, n_inputs)
        Encoded rows.
    classes : bool
        Whether scores are to become probabilities.

    Returns
    -------
    ndarray, shape (n_rows, n_outputs)
    """
    out = np.zeros((len(inputs), parameters["head.weight"].shape[2]))
    for start in range(0, len(inputs), ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        raw = inputs[block] @ parameters["first.weight"]
        for member in range(len(parameters["head.weight"])):
            scores = _member(parameters, raw, member)
            out[block] += softmax(scores) if classes else scores
    return np.asarray(out / len(parameters["head.weight"]))


def hidden_layers(parameters: Mapping[str, Array], inputs: Array) -> list[Array]:
    """Return the units of each hidden layer, (n_members, n_rows, width): what each adds.

    Parameters
    ----------
    parameters, inputs
        As for `outputs`.
    """
    raw = inputs @ parameters["first.weight"]
    members = range(len(parameters["head.weight"]))
    layers = zip(*(_units(parameters, raw, member)[0] for member in members), strict=True)
    return [np.stack(each) for each in layers]


def _member(parameters: Mapping[str, Array], raw: Array, member: int) -> Array:
    """Return the scores of one member, (n_rows, n_outputs)."""
    _, hidden = _units(parameters, raw, member)
    scores = hidden @ parameters["head.weight"][member] + parameters["head.bias"][member]
    return np.asarray(scores)


def _units(parameters: Mapping[str, Array], raw: Array, member: int) -> tuple[list[Array], Array]:
    """Return what each hidden layer of a member adds, and their sum, each (n_rows, width)."""
    scale = parameters.get("member.scale")
    scaled = raw if scale is None else raw * scale[member]
    layers = [np.maximum(scaled + parameters["member.shift"][member], 0.0)]
    hidden = layers[0]
    for block in range(count_blocks(parameters)):
        weight, bias = parameters[f"block{block}.weight"], parameters[f"block{block}.bias"]
        layers.append(np.maximum(hidden @ weight + bias, 0.0))
        hidden = hidden + layers[-1]
    return layers, hidden


def count_blocks(parameters: Mapping[str, Array]) -> int:
    """Return the number of hidden layers after the first."""
    return (sum(name.startswith("block") for name in parameters) + 1) // 2


def take_network(state: State, n_inputs: int, n_outputs: int) -> dict[str, Array]:
    """Return the parameters that a state holds, checked to fit one another.

    Parameters
    ----------
    state : State
        As read from a file.
    n_inputs, n_outputs : int
        What the encoder gives and the task asks.

    Raises
    ------
    BadModelFile
        If any parameter is absent, of another shape or absurdly large.
    """
    shift = take_array(state, "member.shift", (None, None), low=-LARGEST, high=LARGEST)
    members, width = shift.shape
    n_blocks = count_blocks(state.arrays)
    if not members or not width or n_blocks > MOST_BLOCKS:
        raise BadModelFile(
            f"a network of the model has {members} members, {width} units and {n_blocks} blocks",
            REMEDY,
        )
    wanted: dict[str, tuple[int, ...]] = {"first.weight": (n_inputs, width)}
    if members > 1:
        wanted["member.scale"] = (members, width)
    for block in range(n_blocks):
        wanted[f"block{block}.weight"] = (width, width)
        wanted[f"block{block}.bias"] = (1, width)
    wanted["head.weight"] = (members, width, n_outputs)
    wanted["head.bias"] = (members, 1, n_outputs)
    taken = {
        name: take_array(state, name, size, low=-LARGEST, high=LARGEST)
        for name, size in wanted.items()
    }
    return {**taken, "member.shift": shift}
