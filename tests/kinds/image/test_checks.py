"""Images are checked before anything is trained, with labels and without."""

import numpy as np
import pytest

from rung.errors import UsageError
from rung.kinds.image.checks import check_images
from tests.kinds.image.made import stripes


def codes(data, **asked) -> list[str]:
    return [one.code for one in check_images(data, asked)]


def test_an_image_that_is_blank_and_one_that_repeats_are_found_without_labels() -> None:
    images, _ = stripes(40)
    images[5], images[9] = 0.0, images[2]
    assert codes(images) == ["blank_images", "alike_images", "no_labels"]


def test_a_flat_folder_is_checked_without_labels_and_its_broken_file_named(tmp_path) -> None:
    image = pytest.importorskip("PIL.Image")
    images, _ = stripes(120)
    for i, pixels in enumerate(images):
        grey = np.clip(pixels * 60 + 128, 0, 255).astype(np.uint8)
        image.fromarray(grey[: 16 if i else 12]).save(tmp_path / f"{i:03d}.png")
    (tmp_path / "bad.png").write_text("no picture")
    found = {one.code: one for one in check_images(tmp_path, {})}
    assert list(found) == ["unreadable_images", "resized", "no_labels"]
    assert "1 of 121" in found["unreadable_images"].message
    assert "bad.png" in found["unreadable_images"].message
    assert "1 other sizes" in found["resized"].message


def test_the_gravest_comes_first_where_classes_were_taken_otherwise() -> None:
    images, labels = stripes(80)
    images[:2] = images[2:4]
    brighter = images + 5 * (labels == "down")[:, None, None]
    found = check_images(brighter, {"target": labels})
    assert found[0].code == "taken_otherwise"
    assert [one.severity for one in found][:1] == ["alarm"]
    assert "alike_images" in [one.code for one in found]


def test_an_option_of_tables_is_refused() -> None:
    with pytest.raises(UsageError, match="weights"):
        check_images(stripes(40)[0], {"weights": "w"})
