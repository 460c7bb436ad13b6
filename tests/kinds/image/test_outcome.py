"""What a run on images adds to its results can be found again by the names of images."""

from tests.explain.image_runs import run_of


def test_images_are_named_beside_what_was_predicted_and_facts_stand_in_the_results() -> None:
    run = run_of("pixel_linear", "scattering_linear")
    assert run.result.sections["image"] == {
        "n_images": 200,
        "height": 16,
        "width": 16,
        "channels": ["grey"],
        "cut": 0,
        "stretch": "none",
        "symmetry": "none",
    }
    rows = run.out_of_fold["row"]
    assert [int(name) for name in run.out_of_fold["image"]] == rows.tolist()
