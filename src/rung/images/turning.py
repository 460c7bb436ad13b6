"""Turn, mirror and shift images, as far as a declared symmetry leaves the answer as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.images.scattering import Symmetry
from rung.typing import Array

# Shifts reach so far, as a part of the side.
FARTHEST_SHIFT = 1 / 16
QUARTERS = 4


def poses(symmetry: Symmetry, height: int, width: int) -> tuple[int, ...]:
    """Return the poses that a symmetry allows: quarter turns, and four more of the mirror image.

    Quarter turns of an image that is not square have another shape, and are left out.

    Examples
    --------
    >>> poses("rotation", 8, 8), poses("dihedral", 8, 6), poses("shift", 8, 8)
    ((0, 1, 2, 3), (0, 2, 4, 6), (0,))
    """
    n_poses = {"rotation": QUARTERS, "dihedral": 2 * QUARTERS}.get(symmetry, 1)
    return tuple(range(0, n_poses, 1 if height == width else 2))


def posed(images: Array, pose: int) -> Array:
    """Return images, shape (..., height, width), in one pose.

    Examples
    --------
    >>> posed(np.array([[1, 2], [3, 4]]), 1).tolist()
    [[2, 4], [1, 3]]
    >>> posed(np.array([[1, 2], [3, 4]]), 4).tolist()
    [[2, 1], [4, 3]]
    """
    mirrored = images[..., ::-1] if pose >= QUARTERS else images
    return np.rot90(mirrored, pose % QUARTERS, axes=(-2, -1))


def draw_changes(
    symmetry: Symmetry, size: tuple[int, int], n_images: int, generator: np.random.Generator
) -> Array:
    """Draw a pose and a shift down and to the right for each image; shape (n_images, 3).

    Without a declared symmetry nothing is changed.

    Examples
    --------
    >>> draw_changes("none", (8, 8), 2, np.random.default_rng(0)).tolist()
    [[0, 0, 0], [0, 0, 0]]
    """
    changes = np.zeros((n_images, 3), dtype=np.int64)
    if symmetry == "none":
        return changes
    changes[:, 0] = generator.choice(poses(symmetry, *size), n_images)
    for axis, side in enumerate(size, start=1):
        most = int(side * FARTHEST_SHIFT)
        changes[:, axis] = generator.integers(-most, most + 1, n_images)
    return changes


def changed(images: Array, changes: Array) -> Array:
    """Return each image in its pose and shifted; what a shift uncovers repeats the edge.

    Parameters
    ----------
    images : ndarray, shape (n_images, channels, height, width)
        Without missing pixels.
    changes : ndarray of int, shape (n_images, 3)
        As `draw_changes` returns them.

    Examples
    --------
    >>> changed(np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[0, 0, 1]])).ravel()
    array([1., 1., 2.])
    """
    if not changes.any():
        return images
    out = np.empty_like(images)
    for i, (image, (pose, down, right)) in enumerate(zip(images, changes.tolist(), strict=True)):
        out[i] = shifted(posed(image, pose), (down, right))
    return out


def shifted(image: Array, by: Sequence[int]) -> Array:
    """Shift an image, shape (..., height, width), by whole pixels down and to the right."""
    for axis, (amount, side) in enumerate(zip(by, image.shape[-2:], strict=True), start=-2):
        if amount:
            image = image.take(np.clip(np.arange(side) - amount, 0, side - 1), axis=axis)
    return image
