"""A row explained by a saved model alone, against the other rows of the table that is given."""

from __future__ import annotations

import pytest

from rung.errors import DataError
from rung.workbench.explaining_row import explain_file_row, row_text
from tests.explain.test_row_view import TABLE, fit


def test_a_model_file_compares_with_the_rows_that_are_given_and_says_so() -> None:
    model = fit().model
    found = explain_file_row(model, TABLE, 3)
    assert found["nearest"][0]["number"] != 3
    assert found["true"] == pytest.approx(TABLE["y"][2], rel=1e-5)
    assert found["amount"] == pytest.approx(model.about["scores"]["rmse"]["mean"], rel=1e-5)
    assert "as a model file holds none" in row_text(found)
    assert explain_file_row(model, TABLE.drop("y"), 3)["true"] is None
    with pytest.raises(DataError, match="a model file holds no rows to compare it with"):
        explain_file_row(model, TABLE.head(1), 1)
