"""A learner of images steps as its plan says, and repeats itself."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.images.rows import PixelRows  # noqa: E402
from rung.nets.images.learner import (  # noqa: E402
    ImageLearner,
    ImagePlan,
    Lesson,
    image_batches,
    standardised_pixels,
    steps_of,
)
from rung.nets.images.shape import ImageNetShape  # noqa: E402

PLAN = ImagePlan(3, 4, 0.01, 0.01, 0.1, "cross_entropy", "float32")


def lesson(n: int) -> Lesson:
    pixels = np.random.default_rng(0).normal(size=(n, 1, 6, 6)).astype(np.float32)
    images = PixelRows(pixels, np.arange(n), "rotation")
    return Lesson(images, np.arange(n), np.arange(n) % 2, np.zeros(1), np.ones(1))


def test_every_pass_shows_every_image_once_but_for_what_does_not_fill_a_batch() -> None:
    batches = list(image_batches(lesson(10), PLAN, np.random.default_rng(0)))
    assert len(batches) == steps_of(10, PLAN) == 6
    seen = np.concatenate([places for places, _ in batches[:2]])
    assert len(np.unique(seen)) == 8
    assert {len(changes) for _, changes in batches} == {4}


def test_missing_pixels_stand_at_the_mean_of_their_channel() -> None:
    pixels = np.array([[[[1.0, np.nan]]]], dtype=np.float32)
    assert standardised_pixels(pixels, np.array([3.0]), np.array([2.0])).ravel().tolist() == [-1, 0]


def test_a_label_spread_over_classes_is_what_the_loss_of_a_step_is_taken_with() -> None:
    one = lesson(8)
    shape = ImageNetShape("small", 1, 2, 2)
    network = ImageLearner(
        shape,
        PLAN,
        one,
        one,
        generator=np.random.default_rng(0),
        device=torch.device("cpu"),
    )
    scores = np.array([[2.0, 0.0]])
    shares = np.exp(scores) / np.exp(scores).sum()
    wanted = -(0.95 * np.log(shares[0, 0]) + 0.05 * np.log(shares[0, 1]))
    found = network._loss(torch.tensor(scores), np.array([0]), 0.1)
    assert float(found) == pytest.approx(wanted)


def test_without_images_to_judge_by_the_last_weights_are_the_best() -> None:
    one, none = lesson(8), lesson(0)
    network = ImageLearner(
        ImageNetShape("small", 1, 2, 2),
        PLAN,
        one,
        none,
        generator=np.random.default_rng(0),
        device=torch.device("cpu"),
    )
    judged = []
    for step, batch in enumerate(image_batches(one, PLAN, np.random.default_rng(0))):
        network.learn(batch, step)
        judged.append(network.judge())
    assert judged == sorted(judged, reverse=True)
    assert len(set(judged)) == 6
