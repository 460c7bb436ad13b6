"""What columns add to one row: exact SHAP values where the model has them, and said to be so."""

from __future__ import annotations

import numpy as np
import pytest

from rung.explain.row import DRAWERS
from rung.families import with_form
from rung.report.sections.row import adds_sentence, row_lines
from rung.workbench.explaining_row import explain_file_row
from tests.explain.test_row_view import fit
from tests.workbench.drawn import model, table

ROW = 12


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
@pytest.mark.parametrize("family", with_form(DRAWERS))
def test_base_and_columns_add_up_to_what_is_predicted(family: str, task: str) -> None:
    fitted = model(family, task)
    found = explain_file_row(fitted, table(), ROW, change=1.0)
    own, columns = found["adds_are"], found["columns"]
    assert own["kind"] == "shap"
    total = own["base"] + sum(one["adds"] for one in columns)
    design = fitted.read(table()).dataset
    shares = fitted.predict_design(design)[ROW - 1]
    best = int(shares.argmax())
    # Of boosting the scores of the models of the folds are averaged, and so are their probabilities.
    models = (
        fitted.model.models if family == "boosting" and task != "regression" else [fitted.model]
    )
    each = [one.predict(design)[ROW - 1] for one in models]
    said = {
        "value": lambda p: p[0],
        "probability": lambda p: p[best],
        "log odds": lambda p: np.log(p[best] / (1 - p[best])),
        "score": lambda p: np.log(p[best]) - np.log(p).mean(),
    }[own["unit"]]
    assert total == pytest.approx(np.mean([said(one) for one in each]), rel=1e-4)
    assert own["n_models"] == len(models)
    assert own["unit"] == {"regression": "value"}.get(
        task,
        "probability"
        if family in ("tree", "forest")
        else {"binary": "log odds"}.get(task, "score"),
    )


def test_a_held_out_row_has_the_values_that_the_run_gives_it() -> None:
    run = fit()
    by_row = run.explain.shap("linear", rows=10_000, by_row=True).frame()
    for one in by_row.head(4).iter_rows(named=True):
        found = run.explain.row(one["row"], "linear").data
        assert found["adds_are"]["base"] == pytest.approx(one["base"], rel=1e-4)
        adds = {each["column"]: each["adds"] for each in found["columns"]}
        assert adds == pytest.approx({name: one[f"shap {name}"] for name in adds}, rel=1e-4)


def test_it_is_said_which_of_both_is_shown() -> None:
    run = fit()
    exact = run.explain.row(3, "linear")
    assert "exact SHAP values" in repr(exact)
    assert "exact SHAP values" in exact._repr_html_()
    assert f"add up to the prediction, {exact.data['prediction']:.4g}" in repr(exact).replace(
        "−", "-"
    )
    shuffled = run.explain.row(3, "neighbours")
    assert shuffled.data["adds_are"]["kind"] == "shuffled"
    assert "SHAP" not in repr(shuffled)
    assert "less its mean when the column takes the values of other rows" in repr(shuffled)


def test_what_relates_columns_has_a_line_and_no_value() -> None:
    found = fit().explain.row(3, "linear").data
    relation = {
        "column": "x / z",
        "value": None,
        "adds": 1.0,
        "to": None,
        "then": None,
        "size": None,
    }
    more = {**found, "columns": [*found["columns"], relation]}
    lines = row_lines(more)
    assert any(line.split() == ["x", "/", "z", "+1"] for line in lines)
    total = found["adds_are"]["base"] + sum(one["adds"] for one in found["columns"])
    assert f"{total + 1.0:.4g}" in adds_sentence(more).replace("−", "-")
