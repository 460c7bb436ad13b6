"""Hiding a part changes what depends on it, and nothing else."""

import numpy as np

from rung.explain.occlusion import hidden_parts, occlusion
from rung.images.pictures import decoded
from tests.explain.image_runs import values_run


def test_the_part_that_is_hidden_stands_where_the_map_says() -> None:
    image = np.zeros((2, 18, 27))
    image[1, 13, 4] = 1.0
    found = occlusion(image, lambda images: images.sum(axis=(1, 2, 3)))
    lost = np.array(found["lost"])
    assert lost.shape == (9, 9)
    assert np.unravel_index(lost.argmax(), lost.shape) == (6, 1)
    assert lost.max() > 0.9
    assert lost[0, 8] < 1e-6
    assert decoded(found["png"])[6, 1].tolist() == [213, 94, 0]


def test_missing_pixels_are_hidden_too_and_a_flat_image_has_no_parts() -> None:
    image = np.full((1, 9, 9), 3.0)
    image[0, 2, 2] = np.nan
    assert np.allclose(hidden_parts(image), 3.0)
    assert np.abs(occlusion(image, lambda images: images.mean(axis=(1, 2, 3)))["lost"]).max() < 1e-6


def test_a_model_of_brightness_answers_to_the_quarter_that_makes_it() -> None:
    run = values_run()
    name = run.result.sections["image_losses"]["lost"]["largest"][0]["image"]
    lost = np.abs([row["lost"] for row in run.explain.image(name).rows]).reshape(9, 9)
    assert lost[:5, :5].mean() > 1.5 * lost[5:, 5:].mean()
