"""What can be drawn and written follows from the form of a model, not from the family's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rung.explain.row import DRAWERS, graph_row
from rung.families import find, whole_ladder, with_form
from rung.families.forms import LinearForm, TreeForm
from rung.testing import example_folds, example_problem
from rung.testing.laws import check_prediction, run
from tests.workbench.drawn import fact, model, table


@pytest.mark.parametrize("name", with_form(DRAWERS))
def test_a_model_has_the_form_that_its_family_declares(name):
    family = find(name)
    assert isinstance(model(name, "regression").model, family.form)


def test_a_family_that_declares_a_form_which_its_model_has_not_breaks_a_law():
    family, problem = find("constant"), example_problem("regression", n_rows=40)
    fitted = run(family, problem, example_folds(40))
    check_prediction(family, problem, fitted)
    with pytest.raises(AssertionError, match="declares TreeForm, and its model has not that form"):
        check_prediction(replace(family, form=TreeForm), problem, fitted)


def test_a_family_of_another_name_with_a_linear_model_is_drawn():
    fitted = model("linear", "regression")
    other = replace(fitted, family=replace(fitted.family, name="lasso", title="Lasso"))
    assert other.family not in whole_ladder()
    graph = graph_row(other, 3, data=table())
    assert graph.title.startswith("Lasso predicts mass")
    assert fact(graph, "(prediction)") == fact(graph_row(fitted, 3, data=table()), "(prediction)")


def test_a_form_names_what_explanations_read():
    assert find("linear").form is LinearForm
    assert not isinstance(model("tree", "regression").model, LinearForm)
