import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.losses import Loss  # noqa: E402
from rung.nets.tables.population import PopulationRows  # noqa: E402
from rung.nets.tables.rate_range import range_test  # noqa: E402
from rung.nets.tables.shapes import NetworkShape  # noqa: E402


def test_small_rates_do_little_and_large_ones_break_training():
    inputs = torch.tensor(np.random.default_rng(0).normal(size=(96, 4)), dtype=torch.float32)
    loss = Loss("squared")
    lesson = PopulationRows(inputs, inputs[:, 0].abs(), None, loss, loss, 16)
    found = range_test(
        NetworkShape(4, 32, 1, 1, 2), lesson, np.arange(96), np.random.default_rng(1)
    )
    rates, losses = np.array(found["rate"]), np.array(found["loss"])
    assert len(rates) == len(losses) == 60
    assert losses[-1] > 2 * losses.min()
    assert 1e-4 < found["steepest"] < 10.0
    assert losses[:10].min() > 2 * losses.min()
