"""How a network of images is trained follows from the rows, never from the clock."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.images.rows import PixelRows
from rung.nets.images.train import Recipe, channel_moments


def test_every_image_is_seen_about_as_often_in_all_whatever_their_number() -> None:
    recipe = Recipe("small", 8, visits=24_000, fewest=8)
    passes = {n: recipe.plan(n, "squared", "float32").passes for n in (100, 240, 2_400, 60_000)}
    assert passes == {100: 100, 240: 100, 2_400: 10, 60_000: 8}


def test_large_images_are_halved_by_the_first_convolution() -> None:
    recipe = Recipe("residual", 8, n_stages=3)
    assert [recipe.shape((3, side, side), 2).halves for side in (28, 40, 41, 64)] == [
        False,
        False,
        True,
        True,
    ]


def test_moments_of_channels_are_those_of_all_known_pixels_of_the_rows() -> None:
    pixels = np.random.default_rng(0).normal(3, 2, (600, 2, 4, 4)).astype(np.float32)
    pixels[5:40, 1, 2] = np.nan
    rows = np.arange(0, 600, 2)
    shift, scale = channel_moments(PixelRows(pixels, np.arange(600)), rows)
    wanted = pixels[rows].astype(float)
    np.testing.assert_allclose(shift, np.nanmean(wanted, axis=(0, 2, 3)), rtol=1e-5)
    np.testing.assert_allclose(scale, np.nanstd(wanted, axis=(0, 2, 3)), rtol=1e-5)
