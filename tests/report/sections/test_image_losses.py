"""The worst images stand in a table with their chances."""

from types import SimpleNamespace

from rung.report.sections.image_losses import losses, render

ROW = {
    "image": "<script>",
    "png": "AA==",
    "fold": 2,
    "true": "a<",
    "predicted": "b",
    "chance": 0.987,
    "chance_of_true": 0.0001,
    "loss": 9.2103,
}


def test_chances_losses_and_folds_are_told_and_names_are_escaped() -> None:
    lost = {"title": "T", "n_rows": 1200, "median": 0.1234, "largest": [ROW]}
    result = SimpleNamespace(sections={"image_losses": {"lost": lost}}, classes=("a<", "b"))
    found = losses(result)
    assert found["rows"][0]["cells"] == ["a< (under 0.1%)", "b (98.7%)", "9.21", "2"]
    page = render(found, result)
    assert "<script>" not in page
    assert "of 1,200" in page
    assert losses(SimpleNamespace(sections={}, classes=())) is None


def test_values_are_off_by_their_error() -> None:
    row = {"image": "x", "png": "AA==", "fold": 0, "true": 1.5, "predicted": 2.25, "loss": 0.75}
    lost = {"title": "T", "n_rows": 9, "median": 0.1, "largest": [row]}
    result = SimpleNamespace(sections={"image_losses": {"lost": lost}}, classes=())
    assert losses(result)["rows"][0]["cells"] == ["1.5", "2.25", "0.75", "0"]
