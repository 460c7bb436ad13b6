"""Gradients by pixels are those of the score, averaged over the poses of the symmetry."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.images.rows import PixelRows
from rung.images.turning import posed
from rung.nets.images.looking import feature_maps, input_gradient, random_weights
from rung.nets.images.predict import image_scores
from rung.nets.images.shape import ImageNetShape

NOTHING, ONE = np.zeros(1, np.float32), np.ones(1, np.float32)


@pytest.mark.parametrize("architecture", ["small", "residual"])
@pytest.mark.parametrize("symmetry", ["none", "dihedral"])
def test_the_gradient_is_the_change_of_the_score_by_a_pixel(architecture, symmetry) -> None:
    shape = ImageNetShape(architecture, 1, 3, 4)
    weights = random_weights(shape, np.random.default_rng(0))
    pixels = np.random.default_rng(1).random((1, 1, 8, 8)).astype(np.float32)
    rows = PixelRows(pixels, np.zeros(1, dtype=np.int64), symmetry)
    found = input_gradient(shape, weights, rows, 2)

    def score(image: np.ndarray) -> float:
        own = PixelRows(image, np.zeros(1, dtype=np.int64), symmetry)
        return image_scores(shape, weights, own, NOTHING, ONE)[0, 2]

    for i, j in ((0, 0), (3, 5), (7, 2)):
        step = np.zeros_like(pixels)
        step[0, 0, i, j] = 1e-2
        by_steps = (score(pixels + step) - score(pixels - step)) / 2e-2
        assert found[i, j] == pytest.approx(abs(by_steps), rel=0.05, abs=1e-3)


def test_a_symmetry_turns_the_map_with_the_image() -> None:
    shape = ImageNetShape("small", 1, 2, 4)
    weights = random_weights(shape, np.random.default_rng(0))
    pixels = np.random.default_rng(1).random((1, 1, 8, 8)).astype(np.float32)
    place = np.zeros(1, dtype=np.int64)
    one = input_gradient(shape, weights, PixelRows(pixels, place, "rotation"), 0)
    turned = np.ascontiguousarray(posed(pixels, 1))
    other = input_gradient(shape, weights, PixelRows(turned, place, "rotation"), 0)
    assert np.allclose(posed(one, 1), other, atol=1e-5)


def test_maps_have_the_names_and_sizes_of_the_stages() -> None:
    shape = ImageNetShape("residual", 2, 2, 4, n_stages=2)
    weights = random_weights(shape, np.random.default_rng(0))
    ends = np.zeros(2, np.float32), np.ones(2, np.float32)
    found = feature_maps(shape, weights, np.ones((2, 8, 8), np.float32), *ends)
    assert {name: maps.shape for name, maps in found.items()} == {
        "stem": (4, 8, 8),
        "stage 1": (4, 8, 8),
        "stage 2": (8, 4, 4),
    }
