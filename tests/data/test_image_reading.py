"""Images of every size and kind become one array, and what was done to them is said."""

import io

import numpy as np
import pytest

from rung.data.image_folders import ImageFile
from rung.data.image_reading import (
    ImageShape,
    as_numbers,
    choose_shape,
    read_cube,
    read_files,
    stretched,
)
from rung.errors import DataError, UnreadableFile


def npy(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, pixels)
    return stream.getvalue()


def files(*contents: bytes) -> list[ImageFile]:
    return [ImageFile(f"{i}.npy", lambda raw=raw: raw) for i, raw in enumerate(contents)]


def shaped(images):
    return choose_shape(images, None, 0, "none")


def spread(work, jobs):
    return [work(job) for job in jobs]


def test_small_images_of_one_size_stay_and_others_become_64_pixels_wide() -> None:
    small, large = np.zeros((1, 20, 30)), np.zeros((1, 200, 300))
    assert (shaped([small]).height, shaped([small]).width) == (20, 30)
    assert (shaped([large]).height, shaped([large]).width) == (64, 64)
    assert shaped([small, large]).width == 64
    assert choose_shape([large], 16, 0, "none").width == 16
    assert choose_shape([large], None, 48, "none").width == 48


def test_grey_images_among_coloured_ones_get_three_equal_channels() -> None:
    grey, colour = np.full((1, 4, 4), 0.5), np.zeros((3, 4, 4))
    read = read_files(files(npy(grey), npy(colour)), shaped, spread)
    assert read.shape.channels == ("red", "green", "blue")
    assert read.pixels[0].min() == read.pixels[0].max() == np.float32(0.5)
    with pytest.raises(DataError, match="2, 5 channels"):
        shaped([np.zeros((2, 4, 4)), np.zeros((5, 4, 4))])


def test_one_file_in_two_hundred_is_left_out_by_name_and_three_stop_the_run() -> None:
    good = [npy(np.full((1, 4, 4), i / 300)) for i in range(200)]
    read = read_files(files(*good[:-1], b"text"), shaped, spread)
    assert len(read.pixels) == len(read.kept) == 199
    (finding,) = read.findings
    assert finding.message.startswith("1 of 200 images cannot be read")
    assert "199.npy" in finding.message
    with pytest.raises(UnreadableFile, match=r"3 of 200 images cannot be read, such as 197\.npy"):
        read_files(files(*good[:-3], b"", b"x", b"y"), shaped, spread)


def test_a_float_cube_keeps_its_numbers_and_its_missing_pixels() -> None:
    cube = np.random.default_rng(0).normal(size=(3, 5, 8, 8))
    cube[1, 2, 3, 4] = np.nan
    read = read_cube(cube, shaped)
    np.testing.assert_array_equal(read.pixels, cube.astype(np.float32))
    assert not read.findings
    with pytest.raises(UnreadableFile, match=r"shape \(3, 4\)"):
        read_cube(np.zeros((3, 4)), shaped)


def test_eight_and_sixteen_bits_become_shares_and_an_infinite_number_is_missing() -> None:
    assert as_numbers(np.array([65535], dtype=np.uint16))[0] == 1.0
    assert np.isnan(as_numbers(np.array([np.inf]))[0])


def test_a_stretch_forgets_brightness_and_scale_of_an_image() -> None:
    pixels = np.random.default_rng(0).normal(size=(1, 16, 16))
    for stretch in ("arcsinh", "percentile"):
        np.testing.assert_allclose(
            stretched(3 * pixels + 7, stretch), stretched(pixels, stretch), atol=1e-5
        )
    assert stretched(np.zeros((1, 4, 4)), "arcsinh").tolist() == np.zeros((1, 4, 4)).tolist()


def test_another_number_of_channels_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="2 channels; 1 are expected"):
        ImageShape(4, 4, ("grey",)).bring(np.zeros((2, 4, 4)))
