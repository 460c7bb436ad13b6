"""Wavelet scattering: how strong structure is at each scale and angle, and how it is arranged.

An image is filtered by a wavelet and the modulus taken, which says where there is structure of one
scale and angle; its mean is a number of order 1. The modulus is filtered again with a larger scale:
its mean, of order 2, says how that structure is arranged. Nothing is learned.

Sources: Mallat (2012), Communications on Pure and Applied Mathematics 65, 1331-1398; Bruna & Mallat
(2013), IEEE TPAMI 35, 1872-1886; in astronomy Cheng et al. (2020), MNRAS 499, 5902-5914.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal

import numpy as np

from rung.typing import Array

Symmetry = Literal["none", "shift", "rotation", "dihedral"]
ANGLES = 8
MOST_SCALES = 5
CELLS = 4
# A wave of more octaves is longer than a cell is wide.
CELL_SCALES = 3
# Of the mean modulus: what a logarithm takes for nothing.
FLOOR = 1e-4


def n_scales(height: int, width: int) -> int:
    """Return how many octaves fit into an image; at least one.

    Examples
    --------
    >>> n_scales(64, 64), n_scales(28, 28), n_scales(8, 8)
    (5, 3, 2)
    """
    return max(1, min(MOST_SCALES, int(math.log2(min(height, width))) - 1))


@lru_cache(maxsize=64)
def morlet(height: int, width: int, scale: int, angle: int) -> Array:
    """Return the Fourier transform of a Morlet wavelet, float32, shape (height, width).

    It is real, and zero at frequency zero, so that a constant image has no structure.

    Parameters
    ----------
    height, width : int
        Of the images.
    scale : int
        Octave; a wave is about 2.7 times 2 to this power pixels long.
    angle : int
        In units of 180 / `ANGLES` degrees, anticlockwise from the horizontal.

    Examples
    --------
    >>> float(morlet(16, 16, 1, 0)[0, 0])
    0.0
    """
    turn = math.pi * angle / ANGLES
    sigma, centre, slant = 0.8 * 2**scale, 0.75 * math.pi / 2**scale, 4.0 / ANGLES

    def bell(shift: float) -> Array:
        total = np.zeros((height, width))
        for down in (-1, 0, 1):  # copies of the spectrum, as the grid is sampled
            for right in (-1, 0, 1):
                y = -2 * math.pi * (np.fft.fftfreq(height) + down)[:, None]
                x = 2 * math.pi * (np.fft.fftfreq(width) + right)[None, :]
                along = x * math.cos(turn) + y * math.sin(turn) - shift
                across = -x * math.sin(turn) + y * math.cos(turn)
                total += np.exp(-(sigma**2) * (along**2 + (across / slant) ** 2) / 2)
        return total

    wave, constant = bell(centre), bell(0.0)
    found: Array = (wave - constant * (wave[0, 0] / constant[0, 0])).astype(np.float32)
    found[0, 0] = 0.0
    return found


def filtered_modulus(spectrum: Array, scale: int, angle: int) -> Array:
    """Filter images by a wavelet and take the modulus, on the coarsest grid that holds it.

    Parameters
    ----------
    spectrum : ndarray of complex, shape (n, height, width)
        Fourier transforms of images.
    scale, angle : int
        Of the wavelet.

    Returns
    -------
    ndarray, shape (n, height / 2^(scale - 1), width / 2^(scale - 1))
    """
    height, width = spectrum.shape[1:]
    filtered = spectrum * morlet(height, width, scale, angle)
    fewer = tuple(max(size >> max(scale - 1, 0), min(size, 4)) for size in (height, width))
    share = fewer[0] * fewer[1] / (height * width)
    return np.abs(np.fft.ifft2(low_frequencies(filtered, *fewer))) * np.float32(share)


def low_frequencies(spectrum: Array, height: int, width: int) -> Array:
    """Keep the lowest frequencies of a spectrum, shape (n, height, width).

    Examples
    --------
    >>> wave = np.cos(2 * np.pi * np.arange(8) / 8)[None, None].repeat(8, axis=1)
    >>> found = np.fft.ifft2(low_frequencies(np.fft.fft2(wave), 4, 4)).real[0, 0] / 4
    >>> np.allclose(found, np.cos(2 * np.pi * np.arange(4) / 4))
    True
    """
    rows = np.fft.fftfreq(height, 1 / height).round().astype(int)
    columns = np.fft.fftfreq(width, 1 / width).round().astype(int)
    return spectrum[:, rows[:, None] % spectrum.shape[1], columns[None] % spectrum.shape[2]]


@dataclass(frozen=True)
class Scattering:
    """Scattering of images of one size.

    Attributes
    ----------
    height, width : int
        Of the images.
    symmetry : str
        `none`: means over the cells of a grid, of every angle; `shift`: means over the image;
        `rotation`: the mean over angles too, of order 2 for each difference of two angles;
        `dihedral`: differences to the left and to the right together.
    """

    height: int
    width: int
    symmetry: Symmetry = "none"

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Scales of the first and the second wavelet, counted from 0."""
        return scale_pairs(self.scales)

    @property
    def scales(self) -> int:
        """Octaves."""
        most = n_scales(self.height, self.width)
        return min(most, CELL_SCALES) if self.symmetry == "none" else most

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name the numbers of a channel by scales, angles in degrees, and cell of the grid."""
        return tuple(" ".join(words) for words in self._names())

    def _names(self) -> Iterator[tuple[str, ...]]:
        is_turned = self.symmetry in ("rotation", "dihedral")
        every = [f"angle {180 * angle / ANGLES:g}" for angle in range(ANGLES)]
        turns = [f"turn {180 * turn / ANGLES:g}" for turn in range(ANGLES)]
        cells = [f"cell {i + 1},{j + 1}" for i in range(CELLS) for j in range(CELLS)]
        ones = [f"scale {i + 1}" for i in range(self.scales)]
        twos = [f"scale {i + 1} then {j + 1}" for i, j in self.pairs]
        if is_turned:
            turns = turns[: ANGLES // 2 + 1] if self.symmetry == "dihedral" else turns
            yield from product(ones)
            yield from product(twos, turns)
        elif self.symmetry == "shift":
            yield from product(ones, every)
            yield from product(twos, every, turns)
        else:
            yield from product(ones, every, cells)
            yield from product(twos, turns, cells)

    def transform(self, images: Array) -> Array:
        """Return the numbers of images of one channel.

        Parameters
        ----------
        images : ndarray, shape (n, height, width)
            Without missing pixels.

        Returns
        -------
        ndarray, float32, shape (n, len(names))
            Logarithms: of order 1 of the mean modulus, of order 2 of its share in order 1; in
            cells of a grid square roots, as most cells of a drawing are empty.
        """
        return self.summarise(*scattering_moduli(images))

    def summarise(self, first: Array, second: Array) -> Array:
        """Return the numbers from what `scattering_moduli` returns."""
        n = len(first)
        if self.symmetry == "none":
            kept = [i for i, pair in enumerate(_pairs_of(first)) if pair in self.pairs]
            ones, twos = first[:, : self.scales], second[:, kept].mean(axis=2)
            means = np.concatenate([ones.reshape(n, -1), twos.reshape(n, -1)], axis=1)
            return np.asarray(np.sqrt(means))
        first, second = first.mean(axis=-1), second.mean(axis=-1)
        if self.symmetry == "shift":
            return _logarithms(first, second)
        first, second = first.mean(axis=2, keepdims=True), second.mean(axis=2, keepdims=True)
        if self.symmetry == "dihedral":
            second = (second + second[..., -np.arange(ANGLES)]) / 2
            second = second[..., : ANGLES // 2 + 1]
        return _logarithms(first, second)


def scale_pairs(n_octaves: int) -> tuple[tuple[int, int], ...]:
    """Return each scale with each larger one.

    Examples
    --------
    >>> scale_pairs(3)
    ((0, 1), (0, 2), (1, 2))
    """
    return tuple((i, j) for j in range(n_octaves) for i in range(j))


def _pairs_of(first: Array) -> tuple[tuple[int, int], ...]:
    return scale_pairs(first.shape[1])


def scattering_moduli(images: Array) -> tuple[Array, Array]:
    """Return mean moduli in the cells of a grid, from which every symmetry is summed up.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
        Without missing pixels; taken as periodic.

    Returns
    -------
    first : ndarray, float32, shape (n, n_scales, ANGLES, CELLS^2)
        Order 1.
    second : ndarray, float32, shape (n, n_pairs, ANGLES, ANGLES, CELLS^2)
        Order 2, by angle of the first wavelet and turn to the second.
    """
    n, scales = len(images), n_scales(*images.shape[1:])
    pairs = scale_pairs(scales)
    first = np.zeros((n, scales, ANGLES, CELLS**2), dtype=np.float32)
    second = np.zeros((n, len(pairs), ANGLES, ANGLES, CELLS**2), dtype=np.float32)
    spectrum = np.fft.fft2(images.astype(np.float32))
    for i in range(scales):
        for angle in range(ANGLES):
            modulus = filtered_modulus(spectrum, i, angle)
            first[:, i, angle] = _pooled(modulus)
            if i + 1 == scales:
                continue
            # the wavelets of order 2 are those of a coarser grid
            again, octaves = np.fft.fft2(modulus), max(i - 1, 0)
            for j in range(i + 1, scales):
                for turn in range(ANGLES):
                    larger = filtered_modulus(again, j - octaves, (angle + turn) % ANGLES)
                    second[:, pairs.index((i, j)), angle, turn] = _pooled(larger)
    return first, second


def _logarithms(first: Array, second: Array) -> Array:
    """Return logarithms; second, (n, pairs, angles, turns), as shares of its order 1."""
    n, smaller = len(first), [i for i, _ in _pairs_of(first)]
    floor = FLOOR * first.mean(axis=(1, 2), keepdims=True) + np.float32(1e-30)
    ones = np.log(first + floor)
    shares = np.log(second + floor[..., None]) - np.log(
        first[:, smaller, :, None] + floor[..., None]
    )
    return np.concatenate([ones.reshape(n, -1), shares.reshape(n, -1)], axis=1)


def _pooled(modulus: Array) -> Array:
    """Return means over the cells of a grid, shape (n, CELLS^2)."""
    down, right = (_overlap(size, CELLS) for size in modulus.shape[1:])
    return (down @ modulus @ right.T).reshape(len(modulus), -1)


@lru_cache(maxsize=64)
def _overlap(size: int, cells: int) -> Array:
    """Return the share of each pixel in the mean of each cell, shape (cells, size)."""
    edges = np.arange(size + 1) / size * cells
    low, high = np.arange(cells)[:, None], np.arange(1, cells + 1)[:, None]
    share = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    found: Array = (share / share.sum(axis=1, keepdims=True)).astype(np.float32)
    return found
