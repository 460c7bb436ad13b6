"""Images are resized by area."""

import numpy as np

from rung.images.sizing import cut_centre, resize


def test_resizing_keeps_the_mean_whatever_the_size() -> None:
    image = np.random.default_rng(0).random((3, 17, 23))
    for height, width in ((5, 7), (16, 16), (40, 31)):
        np.testing.assert_allclose(
            resize(image, height, width).mean(axis=(1, 2)), image.mean(axis=(1, 2))
        )


def test_a_whole_factor_takes_means_of_blocks() -> None:
    image = np.arange(36.0).reshape(6, 6)
    expected = image.reshape(2, 3, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(image, 2, 2), expected)


def test_a_missing_pixel_is_left_out_of_its_mean() -> None:
    image = np.array([[1.0, np.nan], [3.0, 5.0]])
    assert resize(image, 1, 1)[0, 0] == 3.0
    assert np.isnan(resize(np.full((4, 4), np.nan), 2, 2)).all()


def test_an_image_smaller_than_the_cut_stays_whole() -> None:
    assert cut_centre(np.zeros((3, 4, 9)), 6, 6).shape == (3, 4, 6)
