"""Images that repeat another are named, and so are copies whose labels contradict."""

from rung.kinds.image.options import make_image_options
from rung.kinds.image.prepare import prepare
from rung.kinds.image.repeats import conflicts, repeats
from tests.kinds.image.made import stripes


def test_equal_and_nearly_equal_images_are_counted_apart_with_three_names() -> None:
    names = [f"i{k}" for k in range(8)]
    (finding,) = repeats(names, list("aaaaabcd"), list("aaaaaabd"))
    assert finding.message == (
        "4 of 8 images repeat another ('i0' and 'i1'; 'i0' and 'i2'; 'i0' and 'i3'; 1 more), "
        "1 nearly ('i0' and 'i5')"
    )


def test_images_that_repeat_nothing_are_not_spoken_of() -> None:
    assert repeats(["a", "b"], ["1", "2"], ["1", "2"]) == ()


def test_each_label_of_equal_images_is_shown_once() -> None:
    (finding,) = conflicts(list("abcde"), list("11112"), ["x", "x", "y", "z", "x"])
    assert finding.severity == "warning"
    assert "4 of 5 images" in finding.message
    assert finding.message.endswith("'a' (x) and 'c' (y) and 'd' (z)")


def test_copies_with_another_label_are_found_in_training_images_alone() -> None:
    images, labels = stripes(200)
    images[1:40:2] = images[0:40:2]  # labels alternate
    asked = {"target": labels, "families": ("constant",), "test_fraction": 0.4}
    found = prepare(images, make_image_options(asked))
    n_train = int((found.table.file_row[found.table.train] < 40).sum())
    assert 0 < n_train < 40
    (told,) = [one for one in found.findings if one.code == "conflicting_images"]
    assert told.message.startswith(f"{n_train} of {len(found.table.train)} images are equal")
