"""Images are turned, mirrored and shifted as a declared symmetry allows, and no further."""

import numpy as np
import pytest

from rung.images.turning import changed, draw_changes, posed, poses


def test_eight_poses_of_a_square_image_are_all_different() -> None:
    image = np.arange(9).reshape(3, 3)
    every = {posed(image, pose).tobytes() for pose in poses("dihedral", 3, 3)}
    assert len(every) == 8


def test_turns_keep_the_sense_of_a_spiral_and_mirror_images_swap_it() -> None:
    image = np.array([[1, 2], [4, 3]])

    def sense(found: np.ndarray) -> list[int]:
        ring = found[[0, 0, 1, 1], [0, 1, 1, 0]]
        return np.roll(ring, -int(ring.argmin())).tolist()

    assert all(sense(posed(image, pose)) == [1, 2, 3, 4] for pose in poses("rotation", 2, 2))
    assert all(sense(posed(image, pose)) == [1, 4, 3, 2] for pose in (4, 5, 6, 7))


@pytest.mark.parametrize("symmetry", ["rotation", "dihedral"])
def test_an_image_that_is_not_square_keeps_its_shape_in_every_pose(symmetry: str) -> None:
    image = np.zeros((4, 6))
    assert {posed(image, pose).shape for pose in poses(symmetry, 4, 6)} == {(4, 6)}


def test_nothing_is_changed_without_a_declared_symmetry() -> None:
    changes = draw_changes("none", (64, 64), 50, np.random.default_rng(0))
    images = np.random.default_rng(1).random((50, 1, 64, 64))
    assert changed(images, changes) is images


def test_shifts_reach_a_sixteenth_of_the_side_and_turn_nothing() -> None:
    changes = draw_changes("shift", (64, 32), 2_000, np.random.default_rng(0))
    assert changes[:, 0].max() == 0
    assert np.unique(changes[:, 1]).tolist() == list(range(-4, 5))
    assert np.unique(changes[:, 2]).tolist() == list(range(-2, 3))


def test_a_shifted_image_repeats_its_edge() -> None:
    image = np.arange(16.0).reshape(1, 1, 4, 4)
    found = changed(image, np.array([[0, -1, 1]]))[0, 0]
    assert found[:3, 1:].tolist() == image[0, 0, 1:, :3].tolist()
    assert found[3].tolist() == [12.0, 12.0, 13.0, 14.0]
