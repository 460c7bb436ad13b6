"""The images predicted worst are shown, and those behind each cell of the confusion matrix."""

import math

import numpy as np

from tests.explain.image_runs import run_of, values_run

BOTH = ("pixel_linear", "scattering_linear")


def test_the_largest_losses_are_those_of_the_out_of_fold_predictions() -> None:
    run = run_of(*BOTH)
    view = run.explain.top_losses("pixel_linear", 5)
    table = run.out_of_fold
    truth = np.asarray(table["target"])
    chance = np.where(
        truth == "across", table["pixel_linear:across"], table["pixel_linear:down"]
    ).astype(float)
    worst = np.sort(-np.log(chance))[::-1][:5]
    assert np.allclose([row["loss"] for row in view.rows], worst, rtol=1e-4)
    first = view.rows[0]
    row = int(np.flatnonzero(np.asarray(table["image"]) == first["image"])[0])
    assert first["true"] == truth[row]
    assert math.isclose(first["chance_of_true"], chance[row], rel_tol=1e-4)


def test_cells_hold_all_images_and_show_the_surest() -> None:
    run = run_of(*BOTH)
    found = run.explain.top_losses("pixel_linear").data["each"]["confused"]
    assert (
        sum(cell["n"] for cell in found["cells"]) == found["n_rows"] == len(run.out_of_fold["row"])
    )
    for cell in found["cells"]:
        chances = [one["chance"] for one in cell["images"]]
        assert len(chances) == min(cell["n"], 4)
        assert chances == sorted(chances, reverse=True)


def test_no_sealed_image_is_shown() -> None:
    run = run_of(*BOTH)
    training = set(run.out_of_fold["image"])
    sections = run.result.sections
    shown = {one["image"] for group in sections["image_montage"] for one in group["images"]}
    shown |= {one["image"] for one in sections["image_losses"]["lost"]["largest"]}
    shown |= {one["image"] for view in sections["image_parts"] for one in view["images"]}
    assert len(training) < 200
    assert shown <= training


def test_of_values_the_absolute_error_is_the_loss() -> None:
    run = values_run()
    found = run.result.sections["image_losses"]
    off = np.abs(
        np.asarray(run.out_of_fold["pixel_linear"]) - np.asarray(run.out_of_fold["target"])
    )
    assert math.isclose(found["lost"]["largest"][0]["loss"], off.max(), rel_tol=1e-4)
    assert found["confused"] is None
