"""A forged model file of images is refused."""

import numpy as np
import pytest

import rung
from rung.errors import BadModelFile, UsageError
from rung.kinds.image.model import parse_images_model
from rung.store.modelfile import unpack
from tests.kinds.image.made import stripes


@pytest.fixture(scope="module")
def model():
    images, labels = stripes(40)
    run = rung.fit(
        images, labels, families=["pixel_linear"], ledger=False, folds=2, choose="leader"
    )
    return run.model


@pytest.mark.parametrize(
    ("name", "value"),
    [("height", 0), ("width", 10**6), ("cut", -1), ("channels", ["a"] * 200), ("stretch", "x")],
)
def test_a_shape_beyond_limits_is_refused(model, name: str, value: object) -> None:
    spec, arrays, strings = unpack(model.to_bytes())
    spec["shape"][name] = value
    with pytest.raises((BadModelFile, ValueError), match=r"size of an image|channels|'x'"):
        parse_images_model(spec, arrays, strings)


def test_a_family_of_tables_is_none_of_images(model) -> None:
    spec, arrays, strings = unpack(model.to_bytes())
    with pytest.raises(BadModelFile, match="scattering_linear"):
        parse_images_model({**spec, "family": "linear"}, arrays, strings)


def test_a_file_loads_to_the_same_bytes(model) -> None:
    loaded = parse_images_model(*unpack(model.to_bytes()))
    assert loaded.to_bytes() == model.to_bytes()


def test_a_model_of_a_quantity_has_no_probabilities() -> None:
    images, _ = stripes(40)
    found = rung.fit(images, images.mean(axis=(1, 2)), families=["constant"], ledger=False, folds=2)
    assert found.model.predict(images).shape == (40,)
    with pytest.raises(UsageError, match="only classes have probabilities"):
        found.model.predict_proba(np.zeros((1, 16, 16)))
