"""Pixel statistics agree with closed forms."""

import numpy as np
import pytest

from rung.images.statistics import fill_missing, pixel_names, pixel_statistics


def named(images: np.ndarray) -> dict[str, np.ndarray]:
    channels = [f"c{i}" for i in range(images.shape[1])]
    return dict(zip(pixel_names(channels), pixel_statistics(images).T, strict=True))


def gaussian(sigma_x: float, sigma_y: float, side: int = 65) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.exp(-(x**2) / (2 * sigma_x**2) - y**2 / (2 * sigma_y**2))[None, None]


def test_moments_are_those_of_a_ramp() -> None:
    found = named(np.arange(100.0).reshape(1, 1, 10, 10))
    assert found["mean c0"][0] == pytest.approx(49.5)
    assert found["deviation c0"][0] == pytest.approx(np.sqrt((100**2 - 1) / 12))
    assert found["skewness c0"][0] == pytest.approx(0.0, abs=1e-12)
    assert found["kurtosis c0"][0] == pytest.approx(1.8, abs=1e-3)
    assert found["quantile 0.25 c0"][0] == 24.0


def test_a_gaussian_has_its_ellipticity_and_half_light_radius() -> None:
    found = named(gaussian(6.0, 3.0))
    assert found["ellipticity"][0] == pytest.approx((36 - 9) / (36 + 9), abs=0.01)
    round_ = named(gaussian(5.0, 5.0))
    assert round_["ellipticity"][0] == pytest.approx(0.0, abs=1e-9)
    expected = 5 * np.sqrt(2 * np.log(2)) / np.hypot(65, 65)
    assert round_["half_light_radius"][0] == pytest.approx(expected, rel=0.05)
    wide = named(gaussian(15.0, 15.0, 161))  # its inner radius spans several pixels
    expected = 5 * np.log10(np.sqrt(np.log(5) / np.log(1.25)))
    assert wide["concentration"][0] == pytest.approx(expected, rel=0.02)
    assert round_["asymmetry"][0] == pytest.approx(0.0, abs=1e-12)


def test_gini_is_one_for_a_single_pixel_and_zero_for_even_light() -> None:
    lone = np.zeros((1, 1, 8, 8))
    lone[0, 0, 3, 3] = 1
    assert named(lone)["gini"][0] == pytest.approx(1.0)
    assert named(np.ones((1, 1, 8, 8)))["gini"][0] == pytest.approx(0.0, abs=1e-12)


def test_light_in_two_pixels_has_the_offset_of_their_middle() -> None:
    image = np.zeros((1, 1, 9, 9))
    image[0, 0, 4, 8] = 1
    assert named(image)["offset"][0] == pytest.approx(4 / np.hypot(9, 9))
    assert named(image)["asymmetry"][0] == pytest.approx(1.0)


def test_a_bright_core_has_a_lower_m20_than_a_bright_rim() -> None:
    y, x = np.mgrid[:33, :33] - 16.0
    radius = np.hypot(x, y)
    core, rim = np.exp(-radius / 2), np.exp(-((radius - 12) ** 2))
    found = named(np.stack([core, rim])[:, None])
    assert found["m20"][0] < -1.5
    assert found["m20"][1] > -0.9


def test_colours_are_logarithms_of_ratios() -> None:
    image = np.stack([np.full((8, 8), 6.0), np.full((8, 8), 2.0)])[None]
    assert named(image)["colour c0 / c1"][0] == pytest.approx(np.log(3))


def test_missing_pixels_are_left_out_and_counted() -> None:
    image = np.arange(16.0).reshape(1, 1, 4, 4)
    image[0, 0, 3] = np.nan
    found = named(image)
    assert found["mean c0"][0] == pytest.approx(5.5)
    assert found["missing c0"][0] == pytest.approx(0.25)
    assert np.isfinite(fill_missing(image)).all()


def test_an_image_without_any_pixel_gives_no_infinite_number() -> None:
    found = pixel_statistics(np.full((1, 1, 8, 8), np.nan))
    assert not np.isinf(found).any()
