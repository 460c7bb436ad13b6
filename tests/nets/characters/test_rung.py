"""What all networks of characters save and refuse, by their declarations alone."""

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families.text import gpt, gru
from rung.nets.characters import window_rung
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape
from rung.nets.characters.rung import CharacterModel
from rung.nets.characters.shape import GptShape
from rung.nets.characters.window import WindowReader, WindowShape

KINDS = {
    "gpt": (gpt.NETWORK, GPTReader, GptShape(9, 8, layers=1, heads=2, width=8, table=16)),
    "gru": (gru.NETWORK, RecurrentReader, RecurrentShape(9, 8, 4, 6)),
    "window": (
        window_rung.NETWORK,
        WindowReader,
        WindowShape(9, 4, 3, hidden=5, fuse=2, normed=True),
    ),
}


def model_of(kind):
    network, reader, shape = KINDS[kind]
    rng = np.random.default_rng(0)
    weights = {
        name: rng.uniform(0.1, 1.0, size).astype(np.float32)
        for name, size in shape.arrays().items()
    }
    return network, CharacterModel(reader(shape, 1, weights), network.prefix)


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_gives_back_the_same_sizes_weights_and_expectations(kind):
    network, model = model_of(kind)
    state = model.to_state()
    assert all(type(value) is int for value in state.spec.values())
    assert all(name.startswith(f"{kind}.") for name in state.arrays)
    again = network.load(state)
    assert again.to_state().spec == state.spec
    assert again.start(2)[1].tobytes() == model.start(2)[1].tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_beyond_the_declared_limits_are_refused(kind):
    network, model = model_of(kind)
    state = model.to_state()
    for name, high in network.limits.items():
        with pytest.raises(BadModelFile, match=name):
            network.load(State({**state.spec, name: high + 1}, state.arrays))
    with pytest.raises(BadModelFile, match="nothing to expect"):
        network.load(State({**state.spec, "symbols": 1, "width": 8, "first": 1}, state.arrays))


def test_a_variance_below_zero_is_refused_and_other_weights_may_be_negative():
    network, model = model_of("window")
    state = model.to_state()
    arrays = {name: each.copy() for name, each in state.arrays.items()}
    arrays["window.fused.0"][0, 0] = -1.0
    network.load(State(state.spec, arrays))
    arrays["window.variance.0"][0] = -1.0
    with pytest.raises(BadModelFile, match="variance"):
        network.load(State(state.spec, arrays))
