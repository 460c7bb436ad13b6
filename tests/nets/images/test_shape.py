"""Weights of a network before and after training have the shapes that its layers ask for."""

import numpy as np

from rung.nets.images.shape import ImageNetShape, first_weights, fused
from tests.nets.images.made import RESIDUAL, convolved, trained

EPSILON = 1e-5


def test_normalisation_multiplied_into_kernels_is_that_of_the_running_moments() -> None:
    arrays = trained(RESIDUAL)
    images = np.random.default_rng(2).normal(size=(3, 4, 6, 6))
    name = "stage0.block0.first"
    own = fused(arrays, EPSILON)
    raw = convolved(images, arrays[f"{name}.weight"], np.zeros(4))
    parts = {
        kind: arrays[f"{name}.{kind}"][:, None, None] for kind in ("mean", "variance", "scale")
    }
    normal = (raw - parts["mean"]) / np.sqrt(parts["variance"] + EPSILON) * parts["scale"]
    wanted = normal + arrays[f"{name}.shift"][:, None, None]
    found = convolved(images, own[f"{name}.weight"], own[f"{name}.bias"])
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    assert {n: a.shape for n, a in own.items()} == RESIDUAL.sizes()


def test_first_weights_keep_the_size_of_what_passes_through() -> None:
    shape = ImageNetShape("residual", 3, 2, 64, n_stages=2)
    drawn = first_weights(shape, np.random.default_rng(0))
    kernel = drawn["stage1.block0.first.weight"]
    assert abs(kernel.std() / np.sqrt(2 / (64 * 9)) - 1) < 0.02
    assert not drawn["stage0.block0.second.scale"].any()
    assert drawn["stem.scale"].all()
