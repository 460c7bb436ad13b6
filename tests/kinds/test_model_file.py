"""One door for model files of every kind."""

import numpy as np
import pytest

import rung
from rung.errors import BadModelFile, UsageError
from rung.export.formats import export_file
from rung.kinds.model_file import read_model_bytes
from rung.kinds.table.model import load_table_model
from rung.store.modelfile import pack
from rung.workbench import FittedModel, FittedText, load
from rung.workbench.verbs import inspect_model, predict_file
from tests.workbench.texts import name_list


@pytest.fixture(scope="module")
def text_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "text.rung"
    rung.fit(name_list(), families=["bigram"]).model.save(path)
    return path


def test_each_file_gives_the_model_of_its_kind(text_file, tmp_path):
    table = {"x": np.arange(40.0), "y": np.arange(40.0)}
    rung.fit(table, target="y", families=["constant"]).model.save(tmp_path / "table.rung")
    assert isinstance(load(text_file), FittedText)
    assert isinstance(load(tmp_path / "table.rung"), FittedModel)
    assert isinstance(load_table_model(tmp_path / "table.rung"), FittedModel)


def test_a_model_of_text_is_no_model_of_a_table(text_file):
    with pytest.raises(UsageError, match="holds no model that predicts a column of a table"):
        load_table_model(text_file)


@pytest.mark.parametrize("spec", [{}, {"task": "poetry"}, {"task": ["language modelling"]}])
def test_a_file_of_another_task_is_refused(spec):
    with pytest.raises(BadModelFile, match="not a model that rung wrote"):
        read_model_bytes(pack(spec), "model.rung")


def test_predictions_of_a_text_are_a_table_of_characters(text_file, tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("mari\nelo\n")
    text = predict_file(str(text_file), str(path), None)
    assert text.splitlines()[0] == "line,position,character,nats,bits,known"
    assert len(text.splitlines()) == 10
    predict_file(str(text_file), str(path), tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").exists()


def test_inspection_says_what_the_file_holds(text_file):
    described = inspect_model(text_file)
    assert described["family"] == "bigram"
    assert described["kind"] == "lines"
    assert described["data"]["source"] == "lines"


def test_a_model_of_text_is_written_as_json_and_not_as_onnx(text_file, tmp_path):
    export_file(str(text_file), "json", tmp_path / "model.json")
    with pytest.raises(rung.errors.NotSavable, match="no ONNX form"):
        export_file(str(text_file), "onnx", tmp_path / "model.onnx")
