"""Maps are described in words, with the randomisation test beside every gradient map."""

from types import SimpleNamespace

from rung.report.sections.image_parts import part_drawings, part_pictures, render, view_of

GRADIENT = {
    "png": "AA==",
    "random_png": "AA==",
    "random": 0.6123,
    "low": 0.5,
    "high": 0.7,
    "n_draws": 10,
    "others": 0.8,
    "verdict": "it shows the image",
}
VIEW = {
    "image": "<x>",
    "png": "AA==",
    "predicted": "a",
    "true": "b",
    "chances": {"a": 0.9, "b": 0.1},
    "why": "predicted worst",
    "occlusion": {"whole": 0.9, "lost": [[0.0, -0.25], [0.0, 0.5]], "png": "AA=="},
    "gradient": GRADIENT,
}


SHOWN = {"family": "f", "title": "T", "images": [VIEW]}
Result = SimpleNamespace(sections={"image_parts": [SHOWN]})


def test_the_strongest_part_and_both_ends_are_told() -> None:
    found = view_of(VIEW)
    assert found["said"] == "predicted a with a chance of 90%, true b."
    assert (found["most"], found["least"]) == ("0.5", "0.25")
    assert "by 0.5, 75% from above and 75% from the left" in found["alternative"]
    assert found["table"]["rows"] == [["1", "0", "−0.25"], ["2", "0", "0.5"]]


def test_a_gradient_map_never_stands_without_its_test() -> None:
    titles = [one["title"] for one in view_of(VIEW)["panels"]]
    assert titles == ["the image", "hiding a part", "gradient map", "the same, random weights"]
    page = render(part_pictures(Result), Result)
    assert "Randomisation test:" in page
    assert "is 0.61 (0.5 to 0.7 in 10 draws); with those of the other folds it is 0.8" in page
    assert "<x>" not in page
    assert page.count("<figure>") == len(part_drawings(Result, {})) == 1
    without = view_of({**VIEW, "gradient": None})
    assert len(without["panels"]) == 2
    assert without["gradient"] == ""


def test_values_are_predicted_without_a_chance() -> None:
    found = view_of({**VIEW, "predicted": 3.14159, "true": 3.0, "chances": {}, "gradient": None})
    assert found["said"] == "predicted 3.1, true 3."
    assert found["of"] == "the prediction"
