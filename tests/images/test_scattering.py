"""Scattering keeps the laws that its symmetries promise."""

import numpy as np
import pytest

from rung.images.scattering import (
    ANGLES,
    Scattering,
    filtered_modulus,
    low_frequencies,
    morlet,
    n_scales,
    scale_pairs,
    scattering_moduli,
)


@pytest.fixture
def images() -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.random((2, 32, 32)).astype(np.float32)


def test_a_plane_wave_answers_with_the_transform_of_the_wavelet_at_its_frequency() -> None:
    y, x = np.mgrid[:32, :32]
    wave = np.exp(2j * np.pi * (5 * x + 3 * y) / 32)[None]
    modulus = filtered_modulus(np.fft.fft2(wave), 0, 0)
    expected = morlet(32, 32, 0, 0)[3, 5]
    np.testing.assert_allclose(modulus, expected, rtol=1e-5)


def test_a_wave_is_strongest_at_its_own_scale_and_angle() -> None:
    frequency = 0.75 * np.pi / 2**2
    _, x = np.mgrid[:64, :64]
    wave = np.cos(round(frequency * 64 / (2 * np.pi)) * 2 * np.pi * x / 64)[None]
    first, _ = scattering_moduli(wave)
    strength = first[0].mean(axis=-1)
    assert np.unravel_index(strength.argmax(), strength.shape) == (2, 0)


def test_a_constant_image_has_no_structure() -> None:
    first, second = scattering_moduli(np.full((1, 16, 16), 7.0))
    assert first.max() < 1e-5
    assert second.max() < 1e-5


def test_a_coarser_grid_keeps_the_mean_of_a_smooth_modulus(images: np.ndarray) -> None:
    spectrum = np.fft.fft2(images)
    fine = np.abs(np.fft.ifft2(spectrum * morlet(32, 32, 2, 1))).mean(axis=(1, 2))
    np.testing.assert_allclose(filtered_modulus(spectrum, 2, 1).mean(axis=(1, 2)), fine, rtol=0.03)


@pytest.mark.parametrize("symmetry", ["shift", "rotation", "dihedral"])
def test_a_shifted_image_has_the_same_numbers(images: np.ndarray, symmetry: str) -> None:
    kind = Scattering(32, 32, symmetry)
    moved = np.roll(images, (8, 4), axis=(1, 2))
    np.testing.assert_allclose(kind.transform(moved), kind.transform(images), atol=2e-3)


@pytest.mark.parametrize("symmetry", ["rotation", "dihedral"])
def test_a_quarter_turn_changes_no_number_of_rotation(images: np.ndarray, symmetry: str) -> None:
    kind = Scattering(32, 32, symmetry)
    turned = np.roll(np.rot90(images, axes=(1, 2)), 1, axis=1)  # around the same pixel
    np.testing.assert_allclose(kind.transform(turned), kind.transform(images), atol=2e-3)


def test_a_quarter_turn_shifts_the_angles_by_four(images: np.ndarray) -> None:
    first, _ = scattering_moduli(images)
    turned, _ = scattering_moduli(np.rot90(images, axes=(1, 2)))
    rolled = np.roll(first.mean(axis=-1), ANGLES // 2, axis=2)
    # the grid of even size holds one frequency that has no opposite
    np.testing.assert_allclose(turned.mean(axis=-1), rolled, rtol=1e-2)


def test_a_mirror_image_differs_under_rotation_and_not_under_dihedral(images: np.ndarray) -> None:
    mirrored = images[:, :, ::-1]
    dihedral, rotation = Scattering(32, 32, "dihedral"), Scattering(32, 32, "rotation")
    np.testing.assert_allclose(dihedral.transform(mirrored), dihedral.transform(images), atol=5e-3)
    assert np.abs(rotation.transform(mirrored) - rotation.transform(images)).max() > 0.02


def test_order_two_is_unchanged_when_brightness_doubles(images: np.ndarray) -> None:
    kind = Scattering(32, 32, "rotation")
    once, twice = kind.transform(images), kind.transform(2 * images)
    np.testing.assert_allclose(
        twice[:, : kind.scales] - once[:, : kind.scales], np.log(2), rtol=1e-4
    )
    np.testing.assert_allclose(twice[:, kind.scales :], once[:, kind.scales :], atol=1e-4)


@pytest.mark.parametrize("symmetry", ["none", "shift", "rotation", "dihedral"])
def test_every_number_has_a_name_of_its_own(images: np.ndarray, symmetry: str) -> None:
    kind = Scattering(32, 32, symmetry)
    assert kind.transform(images).shape == (2, len(kind.names))
    assert len(set(kind.names)) == len(kind.names)


def test_rotation_has_one_number_a_scale_and_eight_a_pair() -> None:
    kind = Scattering(64, 64, "rotation")
    assert len(kind.names) == n_scales(64, 64) + ANGLES * len(scale_pairs(5)) == 85


def test_low_frequencies_keep_what_a_coarse_grid_can_hold() -> None:
    spectrum = np.arange(64.0).reshape(1, 8, 8)
    assert low_frequencies(spectrum, 2, 2).ravel().tolist() == [0.0, 7.0, 56.0, 63.0]
