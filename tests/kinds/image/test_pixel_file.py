"""Many pixels lie in a file without a name, and are the same numbers as in memory."""

import gc
import os

import numpy as np
import pytest

from rung.errors import DiskError
from rung.kinds.image import pixel_file
from rung.kinds.image.pixel_file import in_order, pixel_array


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNG_STATE", str(tmp_path))
    monkeypatch.setattr(pixel_file, "HELD", 1_000)
    return tmp_path


def test_a_large_array_is_a_map_of_a_file_and_leaves_none_behind(state) -> None:
    found = pixel_array((300, 1, 2, 2))
    assert isinstance(found.base, np.memmap)
    assert found.dtype == np.float32
    found[:] = 1.5
    assert list((state / "pixels").iterdir()) == []
    del found
    gc.collect()


def test_a_small_array_is_held_in_memory_and_makes_no_folder(state) -> None:
    assert pixel_array((3, 1, 2, 2)).base is None
    assert not (state / "pixels").exists()


def test_images_in_another_order_are_the_same_images(state) -> None:
    images = np.random.default_rng(0).random((600, 1, 3, 2)).astype(np.float32)
    rows = np.random.default_rng(1).permutation(600)[:550]
    assert np.array_equal(in_order(images, rows), images[rows])


def test_a_full_disk_is_said_with_what_to_do(state, monkeypatch) -> None:
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(DiskError, match=r"cannot be written: .*No space left"):
        pixel_array((300, 1, 2, 2))
