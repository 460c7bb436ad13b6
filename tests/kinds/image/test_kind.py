"""Images climb from reading to prediction like every other kind of data."""

import json

import numpy as np
import polars as pl
import pytest

import rung
from rung.kinds.kind import recognise
from rung.workbench import inspect_model
from tests.kinds.image.made import stripes

FAMILIES = ["pixel_linear", "scattering_linear"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    images, labels = stripes(200)
    out = tmp_path_factory.mktemp("images") / "run"
    return rung.fit(images, labels, families=FAMILIES, out=out, ledger=False, folds=3)


def test_the_angle_of_stripes_is_seen_by_scattering_and_not_by_pixels(run) -> None:
    scores = {entry.family: entry.scores["accuracy"].mean for entry in run.result.ladder}
    assert scores["scattering_linear"] > 0.97
    assert scores["pixel_linear"] < 0.8
    assert run.verdict.family == "scattering_linear"
    assert run.result.test.opened
    assert 30 <= run.result.test.n <= 50


def test_a_declared_rotation_is_doubted_where_the_angle_is_the_answer() -> None:
    images, labels = stripes()
    found = rung.fit(
        images, labels, families=["scattering_linear"], symmetry="rotation", ledger=False, folds=3
    )
    (finding,) = [one for one in found.result.findings if one.code == "symmetry"]
    assert finding.severity == "warning"
    assert "--symmetry none predicts better here" in finding.remedy


def test_the_saved_model_predicts_new_images_as_the_run_does(run, tmp_path) -> None:
    new, labels = stripes(40, seed=9)
    model = rung.load(run.folder)
    assert np.array_equal(model.predict_proba(new), run.model.predict_proba(new))
    assert (model.predict(new) == labels).mean() > 0.95
    np.save(tmp_path / "new.npy", new)
    frame = model.table(tmp_path / "new.npy", None, print)
    assert list(frame) == ["image", "prediction", "probability:across", "probability:down"]
    about = inspect_model(run.folder)
    assert about["images"]["height"] == 16
    assert about["symmetry"] == "none"


def test_the_page_shows_each_class_and_the_worst_images(run) -> None:
    page = (run.folder / "report.html").read_text("utf-8")
    # of 2 classes 8 each, 12 losses, 4 in both cells that hold images, 2 times image and map
    assert page.count("data:image/png;base64,") == 16 + 12 + 8 + 4
    assert page.count(' alt="') == 40
    assert "The images with the largest loss" in page
    assert " style=" not in page
    assert "images that it had not seen" in page


def test_threads_and_the_order_of_images_change_no_score(run) -> None:
    images, labels = stripes(200)
    other = rung.fit(
        images[::-1], labels[::-1], families=FAMILIES, ledger=False, folds=3, threads=1
    )
    before, after = (one.result.to_dict()["ladder"] for one in (run, other))
    assert json.dumps(before) == json.dumps(after)


def test_nearly_equal_images_stand_on_one_side_of_every_fold() -> None:
    images, labels = stripes(60)
    twice = np.concatenate([images, images + 1e-4])
    found = rung.fit(
        twice, np.tile(labels, 2), families=["constant"], ledger=False, folds=3, test_fraction=0
    )
    fold = dict(zip(found.out_of_fold["row"], found.out_of_fold["fold"], strict=True))
    assert all(fold[i] == fold[i + 60] for i in range(60))
    assert found.result.folds.n_units == 60


def test_words_for_rungs_stand_for_all_that_begin_with_them() -> None:
    kind = recognise(np.zeros((9, 4, 4)), {})
    options = kind.make_options({"families": ["scattering"], "target": np.zeros(9)})
    assert len(options.families) == 4
    assert all(name.startswith("scattering_") for name in options.families)


def test_folders_of_classes_and_a_table_of_names_are_the_same_images(tmp_path) -> None:
    image = pytest.importorskip("PIL.Image")
    images, labels = stripes(40)
    grey = np.clip(images * 60 + 128, 0, 255).astype(np.uint8)
    for i, (pixels, label) in enumerate(zip(grey, labels, strict=True)):
        folder = tmp_path / "set" / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        image.fromarray(pixels).save(folder / f"{i}.png")
    names = [f"set/{label}/{i}.png" for i, label in enumerate(labels)]
    pl.DataFrame({"file": names, "class": labels}).write_csv(tmp_path / "labels.csv")
    asked = {"families": ["pixel_linear"], "ledger": False, "folds": 3}
    runs = [
        rung.fit(tmp_path / "set", **asked),
        rung.fit(tmp_path / "set", "class", labels=str(tmp_path / "labels.csv"), **asked),
        rung.fit(tmp_path / "labels.csv", "class", images="file", **asked),
        rung.fit(grey, labels, **asked),
    ]
    ladders = {json.dumps(one.result.to_dict()["ladder"]) for one in runs}
    assert len(ladders) == 1


def test_a_cube_of_five_channels_with_missing_pixels_climbs() -> None:
    images, labels = stripes(60)
    cube = np.repeat(images[:, None], 5, axis=1)
    cube[::3, 1, 4:6, 4:6] = np.nan
    found = rung.fit(cube, labels, families=["pixel_linear"], ledger=False, folds=3)
    assert found.result.sections["image"]["channels"] == [f"channel {i}" for i in range(1, 6)]


def test_a_quantity_is_regressed() -> None:
    images, _ = stripes(60)
    height = np.linspace(0, 3, 60)
    found = rung.fit(
        images + height[:, None, None], height, families=["pixel_linear"], ledger=False, folds=3
    )
    assert found.result.task == "regression"
    assert found.result.entry("pixel_linear").scores["r2"].mean > 0.9


def test_a_network_climbs_is_saved_and_shows_how_it_learned(tmp_path) -> None:
    pytest.importorskip("torch")
    images, labels = stripes(40, side=8)
    asked = {"families": ["small_cnn"], "ledger": False, "folds": 2, "choose": "leader"}
    run = rung.fit(images, labels, out=tmp_path / "run", **asked)
    entry = run.result.entry("small_cnn")
    assert entry.training[0]["inner_loss"][-1] < entry.training[0]["inner_loss"][0]
    assert rung.load(tmp_path / "run").predict_proba(images[:3]).tobytes() == (
        run.model.predict_proba(images[:3]).tobytes()
    )
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "images learned from" in page


def test_without_explanations_no_image_is_shown_nor_kept_in_the_results(tmp_path) -> None:
    images, labels = stripes(60)
    found = rung.fit(
        images, labels, families=["pixel_linear"], explain=False, ledger=False, folds=3
    )
    assert set(found.result.sections) == {"image"}
    assert "data:image" not in found.report(tmp_path / "r.html").read_text("utf-8")
    assert len(found.explain.top_losses().rows) == 12
