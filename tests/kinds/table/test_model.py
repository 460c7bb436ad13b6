import numpy as np
import pytest

import rung
from rung.errors import BadModelFile, DataWarning
from rung.kinds.model_file import read_model_bytes
from rung.kinds.table.model import FittedModel
from rung.store.modelfile import pack, unpack
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
    again = read_model_bytes(model.to_bytes(), "m")
    np.testing.assert_array_equal(again.predict_proba(frame()), model.predict_proba(frame()))
    assert again.to_bytes() == model.to_bytes()
    assert again.columns == model.columns


def test_the_file_says_where_the_model_comes_from(model: FittedModel) -> None:
    about = read_model_bytes(model.to_bytes(), "m").about
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
        read_model_bytes(edited(model, **changes), "m")


def test_labels_are_those_of_the_largest_probability(model: FittedModel) -> None:
    outputs = model.predict_proba(frame())
    labels = np.array(model.classes)[outputs.argmax(axis=1)]
    np.testing.assert_array_equal(model.predict(frame()), labels)


def test_a_file_whose_outputs_overflow_is_refused() -> None:
    model = rung.fit(frame(), target="mass", families=["linear"], choose="leader").model
    spec, arrays, strings = unpack(model.to_bytes())
    arrays["state/coefficients"] = np.full_like(arrays["state/coefficients"], 1e308)
    with pytest.raises(BadModelFile, match=r"the model predicts .*; finite numbers are expected"):
        read_model_bytes(pack(spec, arrays, strings), "m")


def test_a_file_whose_shares_are_no_probabilities_is_refused() -> None:
    model = rung.fit(frame(), target="kind", families=["tree"], choose="leader").model
    spec, arrays, strings = unpack(model.to_bytes())
    (name,) = [name for name in arrays if name.endswith("trees.value")]
    arrays[name] = arrays[name] * 3.0
    with pytest.raises(BadModelFile, match="probabilities are expected"):
        read_model_bytes(pack(spec, arrays, strings), "m")


def test_one_row_is_predicted_to_the_bit_as_among_many(model: FittedModel) -> None:
    many = model.predict_proba(frame())
    for i in (0, 7, 299):
        assert model.predict_proba(frame()[i])[0].tolist() == many[i].tolist()


def test_no_rows_give_no_predictions(model: FittedModel) -> None:
    none = frame(20).head(0)
    assert model.predict(none).shape == (0,)
    assert model.predict_proba(none).shape == (0, 2)


def test_what_differs_from_training_is_warned_of_where_it_is_called() -> None:
    rng = np.random.default_rng(0)
    mag = rng.uniform(18, 25, 200)
    table = {"mag": mag, "z": mag / 10 + 0.01 * rng.normal(size=200)}
    found = rung.fit(table, target="z", families=["linear"], threads=1).model
    new = {"mag": [20.0, 99.0, 99.0]}
    with pytest.warns(DataWarning, match="99 in 2 rows, .* it stands for missing") as caught:
        values = found.predict(new)
    assert caught[0].filename == __file__
    np.testing.assert_allclose(values, [2.0, table["z"].mean(), table["z"].mean()], atol=0.05)
    kept = rung.fit(table, target="z", families=["linear"], threads=1, keep_sentinels=True).model
    with pytest.warns(DataWarning, match="2 of 3 rows are unlike the training rows"):
        np.testing.assert_allclose(kept.predict(new), [2.0, 9.9, 9.9], atol=0.2)
