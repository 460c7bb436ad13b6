from dataclasses import replace

from rung.report.html import render
from rung.report.sections.confusion import MOST_CLASSES, confusion
from tests.report.example import classification, regression


def sealed_with(matrix):
    base = classification()
    return replace(base, test=replace(base.test, confusion=matrix))


def test_the_confusion_matrix_of_the_sealed_test_is_preferred():
    assert confusion(classification())["where"] == "out-of-fold predictions"
    assert confusion(sealed_with(((1.0, 0.0, 0.0),) * 3))["where"] == "sealed test rows"


def test_an_empty_class_has_no_share():
    cells = confusion(sealed_with(((0.0, 0.0, 0.0),) * 3))["rows"][0]["cells"]
    assert cells[0]["share"] == "\N{EN DASH}"


def test_values_have_no_confusion():
    assert confusion(regression()) is None


def test_more_than_twelve_classes_are_left_to_the_results():
    names = tuple(f"class {k}" for k in range(MOST_CLASSES + 1))
    n = len(names)
    many = replace(sealed_with(((1.0,) * n,) * n), classes=names)
    assert f"There are {n} classes" in render(many)
    assert "class 3" not in render(many)
