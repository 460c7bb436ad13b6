import numpy as np

from rung.nets.tables.shapes import NetworkShape, initial


def test_first_weights_are_small_where_many_columns_come_in():
    drawn = initial(NetworkShape(400, 64, 1, n_members=3), [np.random.default_rng(0)] * 2)
    assert drawn["first.weight"].shape == (2, 400, 64)
    assert abs(drawn["first.weight"].std() - 0.05) < 0.002
    assert abs(drawn["block0.weight"].std() - (2 / 64) ** 0.5) < 0.01
    assert not drawn["block0.bias"].any()
