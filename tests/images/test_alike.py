"""Equal and nearly equal images share a key; others do not."""

import numpy as np

from rung.images.alike import digests_of, likeness_keys


def keys(images: np.ndarray) -> list[str]:
    return likeness_keys(images, digests_of(images))


def test_copies_and_near_copies_share_a_key_and_strangers_do_not() -> None:
    rng = np.random.default_rng(1)
    images = rng.random((40, 1, 24, 24)).astype(np.float32)
    near = images[:5] + rng.normal(0, 0.002, (5, 1, 24, 24)).astype(np.float32)
    found = keys(np.concatenate([images, near, images[5:8]]))
    assert found[40:45] == found[:5]
    assert found[45:] == found[5:8]
    assert len(set(found[:40])) == 40


def test_the_order_of_images_changes_no_key() -> None:
    images = np.random.default_rng(2).random((9, 1, 16, 16)).astype(np.float32)
    images[4] = images[7] + 1e-4
    assert keys(images[::-1]) == keys(images)[::-1]


def test_blank_images_of_different_brightness_are_not_alike() -> None:
    images = np.stack([np.full((1, 8, 8), value, np.float32) for value in (0.0, 1.0, 0.0)])
    found = keys(images)
    assert found[0] == found[2] != found[1]
