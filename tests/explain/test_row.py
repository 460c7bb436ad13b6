from __future__ import annotations

import numpy as np
import pytest

from rung.errors import DataError, UsageError
from rung.explain.row import DRAWERS, graph_row
from rung.families import with_form
from tests.workbench.drawn import N_ROWS, fact, model, table

TASKS = ("regression", "binary", "multiclass")


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("family", with_form(DRAWERS))
def test_the_picture_ends_in_what_the_model_predicts(family, task):
    fitted = model(family, task)
    for row in (1, 12, 77):
        graph = graph_row(fitted, row, data=table())
        said = fitted.predict(table()[row - 1])[0]
        if task == "regression":
            assert fact(graph, "(prediction)") == pytest.approx(said, rel=1e-12)
        else:
            assert graph.nodes[-1].title == f"kind: {said}" or any(
                node.title == f"kind: {said}" for node in graph.nodes
            )
        assert graph.to_svg().startswith("<?xml")
        assert len(graph.nodes) < 60


def test_a_saved_model_is_drawn_from_its_file_and_a_table(tmp_path):
    model("linear", "regression").save(tmp_path / "model.rung")
    table().write_csv(tmp_path / "rows.csv")
    graph = graph_row(tmp_path, 3, data=str(tmp_path / "rows.csv"))
    assert graph.title.startswith("Linear predicts mass for row 3 of rows.csv: ")


def test_the_training_table_is_taken_where_it_lies_here(tmp_path, monkeypatch):
    import rung

    monkeypatch.chdir(tmp_path)
    table().write_csv("rows.csv")
    run = rung.fit("rows.csv", target="mass", drop=["kind"], families=["linear"], folds=2)
    assert "row 2 of rows.csv" in graph_row(run.model, 2).title
    (tmp_path / "rows.csv").unlink()
    with pytest.raises(DataError, match=r"holds no table, and none is given \('rows.csv' is not"):
        graph_row(run.model, 2)


@pytest.mark.parametrize("row", [0, -1, N_ROWS + 1])
def test_a_row_that_is_not_there_is_refused(row):
    with pytest.raises(UsageError, match=f"row {row} is not in the table; it has 120 rows"):
        graph_row(model("linear", "regression"), row, data=table())


def test_a_family_without_a_picture_says_so():
    with pytest.raises(
        UsageError, match="of a constant model cannot be drawn; linear, additive, tree, forest"
    ):
        graph_row(model("constant", "regression"), 1, data=table())


def test_a_table_without_the_models_columns_is_refused():
    with pytest.raises(DataError, match="columns 'size', 'colour' are missing"):
        graph_row(model("linear", "regression"), 1, data={"age": np.zeros(3)})
