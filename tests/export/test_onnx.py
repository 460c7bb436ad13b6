"""An exported graph predicts what the model predicts, in double precision."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.dataset import Dataset
from rung.errors import NotSavable
from rung.export.onnx import BUILDERS, _add_tree, _Leaves, _Splits, build
from rung.families import find, with_form
from rung.kinds.table.model import FittedModel
from rung.testing.laws import run
from rung.testing.problems import example_folds, example_problem, only, strange_rows
from rung.trees.nodes import NodeArrays, single_leaf
from tests.tables import regression

TOLERANCE = 1e-14


def fitted(family, task, *columns):
    problem = example_problem(task)
    problem = only(problem, *columns) if columns else problem
    model = run(find(family), problem, example_folds(96, n_folds=3)).model
    design = problem.design
    found = FittedModel(find(family), model, design.features, task, "t", problem.classes, {})
    return found, design


def table(model: FittedModel, design: Dataset) -> np.ndarray:
    return np.stack([design.values[column.name] for column in model.columns], axis=1)


@pytest.mark.parametrize("family", with_form(BUILDERS))
@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_the_graph_predicts_as_the_model_does(family, task):
    pytest.importorskip("onnx", reason="the extra 'export' is not installed")
    from onnx.reference import ReferenceEvaluator

    model, design = fitted(family, task, "signal", "gaps", "flag", "constant", "empty")
    session = ReferenceEvaluator(build(model))
    for rows in (design, strange_rows(design)):
        (found,) = session.run(None, {"X": table(model, rows)})
        expected = model.predict_design(rows)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("name", ["tree", "boosting"])
@pytest.mark.parametrize("is_logged", [False, True])
def test_trees_on_relations_predict_as_the_model_does(is_logged, name):
    pytest.importorskip("onnx", reason="the extra 'export' is not installed")
    from onnx.reference import ReferenceEvaluator

    rng = np.random.default_rng(0)
    common, gap = rng.normal(size=(2, 400))
    numbers = np.stack([common, common + 0.05 * gap, np.ones(400)], axis=1)
    numbers = np.exp(numbers) if is_logged else numbers
    numbers[::7, 0] = np.nan
    problem = regression(gap, numbers=numbers)
    own = run(find(name), problem, example_folds(400, n_folds=3))
    assert any(settings["relations"] for settings in own.settings)
    design = problem.design
    model = FittedModel(find(name), own.model, design.features, "regression", "t", (), {})
    session = ReferenceEvaluator(build(model))
    (found,) = session.run(None, {"X": table(model, design)})
    np.testing.assert_allclose(found, model.predict_design(design), rtol=1e-12, atol=1e-12)
    # Below all that was learned from, where logarithms end, and far above it.
    far = np.array([[-1.0, 1e-300, 1.0], [1e300, 0.0, 1.0], [1e12, 1e12, 1.0]])
    with np.errstate(over="ignore"):  # a tree compares in single precision, where 1e300 is infinite
        (found,) = session.run(None, {"X": far})
    said = model.predict({f"x{k}": column for k, column in enumerate(far.T)})
    np.testing.assert_allclose(np.ravel(found), said, rtol=1e-12, atol=1e-12)


def test_infinity_counts_as_missing_as_in_rung_predict():
    pytest.importorskip("onnx", reason="the extra 'export' is not installed")
    from onnx.reference import ReferenceEvaluator

    model, _ = fitted("tree", "regression", "signal", "gaps")
    session = ReferenceEvaluator(build(model))
    rows = np.array([[np.inf, 1.0], [np.nan, 1.0]])
    (found,) = session.run(None, {"X": rows})
    assert found[0] == found[1] == model.predict({"signal": rows[:, 0], "gaps": rows[:, 1]})[0]


def test_sentinels_count_as_missing_as_in_rung_predict():
    pytest.importorskip("onnx", reason="the extra 'export' is not installed")
    from onnx.reference import ReferenceEvaluator

    model, _ = fitted("linear", "regression", "signal", "gaps")
    columns = tuple(
        replace(column, sentinels=(-99.9, -9.0)) if column.name == "gaps" else column
        for column in model.columns
    )
    session = ReferenceEvaluator(build(replace(model, columns=columns)))
    rows = np.array([[1.0, np.nan], [1.0, -9.0], [1.0, np.float32(-99.9)], [1.0, -99.8]])
    (found,) = session.run(None, {"X": rows})
    assert found[0] == found[1] == found[2] != found[3]


def test_a_family_or_a_column_without_a_form_is_named():
    model, _ = fitted("constant", "regression", "signal")
    with pytest.raises(
        NotSavable, match="constant model has no ONNX form here; linear, additive, tree"
    ):
        build(model)
    model, _ = fitted("linear", "regression", "signal", "colour")
    with pytest.raises(NotSavable, match=r"columns \['colour'\] are categories or dates"):
        build(model)


def test_a_tree_of_one_leaf_becomes_a_split_with_both_sides_alike():
    splits, leaves = _Splits(), _Leaves()
    _add_tree(single_leaf(np.array([2.5])), range(1), (0, 0), splits, leaves)
    assert (leaves.weight, splits.child, splits.is_leaf) == ([2.5], ([0], [0]), ([1], [1]))


def test_missing_cells_go_where_the_codes_send_them():
    def as_int(*values):
        return np.array(values, dtype=np.int32)

    for code in (0, 1):
        nodes = NodeArrays(
            as_int(0), as_int(0, 0, 0), np.array([1.0, 0, 0]), as_int(1, -1, -1),
            as_int(2, -1, -1), np.array([code, 0, 0], dtype=np.uint8),
            np.array([[0.0], [1.0], [2.0]]), as_int(0),
        )  # fmt: skip
        splits, leaves = _Splits(), _Leaves()
        _add_tree(nodes, range(3), (0, 0), splits, leaves)
        assert splits.missing_left == [code]
        assert leaves.weight == [1.0, 2.0]
