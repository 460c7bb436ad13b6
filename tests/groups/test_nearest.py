"""Rows go to the component that the densities themselves name, whatever the block."""

import numpy as np
import pytest

from rung.density.gaussians import SHAPES, fit_from, joint_log_densities
from rung.groups import nearest
from rung.groups.nearest import likeliest_components


@pytest.mark.parametrize("shape", SHAPES)
def test_components_are_those_of_the_densities_in_blocks_of_any_size(shape, monkeypatch):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3)) @ rng.normal(size=(3, 3)) + 2 * rng.integers(0, 2, (300, 1))
    mixture = fit_from(X, np.eye(4)[rng.integers(0, 4, 300)], shape)
    expected = joint_log_densities(mixture, X).argmax(axis=1)
    assert len(set(expected.tolist())) > 1
    for block in (300, 64):
        monkeypatch.setattr(nearest, "BLOCK", block)
        np.testing.assert_array_equal(likeliest_components(mixture, X), expected)
