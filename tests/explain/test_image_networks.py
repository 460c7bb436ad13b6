"""Gradient maps stand beside those of random weights, and filters beside their numbers."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.explain.image_networks import (
    filters_of,
    gradient_of,
    networks_of,
    rank_correlation,
    stages_of,
    verdict_on,
)
from rung.families.on_pixels import ImageNetFold
from rung.images.pictures import decoded
from rung.nets.images.looking import random_weights
from rung.nets.images.shape import ImageNetShape
from tests.kinds.image.made import stripes


def network(channels: int = 1, *, seed: int = 0, centre: bool = False) -> ImageNetFold:
    shape = ImageNetShape("small", channels, 2, 4)
    weights = random_weights(shape, np.random.default_rng(seed))
    if centre:  # a first layer that takes pixels as they are, and scores that add them up
        weights = {name: np.zeros_like(one) for name, one in weights.items()}
        for name in ("first", "second"):
            weights[f"{name}.weight"][:, :, 1, 1] = 1.0
        weights["hidden.weight"][:] = 1.0
        weights["head.weight"][0] = 1.0
    ends = np.zeros(channels, np.float32), np.ones(channels, np.float32)
    return ImageNetFold(shape, weights, *ends, np.arange(2), np.zeros(2), np.array([0.0, 1.0, 1.0]))


def test_the_same_network_again_has_the_same_map_and_random_ones_have_not() -> None:
    pixels = stripes(1)[0][0][None]
    one = network()
    found = gradient_of([one, one], pixels, "none", 1)
    assert found["others"] == pytest.approx(1.0)
    assert found["low"] <= found["random"] <= found["high"] < 1.0
    assert found["n_draws"] == 10
    assert decoded(found["png"]).shape == decoded(found["random_png"]).shape == (16, 16, 3)


def test_a_map_of_a_class_that_the_network_never_saw_is_not_drawn() -> None:
    assert gradient_of([network()], stripes(1)[0][0][None], "none", 7) is None


def test_verdicts_name_what_shows_the_image_alone_and_what_is_noise() -> None:
    assert verdict_on([0.6], [0.9]).startswith("it shows the image, not")
    assert "mostly noise" in verdict_on([0.1, 0.2], [0.15])
    assert verdict_on([0.3], [0.9]).startswith("it shows the image in part")
    assert verdict_on([0.1], [0.9]) == "it depends on what was learned"
    assert verdict_on([0.1], []) == "it depends on what was learned"


def test_maps_of_each_stage_are_measured() -> None:
    pixels = np.ones((1, 16, 16), dtype=np.float32)
    first, second = stages_of(network(centre=True), pixels)
    assert (first["channels"], first["height"], first["width"]) == (4, 16, 16)
    assert (second["channels"], second["height"], second["width"]) == (8, 8, 8)
    assert first["mean"] == first["most"] == first["active"] == 1.0
    assert second["mean"] == 4.0


@pytest.mark.parametrize("channels", [1, 3, 5])
def test_filters_are_shown_with_all_their_weights(channels: int) -> None:
    own = network(channels)
    found = filters_of(own)
    assert found["n"] == len(found["rows"]) == 4
    weights = own.weights["first.weight"]
    assert np.allclose(found["rows"][2]["weights"], weights[2].ravel(), atol=1e-4)
    assert found["rows"][2]["size"] == pytest.approx(np.sqrt((weights[2] ** 2).mean()), rel=1e-5)
    assert decoded(found["png"]).shape[:2] == (24, 8 * 26 - 2)


def test_pictures_of_large_images_stay_small() -> None:
    pixels = np.random.default_rng(0).random((1, 150, 120)).astype(np.float32)
    found = gradient_of([network()], pixels, "none", 0)
    assert decoded(found["png"]).shape[:2] == (64, 51)
    first, _ = stages_of(network(), pixels)
    assert (first["height"], first["width"]) == (150, 120)
    assert decoded(first["png"]).shape[:2] == (32, 8 * 28 - 2)


def test_ranks_do_not_mind_how_large_numbers_are() -> None:
    rng = np.random.default_rng(0)
    one = rng.random((4, 4))
    assert rank_correlation(one, np.exp(9 * one)) == pytest.approx(1.0)
    assert rank_correlation(one, -one) == pytest.approx(-1.0)
    assert rank_correlation(one, np.zeros((4, 4))) == 0.0


def test_models_that_are_no_networks_hold_none() -> None:
    assert networks_of(None) == ()
