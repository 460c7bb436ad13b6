import numpy as np
import pytest

import rung
from rung.errors import BadModelFile
from rung.store.modelfile import pack, unpack
from rung.workbench.fitted import FittedModel, from_bytes
from tests.workbench.frames import frame


@pytest.fixture(scope="module")
def model() -> FittedModel:
    return rung.fit(frame(), target="kind", families=["linear"]).model


def edited(model: FittedModel, **changes: object) -> bytes:
    spec, arrays, strings = unpack(model.to_bytes())
    strings = dict(strings)
    if "classes" in changes:
        strings["classes"] = changes.pop("classes")  # type: ignore[assignment]
    if "levels" in changes:
        strings[next(n for n in strings if n.startswith("levels/"))] = changes.pop("levels")  # type: ignore[assignment]
    return pack({**spec, **changes}, arrays, strings)


def test_bytes_give_the_same_model(model: FittedModel) -> None:
    again = from_bytes(model.to_bytes(), "m")
    np.testing.assert_array_equal(again.predict_proba(frame()), model.predict_proba(frame()))
    assert again.to_bytes() == model.to_bytes()
    assert again.columns == model.columns


def test_the_file_says_where_the_model_comes_from(model: FittedModel) -> None:
    about = from_bytes(model.to_bytes(), "m").about
    assert set(about) >= {"scores", "settings", "data", "folds", "seed", "versions", "licence"}
    assert about["data"]["rows"] == 300


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"family": "magic"}, "family 'magic' is unknown"),
        ({"family": 3}, "TypeError 3 is not a string"),
        ({"state_version": 99}, "has version 99"),
        ({"task": "regression"}, "regression model with 2 classes"),
        ({"classes": ("a",)}, "with 1 classes"),
        ({"classes": ("a", "a")}, "with 2 classes"),
        ({"classes": ("a", "b", "c")}, "^'m'"),
        ({"columns": []}, "^'m'"),
        ({"columns": [{"name": "a", "kind": "odd", "unit": ""}]}, "'odd' is not one of"),
        ({"columns": [{"name": "a", "kind": "number", "unit": ""}] * 2}, "share a name"),
        ({"levels": ("z", "a")}, "not sorted"),
        ({"state": {}}, "^'m'"),
        ({"state": 3}, "^'m'"),
        ({"about": 3}, "^'m'"),
    ],
)
def test_an_edited_file_is_refused(
    model: FittedModel, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadModelFile, match=said):
        from_bytes(edited(model, **changes), "m")


def test_labels_are_those_of_the_largest_probability(model: FittedModel) -> None:
    outputs = model.predict_proba(frame())
    labels = np.array(model.classes)[outputs.argmax(axis=1)]
    np.testing.assert_array_equal(model.predict(frame()), labels)
