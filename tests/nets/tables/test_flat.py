import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.flat import FlatLayout  # noqa: E402
from rung.nets.tables.shapes import NetworkShape, initial  # noqa: E402

SHAPE = NetworkShape(4, 6, 3, n_blocks=2, n_members=2)


def test_every_parameter_has_a_place_of_its_own():
    layout = FlatLayout.of(SHAPE)
    flat = torch.zeros(2, layout.size)
    for view in layout.views(flat).values():
        view += 1
    assert torch.equal(flat, torch.ones_like(flat))


def test_weights_come_first():
    layout = FlatLayout.of(SHAPE)
    for name, (place, _) in layout.places.items():
        assert (place.stop <= layout.n_decaying) == name.endswith("weight")


def test_what_is_filled_in_is_read_again():
    layout = FlatLayout.of(SHAPE)
    drawn = initial(SHAPE, [np.random.default_rng(seed) for seed in range(3)])
    found = layout.views(layout.fill(torch.empty(3, layout.size), drawn))
    assert found.keys() == drawn.keys()
    assert all(np.array_equal(found[name].numpy(), each) for name, each in drawn.items())
