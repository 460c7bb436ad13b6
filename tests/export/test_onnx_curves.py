import numpy as np
import pytest

from rung.export.onnx import build
from rung.families import find
from rung.families.table.additive import additive_family
from rung.kinds.table.model import FittedModel
from rung.testing.laws import run
from rung.testing.problems import example_folds, example_problem, only, strange_rows


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_surfaces_of_pairs_predict_as_the_model_does(task):
    pytest.importorskip("onnx", reason="the extra 'export' is not installed")
    from onnx.reference import ReferenceEvaluator

    problem = only(example_problem(task), "signal", "gaps", "flag")
    own = run(additive_family(pairs=2), problem, example_folds(96, n_folds=3)).model
    assert len(own.curves.encoder.pairs) == 2
    design = problem.design
    model = FittedModel(find("additive"), own, design.features, task, "t", problem.classes, {})
    session = ReferenceEvaluator(build(model))
    for rows in (design, strange_rows(design)):
        X = np.stack([rows.values[column.name] for column in model.columns], axis=1)
        (found,) = session.run(None, {"X": X})
        np.testing.assert_allclose(found, model.predict_design(rows), rtol=1e-12, atol=1e-12)
