"""The surface on the page: valid, whole, and absent where no columns do anything together."""

from __future__ import annotations

from functools import cache
from xml.dom import minidom

import numpy as np
import polars as pl

import rung
from rung.core.result import Result
from rung.report.sections import discover
from rung.report.sections.surface import surface_picture

WILD = '<script>alert("x")</script>'


@cache
def result_of(family: str) -> Result:
    rng = np.random.default_rng(5)
    a, b, c = rng.normal(size=(3, 160))
    y = 3 * a * b + c if family == "forest" else a + 2 * b + c
    y = y + rng.normal(size=160) / 4
    table = pl.DataFrame({WILD: a, "b": b, "c": c, "y": y})
    return rung.fit(table, "y", families=[family], ledger=False, folds=4, choose="leader").result


def test_the_pair_that_was_planted_is_drawn_with_its_table() -> None:
    (found,) = result_of("forest").sections["surface"][0]["surfaces"]
    assert set(found["columns"]) == {WILD, "b"}
    picture = surface_picture(result_of("forest"))
    assert len(picture["rows"]) == 12 * 12
    minidom.parseString(picture["panels"][0]["svg"])
    section = next(one for one in discover() if one.name == "surface")
    html = section.render(picture, result_of("forest"))
    assert "<script" not in html
    assert "Friedman" in html


def test_a_sum_of_columns_has_no_surface() -> None:
    assert result_of("linear").choice.family == "linear"
    assert "surface" not in result_of("linear").sections
    assert surface_picture(result_of("linear")) is None
