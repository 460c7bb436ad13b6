"""Features of a backbone are those of timm 1.0.31, which was given the same weights."""

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.nets.backbones.forward import image_features
from tests.nets.backbones.made import SHAPES, images, weights_of

# Of the second image: its last four features; and the mean feature of both.
TIMM = {
    "basic": ([0.349978, 0.0, 1.572232, 0.12136], [0.447338, 0.414856]),
    "bottleneck": ([0.972407, 0.967292, 7.933697, 3.254352], [1.455894, 1.395522]),
    "convnext": ([0.23792, 0.440274, -0.862191, -0.937849], [-0.006472, 0.025136]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_features_are_those_of_timm(name) -> None:
    last, means = TIMM[name]
    found = image_features(SHAPES[name], weights_of(SHAPES[name]), images(), "none")
    assert np.allclose(found[1, -4:], last, rtol=1e-5, atol=1e-5)
    assert np.allclose(found.mean(axis=1), means, rtol=1e-5, atol=1e-5)


def test_an_image_has_the_same_features_whatever_stands_beside_it() -> None:
    shape = SHAPES["basic"]
    weights = weights_of(shape)
    alone = image_features(shape, weights, images()[1:], "none")
    assert np.array_equal(alone[0], image_features(shape, weights, images(), "none")[1])


def test_a_declared_rotation_leaves_the_features_as_they_are() -> None:
    shape = SHAPES["basic"]
    weights, square = weights_of(shape), images()[:, :, :, :33]
    turned = np.rot90(square, axes=(2, 3))
    before, after = (image_features(shape, weights, one, "rotation") for one in (square, turned))
    assert np.allclose(before, after, atol=1e-5)
    plain = image_features(shape, weights, turned, "none")
    assert np.abs(plain - image_features(shape, weights, square, "none")).max() > 1e-2


def test_one_grey_channel_is_taken_for_all_three() -> None:
    shape = SHAPES["convnext"]
    weights, grey = weights_of(shape), images()[:, :1]
    found = image_features(shape, weights, grey, "none")
    assert np.array_equal(found, image_features(shape, weights, grey.repeat(3, axis=1), "none"))
