"""Columns of numbers are those of each channel, whatever the division of work."""

import numpy as np

from rung.images.numbers import CHUNK, pixel_columns, scattering_columns
from rung.images.scattering import Scattering


def test_the_numbers_of_an_image_do_not_depend_on_its_neighbours() -> None:
    images = np.random.default_rng(0).random((CHUNK + 3, 2, 8, 8)).astype(np.float32)
    images[0, 0, 0, 0] = np.nan
    for columns in (
        lambda some: pixel_columns(some, ["a", "b"]),
        lambda some: scattering_columns(some, ["a", "b"], ["shift"])["shift"],
    ):
        every, last = columns(images), columns(images[-2:])
        assert all(np.array_equal(every[name][-2:], last[name]) for name in every)


def test_colours_are_scattered_by_their_mean_and_other_channels_one_by_one() -> None:
    images = np.random.default_rng(0).random((2, 3, 8, 8)).astype(np.float32)
    found = scattering_columns(images, ["red", "green", "blue"], ["rotation"])["rotation"]
    alone = Scattering(8, 8, "rotation").transform(images.mean(axis=1))
    np.testing.assert_allclose(np.column_stack(list(found.values())), alone, rtol=1e-5)
    two = scattering_columns(images[:, :2], ["u", "g"], ["rotation"])["rotation"]
    assert len(two) == 2 * len(found)
    assert next(iter(two)) == "scattering u scale 1"
