"""Predictions are averaged over the poses of a symmetry, and do not know their neighbours."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.images.rows import PixelRows
from rung.nets.images.forward import EPSILON
from rung.nets.images.predict import image_scores
from rung.nets.images.shape import fused
from tests.nets.images.made import RESIDUAL, trained


@pytest.mark.parametrize("symmetry", ["rotation", "dihedral"])
def test_turned_images_are_predicted_alike_under_the_symmetry(symmetry: str) -> None:
    weights = fused(trained(RESIDUAL), EPSILON)
    pixels = np.random.default_rng(3).normal(size=(3, 2, 8, 8)).astype(np.float32)
    shift, scale = np.zeros(2, np.float32), np.ones(2, np.float32)

    def told(images: np.ndarray, symmetry: str) -> np.ndarray:
        rows = PixelRows(np.ascontiguousarray(images), np.arange(3), symmetry)
        return image_scores(RESIDUAL, weights, rows, shift, scale)

    turned = np.rot90(pixels, axes=(2, 3))
    np.testing.assert_allclose(told(turned, symmetry), told(pixels, symmetry), atol=1e-4)
    assert np.abs(told(turned, "none") - told(pixels, "none")).max() > 1e-3
    mirrored = np.abs(told(pixels[..., ::-1], symmetry) - told(pixels, symmetry)).max()
    assert (mirrored < 1e-4) == (symmetry == "dihedral")


def test_an_image_is_predicted_to_the_bit_whatever_stands_beside_it() -> None:
    weights = fused(trained(RESIDUAL), EPSILON)
    pixels = np.random.default_rng(3).normal(size=(40, 2, 8, 8)).astype(np.float32)
    rows, moments = (
        PixelRows(pixels, np.arange(40)),
        (np.zeros(2, np.float32), np.ones(2, np.float32)),
    )
    whole = image_scores(RESIDUAL, weights, rows, *moments)
    alone = image_scores(RESIDUAL, weights, rows.take(np.array([37])), *moments)
    assert alone.tobytes() == whole[37:38].tobytes()
