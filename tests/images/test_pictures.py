"""Pictures of the page are PNG files that any reader opens."""

import base64
import io

import numpy as np
import pytest

from rung.images.pictures import (
    SIDE,
    decoded,
    encoded,
    grey_map,
    sheet_map,
    signed_map,
    thumbnail,
)


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


def test_what_was_written_is_read_back() -> None:
    rng = np.random.default_rng(0)
    grey, colour = rng.integers(0, 256, (1, 5, 7)), rng.integers(0, 256, (3, 5, 7))
    assert np.array_equal(decoded(encoded(grey))[:, :, 2], grey[0])
    assert np.array_equal(decoded(encoded(colour)), np.moveaxis(colour, 0, 2))


@pytest.mark.parametrize("text", ["", "AAAA", base64.b64encode(b"\x89PNG" + b"0" * 60).decode()])
def test_what_is_no_picture_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no PNG"):
        decoded(text)


def test_signs_have_colours_of_their_own_and_a_limit_makes_maps_alike() -> None:
    one = decoded(signed_map(np.array([[-1.0, 2.0, np.nan]])))[0].tolist()
    assert one == [[122, 180, 212], [213, 94, 0], [245, 245, 245]]
    other = decoded(signed_map(np.array([[-1.0, 2.0, 0.0]]), limit=1.0))[0].tolist()
    assert other[0] == [0, 114, 178]


def test_flat_maps_are_black_and_a_short_last_row_is_filled() -> None:
    assert decoded(grey_map(np.full((2, 2), 7.0))).max() == 0
    sheet = decoded(sheet_map([np.eye(24)] * 3, 2))
    assert sheet.shape == (50, 50, 3)
    assert sheet[40, 40].tolist() == [0, 114, 178]
