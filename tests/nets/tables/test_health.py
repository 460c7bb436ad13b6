import numpy as np

from rung.nets.tables.health import measure_health
from rung.nets.tables.shapes import NetworkShape, initial


def test_units_that_never_speak_or_never_bend_are_counted():
    drawn = initial(NetworkShape(3, 8, 1, n_blocks=1, n_members=2), [np.random.default_rng(0)])
    parameters = {name: each[0] for name, each in drawn.items()}
    parameters["member.shift"][:, :2] = -1e3
    parameters["member.shift"][:, 2:6] = 1e3
    inputs = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32)
    found = measure_health(parameters, inputs)
    assert found["dead_units"][0] == 0.25
    assert found["saturated_units"][0] >= 0.5
    assert len(found["dead_units"]) == len(found["unit_size"]) == 2
