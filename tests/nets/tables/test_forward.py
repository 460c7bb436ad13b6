import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.nets.tables.forward import outputs, take_network

torch = pytest.importorskip("torch")

from rung.nets.tables.layers import forward  # noqa: E402
from rung.nets.tables.shapes import NetworkShape, initial  # noqa: E402


def _network(shape):
    drawn = initial(shape, [np.random.default_rng(0)])
    return {name: each[0] + np.float32(0.01) for name, each in drawn.items()}


@pytest.mark.parametrize("n_members", [1, 4])
@pytest.mark.parametrize("classes", [False, True])
def test_numpy_says_what_torch_says(n_members, classes):
    shape = NetworkShape(5, 8, 3 if classes else 1, n_blocks=2, n_members=n_members)
    parameters = _network(shape)
    inputs = np.random.default_rng(1).normal(size=(7, 5))
    stacked = {n: torch.tensor(each, dtype=torch.float64)[None] for n, each in parameters.items()}
    scores = forward(stacked, torch.tensor(inputs)[None])[0]
    wanted = (torch.softmax(scores, dim=2) if classes else scores).mean(dim=0)
    wide = {name: each.astype(float) for name, each in parameters.items()}
    found = outputs(wide, inputs, classes=classes)
    assert np.allclose(found, wanted.numpy(), rtol=1e-12, atol=1e-12)


def test_what_a_state_holds_comes_back():
    parameters = _network(NetworkShape(5, 8, 1, n_members=2))
    taken = take_network(State({}, parameters), 5, 1)
    assert taken.keys() == parameters.keys()
    assert all(np.array_equal(taken[name], parameters[name]) for name in taken)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first.weight", np.zeros((4, 8))),
        ("head.weight", np.full((2, 8, 1), 1e9)),
        ("member.shift", np.zeros((2, 0))),
        ("member.scale", np.zeros((3, 8))),
        ("block0.bias", np.full((1, 8), np.nan)),
    ],
)
def test_a_forged_network_is_refused(name, value):
    parameters = {**_network(NetworkShape(5, 8, 1, n_members=2)), name: value}
    with pytest.raises(BadModelFile, match="model"):
        take_network(State({}, parameters), 5, 1)
