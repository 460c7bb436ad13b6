"""Pixels stay where they are until rows are asked for."""

import numpy as np

from rung.core.dataset import Dataset
from rung.images.rows import PixelRows


def test_images_follow_the_rows_of_a_table_through_every_choice() -> None:
    pixels = np.arange(6.0).reshape(6, 1, 1, 1)
    table = Dataset((), {}, 6, PixelRows(pixels, np.arange(6)[::-1], "shift"))
    taken = table.take(np.array([4, 0])).with_roles({}).take(np.array([1, 0]))
    assert taken.items.of(np.arange(2)).ravel().tolist() == [5.0, 1.0]
    assert taken.items.pixels is pixels
    assert taken.items.symmetry == "shift"
