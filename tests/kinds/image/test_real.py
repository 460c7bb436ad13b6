"""Images of others are read as they were given out."""

import pytest

import rung
from tests.realdata import real_data

pytest.importorskip("PIL.Image")


def test_a_zip_of_digits_in_folders_is_read_as_it_is() -> None:
    path = real_data("mnist_subset_png/mnist_subset.zip")
    run = rung.fit(path, families=["pixel_linear"], ledger=False, folds=3, test_fraction=0)
    assert run.result.classes == tuple("0123456789")
    assert run.result.sections["image"]["n_images"] == 120
    assert (run.result.sections["image"]["height"], run.result.sections["image"]["width"]) == (
        28,
        28,
    )
    assert run.result.entry("pixel_linear").scores["accuracy"].mean > 0.45
