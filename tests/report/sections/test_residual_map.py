"""The map of residuals: a dot a row, means of its parts, and a sentence that counts them."""

from __future__ import annotations

from rung.report.html import render
from rung.report.sections.residual_map import residual_map_picture
from tests.explain.test_residual_map import fit


def test_the_page_says_in_how_many_parts_it_fails_and_draws_every_dot() -> None:
    result = fit().result
    picture = residual_map_picture(result)
    assert picture is not None
    (found,) = result.sections["residual_map"]
    assert picture["panels"][0]["svg"].count("h0") == len(found["points"]["error"])
    apart = sum(part["low"] > 0 or part["high"] < 0 for part in found["parts"])
    assert picture["worst"].startswith(f"In {apart} of 9 parts of the map")
    assert len(picture["rows"]) == 9
    assert "Where on the map it fails" in render(result)


def test_a_run_without_positions_has_no_such_section() -> None:
    assert residual_map_picture(fit("side").result) is None
