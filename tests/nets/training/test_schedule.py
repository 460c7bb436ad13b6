import numpy as np
import pytest

from rung.nets.training.schedule import one_cycle


def test_the_rate_rises_then_falls():
    shares = np.array([one_cycle(step / 200) for step in range(201)])
    top = int(shares.argmax())
    assert top == 20
    assert (np.diff(shares[: top + 1]) > 0).all()
    assert (np.diff(shares[top:]) < 0).all()
    assert shares.max() == pytest.approx(1.0)
    assert shares.min() >= 0.02 - 1e-12
