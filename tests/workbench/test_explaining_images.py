"""A saved model of images is explained on images that it has not seen."""

import numpy as np
import pytest

from rung.core.family import Family
from rung.errors import DataError, UsageError
from rung.workbench.explaining_images import (
    check_page_output,
    explain_image,
    explain_images,
    explained_images_text,
    graph_one_image,
    image_text,
    images_model,
    write_image_page,
)
from tests.explain.image_runs import run_of
from tests.kinds.image.made import stripes


@pytest.fixture(scope="module")
def fitted():
    return run_of("pixel_linear", "scattering_linear").model


def test_scales_truth_and_shap_are_those_of_the_new_images(fitted) -> None:
    images, labels = stripes(40, seed=5)
    found = explain_images(fitted, images, labels)
    assert found["n_rows"] == 40
    assert [one["way"] for one in found["importance"]] == ["scale", "angle", "cell"]
    assert found["importance"][1]["columns"][0]["columns"][0] in ("angle 0°", "angle 90°")
    assert found["shap"]["columns"][0]["column"].startswith("scattering ")
    worst = found["truth"]["largest"][0]
    proba = fitted.predict_proba(images)
    own = proba[np.arange(40), (labels == "down").astype(int)]
    assert worst["row"] == str(own.argmin())
    assert worst["probability"] == pytest.approx(own.min(), rel=1e-4)
    text = explained_images_text(found)
    assert "by angle: log loss" in text
    assert "the largest errors:" in text


def test_labels_that_the_model_does_not_know_are_left_out(fitted) -> None:
    images, labels = stripes(40, seed=5)
    labels[:5] = "else"
    assert explain_images(fitted, images, labels)["n_left_out"] == 5
    with pytest.raises(DataError, match="0 images have a label that the model knows"):
        explain_images(fitted, images, np.full(40, "else"))


def test_one_image_is_explained_without_labels_and_written_as_a_page(fitted, tmp_path) -> None:
    images, _ = stripes(3, seed=5)
    found = explain_image(fitted, images, 2)
    assert found["image"] == "1"
    assert found["network"] is None
    assert sum(found["chances"].values()) == pytest.approx(1.0, abs=1e-5)
    assert len(found["occlusion"]["lost"]) == 9
    assert "row 2, image 1: predicted" in image_text(found)
    out = tmp_path / "i.html"
    write_image_page(found, out)
    page = out.read_text("utf-8")
    assert page.count("<img ") == 2
    assert "style=" not in page
    with pytest.raises(UsageError, match="exists"):
        check_page_output(out, force=False)
    with pytest.raises(UsageError, match=r"ends in '.png'"):
        check_page_output(tmp_path / "i.png", force=False)
    with pytest.raises(UsageError, match="image 4 is not there, or cannot be read; 3 are there"):
        explain_image(fitted, images, 4)


def test_a_network_is_opened_and_drawn_from_its_file(tmp_path) -> None:
    pytest.importorskip("torch")
    run = run_of("pixel_linear", network=True)
    from rung.explain.image_parts import fold_model

    found = run.explained
    model = fold_model(found, found.family("small_cnn"), 0)
    assert isinstance(model.family, Family)
    shown = explain_image(model, stripes(3)[0], 1)
    assert [one["stage"] for one in shown["network"]["stages"]] == ["first", "second"]
    assert "gradient map: the rank correlation" in image_text(shown)
    write_image_page(shown, tmp_path / "n.html")
    assert (tmp_path / "n.html").read_text("utf-8").count("<img ") == 4 + 4
    assert graph_one_image(model, stripes(3)[0], 3).title.endswith("image 2")
    with pytest.raises(UsageError, match="holds no images"):
        graph_one_image(model, None, 1)


def test_models_of_tables_are_told_apart(fitted, tmp_path) -> None:
    import rung

    fitted.save(tmp_path / "images.rung")
    assert images_model(tmp_path / "images.rung").family.name == "scattering_linear"
    table = {"x": list(range(40)), "y": [3 * k % 7 for k in range(40)]}
    rung.fit(table, "y", families=["linear"], ledger=False, folds=3).model.save(
        tmp_path / "table.rung"
    )
    assert images_model(tmp_path / "table.rung") is None
