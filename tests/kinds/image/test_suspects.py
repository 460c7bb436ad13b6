"""A class that was taken in another way is shouted about, and ordinary images are not."""

import numpy as np
import pytest

from rung.kinds.image.options import make_image_options
from rung.kinds.image.prepare import prepare
from tests.kinds.image.made import stripes


def findings_of(data, labels=None, **asked):
    options = make_image_options({"target": labels, "families": ("constant",), **asked})
    return {one.code: one for one in prepare(data, options).findings}


def saved(folder, images, labels, side_of) -> None:
    image = pytest.importorskip("PIL.Image")
    for i, (pixels, label) in enumerate(zip(images, labels, strict=True)):
        place = folder / str(label)
        place.mkdir(parents=True, exist_ok=True)
        grey = np.clip(pixels * 60 + 128, 0, 255).astype(np.uint8)[: side_of(label, i)]
        image.fromarray(grey).save(place / f"{i}.png")


def test_classes_saved_at_other_sizes_are_shouted_about_with_their_sides(tmp_path) -> None:
    images, labels = stripes(80)
    saved(tmp_path, images, labels, lambda label, i: 16 if label == "down" else 12)
    found = findings_of(tmp_path, "class")["taken_otherwise"]
    assert found.severity == "alarm"
    assert "height of the file (9" in found.message
    assert "width" not in found.message


def test_sizes_that_do_not_go_with_the_label_are_no_alarm(tmp_path) -> None:
    images, labels = stripes(80)
    saved(tmp_path, images, labels, lambda label, i: 16 if i % 4 < 2 else 12)
    assert "taken_otherwise" not in findings_of(tmp_path, "class")


def test_one_class_that_was_exposed_longer_is_shouted_about_by_its_channel() -> None:
    images, labels = stripes(80)
    brighter = images + 5 * (labels == "down")[:, None, None]
    assert "mean grey" in findings_of(brighter, labels)["taken_otherwise"].message
    assert "taken_otherwise" not in findings_of(images, labels)


def test_sealed_labels_are_not_looked_at() -> None:
    images, labels = stripes(80)
    brighter = images + 5 * (labels == "down")[:, None, None]
    options = make_image_options({"target": labels, "families": ("constant",)})
    sealed = prepare(images, options).table.file_row[prepare(images, options).table.test]
    brighter[sealed] = images[sealed]
    told = findings_of(brighter, labels)["taken_otherwise"].message
    assert float(told.split("(")[1].split(" %")[0]) > 70


def test_few_saturated_images_are_named_and_drawings_on_white_are_not() -> None:
    images, labels = stripes(80)
    top = images.max() + 1
    burnt = images.copy()
    burnt[3, :6] = top
    assert "1 of 80" in findings_of(burnt, labels)["saturated_images"].message
    assert "'3'" in findings_of(burnt, labels)["saturated_images"].message
    white = images.copy()
    white[:, :6] = top
    assert "saturated_images" not in findings_of(white, labels)
