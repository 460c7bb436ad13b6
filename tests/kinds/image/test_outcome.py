"""Pictures of the page are PNG files that any reader opens."""

import base64
import io

import numpy as np
import pytest

from rung.kinds.image.outcome import SIDE, thumbnail


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (5, "L")])
def test_a_thumbnail_is_a_png_of_at_most_48_pixels(channels: int, mode: str) -> None:
    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(0).random((channels, 96, 64))
    pixels[0, :9] = np.nan
    with image.open(io.BytesIO(base64.b64decode(thumbnail(pixels)))) as found:
        found.load()
        assert found.mode == mode
        assert found.size == (32, SIDE)


def test_a_thumbnail_keeps_small_pixels_as_they_are() -> None:
    image = pytest.importorskip("PIL.Image")
    pixels = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    with image.open(io.BytesIO(base64.b64decode(thumbnail(pixels)))) as found:
        assert np.asarray(found).tolist() == [[0, 255], [255, 0]]
