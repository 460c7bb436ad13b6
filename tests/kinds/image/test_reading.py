"""Arrays of images are read with the labels that they bring along."""

import numpy as np
import pytest

from rung.errors import DataError, UnreadableFile
from rung.kinds.image.options import make_image_options
from rung.kinds.image.reading import is_image_source, load_images, read_labelled
from tests.kinds.image.made import stripes


def test_an_archive_brings_its_labels(tmp_path) -> None:
    images, labels = stripes(12)
    np.savez(tmp_path / "a.npz", images=images, labels=labels)
    read = read_labelled(tmp_path / "a.npz", make_image_options({}))
    assert np.array_equal(read.pixels[:, 0], images)
    assert read.labels.strings("class") == labels.tolist()
    assert is_image_source(tmp_path / "a.npz")


def test_two_cubes_in_an_archive_are_not_chosen_from(tmp_path) -> None:
    images, _ = stripes(4)
    np.savez(tmp_path / "a.npz", one=images, two=images)
    with pytest.raises(UnreadableFile, match=r"2 arrays of images among \['one', 'two'\]"):
        load_images(tmp_path / "a.npz")


def test_more_labels_than_images_stop_with_both_counts() -> None:
    images, labels = stripes(12)
    options = make_image_options({"target": np.repeat(labels, 6)})
    with pytest.raises(DataError, match="12 images and 72 labels do not match"):
        read_labelled(images, options)
    with pytest.raises(DataError, match="12 images have no labels"):
        read_labelled(images, make_image_options({}))


def test_tables_are_not_taken_for_images(tmp_path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert not is_image_source(tmp_path / "t.csv")
    assert not is_image_source(np.zeros((4, 4)))
    assert not is_image_source(["line"])
    assert is_image_source(np.zeros((4, 4, 4)))
