"""Explanations of images are asked of runs on images only, and show themselves as HTML."""

import pytest

import rung
from rung.errors import UsageError
from tests.explain.image_runs import run_of


def test_a_run_on_a_table_has_no_images() -> None:
    table = {"x": list(range(40)), "y": [3 * k % 7 for k in range(40)]}
    run = rung.fit(table, "y", families=["linear"], ledger=False, folds=3)
    with pytest.raises(UsageError, match="this run is on no images"):
        run.explain.top_losses()


def test_rows_of_images_are_asked_for_by_name() -> None:
    with pytest.raises(UsageError, match="rows of this run are images"):
        run_of("pixel_linear", "scattering_linear").explain.row(3)


@pytest.mark.parametrize("ask", ["scales", "top_losses"])
def test_each_shows_its_section_of_the_page(ask: str) -> None:
    explain = run_of("pixel_linear", "scattering_linear").explain
    view = getattr(explain, ask)("pixel_linear")
    assert "Pixels, linear" in view._repr_html_()
    assert repr(view).startswith("Pixels, linear")
