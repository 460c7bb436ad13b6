"""The montage shows training images of each class, and of each fifth of a quantity."""

from rung.images.pictures import decoded
from tests.explain.image_runs import run_of, values_run


def test_classes_are_shown_with_their_number_of_training_images() -> None:
    run = run_of("pixel_linear", "scattering_linear")
    groups = run.result.sections["image_montage"]
    assert [one["label"] for one in groups] == ["across", "down"]
    assert sum(one["n"] for one in groups) == len(run.out_of_fold["row"])
    truth = dict(zip(run.out_of_fold["image"], run.out_of_fold["target"], strict=True))
    for group in groups:
        assert len(group["images"]) == 8
        assert {truth[one["image"]] for one in group["images"]} == {group["label"]}
        assert decoded(group["images"][0]["png"]).shape == (16, 16, 3)


def test_values_are_shown_in_fifths_from_low_to_high() -> None:
    groups = values_run().result.sections["image_montage"]
    ends = [tuple(map(float, one["label"].split(" to "))) for one in groups]
    assert len(ends) == 5
    assert ends == sorted(ends)
