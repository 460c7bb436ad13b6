"""SHAP values on the page: the numbers of the result, placed on one scale from nothing up."""

from __future__ import annotations

from dataclasses import replace

from rung.report.sections.shap import render, shap_pictures
from tests.report.example import regression

FOUND = {
    "family": "linear",
    "title": "Linear",
    "unit": "log odds",
    "outputs": ["yes"],
    "n_rows": 1_200,
    "base": [0.5],
    "columns": [
        {"column": "<b>a</b>", "mean": 2.0, "low": 1.5, "high": 2.5},
        *({"column": f"c{i}", "mean": 0.1, "low": 0.0, "high": 0.2} for i in range(20)),
    ],
}


def test_columns_stand_on_one_scale_with_their_intervals() -> None:
    result = replace(regression(), sections={"shap": [FOUND]})
    (picture,) = shap_pictures(result) or []
    first = picture["rows"][0]
    assert picture["zero"] < first["x_low"] < first["x"] < first["x_high"]
    assert (len(picture["rows"]), len(picture["table"]), picture["n_hidden"]) == (15, 21, 6)
    assert picture["axis"].endswith("in log odds")
    page = render([picture], result)
    assert "<b>a" not in page
    assert "1,200 rows" in page


def test_a_page_without_values_has_no_such_section() -> None:
    assert shap_pictures(regression()) is None
