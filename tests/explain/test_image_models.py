"""A model of images is explained as the model of a table that it holds."""

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.explain.image_models import columns_read, form_of
from rung.families import whole_ladder
from rung.families.on_numbers import NumbersModel
from tests.explain.image_runs import run_of


def test_columns_of_other_rungs_are_no_features() -> None:
    columns = (Column("pixel a", "number"), Column("scattering b", "number"))
    design = Dataset(columns, {one.name: np.zeros(2) for one in columns}, 2)
    inner = object()
    models, read = columns_read([NumbersModel("pixel", inner)], design)
    assert models == (inner,)
    assert [one.name for one in read.features] == ["pixel a"]
    assert columns_read([inner], design)[1].features == ()


@pytest.mark.parametrize("family", whole_ladder("image"), ids=lambda one: one.name)
def test_rungs_on_numbers_have_the_form_of_their_table(family) -> None:
    form = form_of(family)
    linear = family.name.endswith("_linear")
    assert (form is not None and form.__name__ == "LinearForm") == linear


def test_effects_importance_and_shap_are_those_of_tables() -> None:
    explain = run_of("pixel_linear", "scattering_linear").explain
    shap = explain.shap("pixel_linear")
    assert len(shap.rows) == 22
    assert all(row["column"].startswith("pixel ") for row in shap.rows)
    assert len(explain.effects("pixel gini", "pixel_linear").rows) > 3
    rows = explain.importance("pixel_linear").rows
    assert sum(len(row["columns"].split(" + ")) for row in rows) == 22
