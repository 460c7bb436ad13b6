"""Kernels narrow where rows lie on a curve."""

import numpy as np

from tests.families.density.laws import mean


def test_it_follows_a_ring_that_a_gaussian_fills():
    angle = np.random.default_rng(2).uniform(0, 2 * np.pi, 300)
    noise = 0.1 * np.random.default_rng(3).normal(size=(2, 300))
    ring = {"x": np.cos(angle) + noise[0], "y": np.sin(angle) + noise[1]}
    assert mean(ring, "kernel") > mean(ring, "gaussian") + 0.4
