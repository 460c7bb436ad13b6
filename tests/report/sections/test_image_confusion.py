"""Cells of the confusion matrix open to their images."""

from types import SimpleNamespace

from rung.report.sections.image_confusion import confused, render


def cell(true: str, predicted: str, n: int) -> dict:
    images = [{"image": f"<{true}>.png", "png": "AA==", "chance": 0.5}] * min(n, 2)
    return {"true": true, "predicted": predicted, "n": n, "images": images}


def test_counts_shares_and_images_stand_in_their_cells() -> None:
    cells = [cell("b", "a", 1), cell("b", "b", 3), cell("a", "b", 0), cell("a", "a", 5)]
    found = {"title": "T", "classes": ["a", "b"], "cells": cells}
    result = SimpleNamespace(sections={"image_losses": {"confused": found}})
    matrix = confused(result)
    assert [[c["count"] for c in row["cells"]] for row in matrix["rows"]] == [
        ["5", "0"],
        ["1", "3"],
    ]
    assert [c["share"] for c in matrix["rows"][1]["cells"]] == ["25%", "75%"]
    page = render(matrix, result)
    assert page.count("<details>") == 3
    assert page.count("<img ") == 3 + 2  # the first of a cell stands in its summary
    assert "<a>" not in page
    assert "style=" not in page


def test_nothing_is_shown_where_there_are_too_many_classes() -> None:
    assert confused(SimpleNamespace(sections={"image_losses": {"confused": None}})) is None
