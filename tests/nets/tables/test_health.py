import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.health import measure_health  # noqa: E402
from rung.nets.tables.layers import NetworkShape, initial  # noqa: E402


def test_units_that_never_speak_or_never_bend_are_counted():
    drawn = initial(NetworkShape(3, 8, 1, n_blocks=1, n_members=2), [np.random.default_rng(0)])
    parameters = {name: each[0] for name, each in drawn.items()}
    parameters["member.shift"][:, :2] = -1e3
    parameters["member.shift"][:, 2:6] = 1e3
    inputs = torch.tensor(np.random.default_rng(1).normal(size=(50, 3)), dtype=torch.float32)
    found = measure_health(parameters, inputs)
    assert found["dead_units"][0] == 0.25
    assert found["saturated_units"][0] >= 0.5
    assert len(found["dead_units"]) == len(found["unit_size"]) == 2
