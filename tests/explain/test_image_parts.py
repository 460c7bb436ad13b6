"""A typical image and the worst are held against the model of the fold that has not seen them."""

import numpy as np
import pytest

from rung.errors import UsageError
from rung.explain.image_networks import gradient_of, networks_of
from rung.explain.image_parts import fold_model, parts_of_row, telling_rows
from tests.explain.image_runs import beside_run, run_of

BOTH = ("pixel_linear", "scattering_linear")


def test_the_model_of_the_fold_predicts_what_the_run_says_of_its_image() -> None:
    run = run_of(*BOTH)
    found = run.explained
    for name in BOTH:
        family = found.family(name)
        (_, typical), (_, worst) = telling_rows(found, family)
        held_out = found.folds_of(family).splits[0].test
        assert {typical, worst} <= set(held_out.tolist())
        pixels = found.pictures.images.pixels[found.prepared.train[held_out]]
        made = fold_model(found, family, 0).predict_pixels(pixels)
        assert np.allclose(made, found.out_of_fold.predictions[name][0], atol=1e-6)


def test_an_image_is_explained_by_its_name_and_a_sealed_one_is_not() -> None:
    run = run_of(*BOTH)
    name = run.out_of_fold["image"][0]
    view = run.explain.image(name, "scattering_linear")
    (shown,) = view.data["each"][0]["images"]
    assert shown["image"] == name
    assert shown["gradient"] is None
    assert len(view.rows) == 81
    sealed = next(str(i) for i in range(200) if str(i) not in set(run.out_of_fold["image"]))
    with pytest.raises(UsageError, match="is sealed"):
        run.explain.image(sealed)
    with pytest.raises(UsageError, match="'abc' is not there"):
        run.explain.image("abc")


def test_no_baseline_is_looked_at() -> None:
    assert [one["family"] for one in run_of(*BOTH).result.sections["image_parts"]] == [
        "scattering_linear"
    ]


def test_what_reads_no_image_is_not_looked_at_and_columns_beside_it_stay() -> None:
    run = beside_run()
    assert "image_parts" not in run.result.sections
    name = run.out_of_fold["image"][0]
    (view,) = run.explain.image(name, "fusion_linear").data["each"][0]["images"]
    chance = max(float(run.out_of_fold[f"fusion_linear:c{k}"][0]) for k in (0, 1))
    assert view["occlusion"]["whole"] == pytest.approx(chance, rel=1e-4)


def test_the_gradient_is_that_of_the_network_that_has_not_seen_the_image() -> None:
    pytest.importorskip("torch")
    found = run_of("pixel_linear", network=True).explained
    family = found.family("small_cnn")
    row = int(found.folds_of(family).splits[1].test[0])
    shown = parts_of_row(found, family, row)
    own = networks_of(found.fitted(family).models[1])
    pixels = found.pictures.images.pixels[found.prepared.train[row]]
    label = found.prepared.problem.classes.index(shown["predicted"])
    assert gradient_of(own, pixels, "none", label)["png"] == shown["gradient"]["png"]
    assert shown["gradient"]["others"] is not None
