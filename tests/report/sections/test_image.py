"""The section of images escapes what files are called, and is left out where none are shown."""

from types import SimpleNamespace

from rung.report.sections.image import montage, render, wording

IMAGES = {
    "n_images": 1234,
    "height": 16,
    "width": 8,
    "channels": ["grey"],
    "cut": 40,
    "stretch": "none",
    "symmetry": "rotation",
}
GROUP = {"label": "<b>", "n": 1234, "images": [{"image": '"x"><script>', "png": "AA=="}]}


def result(**sections):
    return SimpleNamespace(sections=sections, classes=("a",), target="<i>")


def test_names_of_files_and_classes_are_escaped() -> None:
    own = result(image_montage=[GROUP])
    page = render(montage(own), own)
    assert "<script>" not in page
    assert "<bdi>&lt;b&gt;</bdi>" in page
    assert "1,234 images" in page
    assert page.count("<img ") == 1
    assert "&lt;i&gt;" in page
    assert montage(result()) is None


def test_the_facts_name_size_cut_and_symmetry() -> None:
    facts = dict(wording(IMAGES).facts)
    assert facts["Size"] == "40 pixels around the centre, then 8 x 16 pixels"
    assert facts["Symmetry declared"] == "rotation"
