"""A network trained elsewhere gives a rung its numbers, and goes into the model file."""

import numpy as np
import pytest

import rung
from rung.errors import BadModelFile, DataError
from rung.kinds.image.backbone import read_backbone
from rung.store.modelfile import pack, read_model
from tests.kinds.image.made import stripes
from tests.nets.backbones.made import SHAPES, as_file, weights_of

pytest.importorskip("torch")


def colours(n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return noise from 0 to 1, in half of the images more red than blue."""
    rng = np.random.default_rng(seed)
    labels = np.array(["blue", "red"])[np.arange(n) % 2]
    images = rng.random((n, 3, 16, 16)).astype(np.float32)
    images[labels == "red", 2] *= 0.3
    images[labels == "blue", 0] *= 0.3
    return images, labels


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    path.write_bytes(as_file(weights_of(SHAPES["basic"])))
    return path


@pytest.fixture(scope="module")
def run(weights, tmp_path_factory):
    images, labels = colours()
    return rung.fit(
        images,
        labels,
        backbone=weights,
        families=["backbone_linear"],
        ledger=False,
        folds=3,
        choose="leader",
        out=tmp_path_factory.mktemp("backbone") / "run",
    )


def test_features_of_random_weights_tell_colours_apart(run) -> None:
    entry = run.result.entry("backbone_linear")
    assert entry.scores["accuracy"].mean > 0.8
    assert entry.notes[0] == "learns from 16 backbone numbers"
    assert run.verdict.family == "backbone_linear"


def test_the_model_predicts_without_the_file_of_weights(run) -> None:
    images, _ = colours(10, seed=4)
    model = rung.load(run.folder)
    assert model.backbone.source.startswith("small.safetensors (")
    found = model.predict_proba(images)
    assert found.tobytes() == run.model.predict_proba(images).tobytes()
    assert "frozen weights of small.safetensors" in model.describe()["backbone"]


def test_a_model_file_with_another_backbone_is_refused(run, tmp_path) -> None:
    spec, arrays, strings = read_model(run.folder / "model.rung")
    spec = {k: v for k, v in spec.items() if k not in ("schema", "readable_by")}
    name = "backbone/bn1.bias"
    path = tmp_path / "model.rung"
    for changed in (arrays[name][:-1], arrays[name] * np.float32(np.nan)):
        path.write_bytes(pack(spec, arrays | {name: changed}, strings))
        with pytest.raises(BadModelFile):
            rung.load(path)


def test_pixels_beyond_zero_to_one_are_said(weights) -> None:
    images, labels = stripes(40, side=24)
    found = rung.fit(
        images, labels, backbone=weights, families=["backbone_linear"], ledger=False, folds=2
    )
    (said,) = [one for one in found.result.findings if one.code == "backbone_range"]
    assert "--stretch percentile" in said.remedy


def test_images_that_a_backbone_cannot_read_are_refused(weights, tmp_path) -> None:
    with pytest.raises(DataError, match="images have 5 channels"):
        read_backbone(str(weights), (5, 24, 24))
    path = tmp_path / "next.safetensors"
    path.write_bytes(as_file(weights_of(SHAPES["convnext"])))
    with pytest.raises(DataError, match="smaller than the 32 a side"):
        read_backbone(str(path), (3, 28, 28))


def test_convolutions_of_single_pixels_are_matrices(tmp_path) -> None:
    arrays = weights_of(SHAPES["convnext"])
    path = tmp_path / "next.safetensors"
    path.write_bytes(
        as_file(
            {
                k: v[:, :, None, None] if ".mlp.fc" in k and v.ndim == 2 else v
                for k, v in arrays.items()
            }
        )
    )
    assert read_backbone(str(path), (3, 64, 64)).shape == SHAPES["convnext"]
