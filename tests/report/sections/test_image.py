"""The section of images escapes what files are called."""

from rung.report.sections.image import render, wording

IMAGES = {
    "n_images": 1234,
    "height": 16,
    "width": 8,
    "channels": ["grey"],
    "cut": 40,
    "stretch": "none",
    "symmetry": "rotation",
    "classes": [{"label": "<b>", "images": [{"name": '"x"><script>', "png": "AA=="}]}],
    "worst": [{"name": "w.png", "png": "AA==", "truth": "a", "predicted": "b 0.99"}],
}


def test_names_of_files_and_classes_are_escaped() -> None:
    page = render(IMAGES, None)
    assert "<script>" not in page
    assert "<h3>&lt;b&gt;</h3>" in page
    assert page.count("<img ") == 2
    assert "<td>a</td><td>b 0.99</td>" in page


def test_the_facts_name_size_cut_and_symmetry() -> None:
    facts = dict(wording(IMAGES).facts)
    assert facts["Size"] == "40 pixels around the centre, then 8 x 16 pixels"
    assert facts["Symmetry declared"] == "rotation"
