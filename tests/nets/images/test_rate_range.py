"""Learning rates grow until training breaks, and the steepest fall lies between."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.images.rows import PixelRows  # noqa: E402
from rung.nets.images.learner import ImageLearner, ImagePlan, Lesson, image_batches  # noqa: E402
from rung.nets.images.rate_range import HIGHEST, LOWEST, image_range_test  # noqa: E402
from rung.nets.images.shape import ImageNetShape  # noqa: E402
from tests.kinds.image.made import stripes  # noqa: E402

PLAN = ImagePlan(20, 16, 0.01, 0.0, 0.0, "cross_entropy", "float32")


def tried(steps: int) -> dict:
    images, labels = stripes(64, side=8)
    rows = np.arange(64)
    target = (labels == "down").astype(int)
    lesson = Lesson(PixelRows(images[:, None], rows), rows, target, np.zeros(1), np.ones(1))
    network = ImageLearner(
        ImageNetShape("small", 1, 2, 8),
        PLAN,
        lesson,
        lesson,
        generator=np.random.default_rng(0),
        device=torch.device("cpu"),
    )
    batches = image_batches(lesson, PLAN, np.random.default_rng(1))
    return image_range_test(network, batches, steps=steps)


def test_rates_grow_evenly_in_their_logarithm_from_the_lowest_to_the_highest() -> None:
    found = tried(30)
    assert found["rate"][0] == LOWEST
    assert found["rate"][-1] == HIGHEST
    ratios = np.diff(np.log(found["rate"]))
    assert np.ptp(ratios) < 1e-3


def test_the_steepest_fall_is_at_a_rate_that_learns_and_not_at_one_that_breaks() -> None:
    found = tried(50)
    assert min(found["loss"]) < 0.95 * found["loss"][0]
    assert 1e-4 < found["steepest"] < 0.3
    assert np.isfinite(found["loss"]).all()


def test_few_batches_end_the_test_early() -> None:
    assert len(tried(500)["loss"]) == 80
