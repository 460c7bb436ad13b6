"""Columns of the labels stand beside images: each rung learns from what its name says."""

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import DataError, UsageError
from tests.kinds.image.made import stripes

FAMILIES = ["column_linear", "fusion_linear", "scattering_linear", "blend"]
N = 120


def made(seed: int = 0) -> tuple[np.ndarray, pl.DataFrame]:
    """Return stripes and two columns: a number that half tells the class, and a category."""
    rng = np.random.default_rng(seed)
    images, labels = stripes(N, seed=seed)
    images = images + rng.normal(0, 2.0, images.shape).astype(np.float32)
    mag = rng.normal(size=N) + 1.5 * (labels == "down")
    mag[::17] = np.nan
    band = np.where(rng.random(N) < 0.5, "g", "r")
    columns = {"class": labels, "mag": mag, "band": band, "note": labels}
    return images, pl.DataFrame(columns, nan_to_null=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    images, frame = made()
    return rung.fit(
        images,
        "class",
        labels=frame,
        features=["mag", "band"],
        families=FAMILIES,
        ledger=False,
        folds=4,
        choose="leader",
        out=tmp_path_factory.mktemp("beside") / "run",
    )


def test_the_picture_is_asked_for_what_it_knows_beyond_the_columns(run) -> None:
    scores = {one.family: one.scores["log_loss"].mean for one in run.result.ladder if one.scores}
    (said,) = [one for one in run.result.findings if one.code == "picture_beside_columns"]
    gain = scores["column_linear"] - scores["fusion_linear"]
    assert gain > 0.05
    assert f"falls by +{gain:.2f} ± " in said.message
    assert said.message.startswith("the picture knows more than the 2 columns")


def test_each_rung_says_what_it_learned_from(run) -> None:
    notes = {one.family: one.notes[0] for one in run.result.ladder if one.notes}
    assert notes["column_linear"] == "learns from 2 of the labels' columns"
    assert notes["fusion_linear"].endswith("768 scattering numbers and 2 of the labels' columns")
    assert notes["scattering_linear"] == "learns from 768 scattering numbers"


def test_a_rung_of_columns_alone_has_no_image(run) -> None:
    images, frame = made()
    other = rung.fit(
        np.random.default_rng(1).normal(size=images.shape).astype(np.float32),
        "class",
        labels=frame,
        features=["mag", "band"],
        families=["column_linear"],
        ledger=False,
        folds=4,
        test_fraction=0,
    )
    found = other.result.entry("column_linear").scores["log_loss"].mean
    assert found == pytest.approx(
        run.result.entry("column_linear").scores["log_loss"].mean, abs=0.1
    )


def test_a_saved_model_takes_the_columns_it_learned_from(run) -> None:
    images, frame = made(5)
    model, own = rung.load(run.folder), run.model
    assert [one.name for one in model.columns] == ["mag", "band"]
    proba = model.predict_proba(images, beside=frame)
    assert proba.tobytes() == own.predict_proba(images, beside=frame).tobytes()
    turned = frame.with_columns(mag=-pl.col("mag"))
    assert np.abs(model.predict_proba(images, beside=turned) - proba).max() > 0.1
    with pytest.raises(UsageError, match="takes 'mag', 'band' beside each image"):
        model.predict(images)
    with pytest.raises(DataError, match="120 images and 7 rows"):
        model.predict(images, beside=frame.head(7))


def test_a_table_that_names_images_is_predicted_from_a_shell(run, tmp_path) -> None:
    image = pytest.importorskip("PIL.Image")
    pixels, frame = made(3)
    (tmp_path / "pictures").mkdir()
    for i, one in enumerate(pixels[:6]):
        image.fromarray(one, mode="F").save(tmp_path / "pictures" / f"{i}.tif")
    order = [3, 1, 5]
    asked = frame[order].with_columns(file=pl.Series([f"{i}.tif" for i in order]))
    asked.write_csv(tmp_path / "new.csv")
    model = rung.load(run.folder)
    predicted = model.table(str(tmp_path / "new.csv"), None, print)
    assert predicted["image"] == [f"pictures/{i}.tif" for i in order]
    wanted = model.predict_proba(pixels[order], beside=frame[order])
    assert np.array_equal(predicted["probability:down"], wanted[:, 1])


@pytest.mark.parametrize(
    ("features", "said"),
    [(["magn"], "did you mean --features 'mag'"), (["class"], "is the target")],
)
def test_features_that_cannot_stand_beside_images_are_refused(features, said) -> None:
    images, frame = made()
    with pytest.raises(UsageError) as caught:
        rung.fit(images, "class", labels=frame, features=features, ledger=False)
    assert said in str(caught.value) + str(caught.value.remedy)


def test_without_columns_their_rungs_are_skipped_with_what_to_do() -> None:
    images, labels = stripes(40, side=8)
    found = rung.fit(images, labels, families=["column_linear"], ledger=False, folds=2)
    entry = found.result.entry("column_linear")
    assert entry.reason == "no columns of the labels were named with --features"
