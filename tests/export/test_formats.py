"""A model goes out as JSON or ONNX, or its owner hears why it cannot."""

import importlib.util
import json

import numpy as np
import pytest

import rung
from rung.errors import MissingExtra, NotSavable, UsageError
from rung.export.formats import EXPORTS, export_file, export_model, to_json, to_onnx
from rung.kinds.table.model import FittedModel
from rung.store.modelfile import unpack
from tests.workbench.frames import frame


@pytest.fixture(scope="module", params=["constant", "linear", "tree"])
def model(request: pytest.FixtureRequest) -> FittedModel:
    return rung.fit(frame(), target="kind", families=[request.param], choose="leader").model


def test_json_holds_every_number_and_string_of_the_model_file(model: FittedModel) -> None:
    found = json.loads(to_json(model))
    spec, arrays, strings = unpack(model.to_bytes())
    assert found["spec"] == spec
    assert {name: tuple(table) for name, table in found["strings"].items()} == strings
    assert found["arrays"].keys() == arrays.keys()
    for name, array in arrays.items():
        entry = found["arrays"][name]
        again = np.array([float(v) for v in entry["values"]]).astype(entry["dtype"])
        np.testing.assert_array_equal(again.reshape(entry["shape"]), array)


def test_a_number_that_json_lacks_is_spelled_out() -> None:
    from rung.export.formats import _describe

    found = _describe(np.array([[np.inf, -np.inf], [np.nan, 0.1]]))
    assert found == {"dtype": "float64", "shape": [2, 2], "values": ["inf", "-inf", "nan", 0.1]}


@pytest.mark.parametrize("to", ["skops", "lightgbm-text"])
def test_a_format_that_cannot_hold_the_model_names_the_ones_that_can(model, to, tmp_path) -> None:
    assert to in EXPORTS
    with pytest.raises(NotSavable, match=f"cannot be {to}: .*; use to='json'"):
        export_model(model, to, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_and_an_existing_file_are_refused(model, tmp_path) -> None:
    with pytest.raises(UsageError, match="format 'pickle' is unknown; json, onnx"):
        export_model(model, "pickle", tmp_path / "out")
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="exists; use force=True"):
        export_model(model, "json", tmp_path / "out")
    export_model(model, "json", tmp_path / "out", force=True)
    assert (tmp_path / "out").read_bytes() == to_json(model)


def test_a_file_is_exported_as_its_model_is(model, tmp_path) -> None:
    model.save(tmp_path / "model.rung")
    export_file(str(tmp_path / "model.rung"), "json", tmp_path / "model.json")
    assert (tmp_path / "model.json").read_bytes() == to_json(model)


def test_a_missing_library_is_named_with_the_command_that_adds_it(model, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"'onnx' is needed.*pip install .*\[export\]"):
        to_onnx(model)
