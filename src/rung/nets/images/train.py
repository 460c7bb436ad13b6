"""Train a network of images on the training rows of a fold: sizes and budget follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rung.core.family import CheckpointStore
from rung.images.rows import PixelRows
from rung.nets.characters.loop import train, with_checks
from rung.nets.characters.precision import best_precision
from rung.nets.images.learner import ImageLearner, ImagePlan, Lesson, image_batches, steps_of
from rung.nets.images.rate_range import image_range_test
from rung.nets.images.shape import SMALL_SIDE, ImageNetShape
from rung.nets.training.moments import ColumnMoments
from rung.typing import Array

MOMENT_IMAGES = 256


@dataclass(frozen=True)
class Recipe:
    """State how a rung is trained, whatever the images.

    Attributes
    ----------
    architecture : str
        One of `rung.nets.images.shape.ARCHITECTURES`.
    width, n_stages, n_blocks : int
        As `ImageNetShape` has them.
    visits : int
        Images seen in all, from which the passes follow.
    fewest, most : int
        Passes.
    learning_rate, weight_decay, smoothing : float
        As `ImagePlan` has them.
    """

    architecture: str
    width: int
    n_stages: int = 1
    n_blocks: int = 1
    visits: int = 40_000
    fewest: int = 8
    most: int = 100
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    smoothing: float = 0.0

    def shape(self, size: tuple[int, ...], n_outputs: int) -> ImageNetShape:
        """Return the network for images of a size, (channels, height, width)."""
        n_channels, *sides = size
        halves = max(sides) > SMALL_SIDE
        return ImageNetShape(
            self.architecture,
            n_channels,
            n_outputs,
            self.width,
            self.n_stages,
            self.n_blocks,
            halves,
        )

    def plan(self, n_images: int, loss: str, precision: str) -> ImagePlan:
        """Return how a network is trained on so many images.

        Examples
        --------
        >>> Recipe("small", 32).plan(2_000, "squared", "float32").passes
        20
        """
        passes = int(np.clip(round(self.visits / max(n_images, 1)), self.fewest, self.most))
        batch = 16 if n_images < 500 else 32 if n_images < 10_000 else 64
        return ImagePlan(
            passes,
            batch,
            self.learning_rate,
            self.weight_decay,
            self.smoothing,
            loss,
            precision,
        )


@dataclass(frozen=True)
class TrainingImages:
    """Hold the training rows of a fold.

    Attributes
    ----------
    images : PixelRows
        Of the problem.
    learn, judged : ndarray of int
        Rows to learn from; rows held back, by which the pass is chosen.
    target : ndarray, shape (n_rows,)
        Of every row of the problem: class numbers without gaps, or standardised values.
    n_outputs : int
        Scores.
    loss : str
        `cross_entropy`, `squared` or `absolute`.
    """

    images: PixelRows
    learn: Array
    judged: Array
    target: Array
    n_outputs: int
    loss: str


def channel_moments(images: PixelRows, rows: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation of each channel over the pixels of rows, float32.

    Examples
    --------
    >>> held = PixelRows(np.array([1.0, 3.0, np.nan]).reshape(3, 1, 1, 1), np.arange(3))
    >>> channel_moments(held, np.arange(3))
    (array([2.], dtype=float32), array([1.], dtype=float32))
    """
    moments = ColumnMoments(images.pixels.shape[1])
    for start in range(0, len(rows), MOMENT_IMAGES):
        block = images.of(rows[start : start + MOMENT_IMAGES]).astype(np.float64)
        moments.add(np.moveaxis(block, 1, -1).reshape(-1, block.shape[1]))
    return moments.mean.astype(np.float32), moments.scale.astype(np.float32)


def train_images(
    recipe: Recipe,
    given: TrainingImages,
    *,
    generator: np.random.Generator,
    device: torch.device,
    store: CheckpointStore | None = None,
    tries_rates: bool = False,
) -> dict[str, Any]:
    """Train one network; return what is left of it as plain data.

    Parameters
    ----------
    recipe : Recipe
        Of the rung.
    given : TrainingImages
        Rows and targets.
    generator : Generator
        Draws first weights, order, poses and shifts.
    device : torch.device
        Where to train.
    store : CheckpointStore, optional
        Where the state is saved after every pass, and training resumes from.
    tries_rates : bool
        Whether the record is to say at which learning rate the loss falls fastest.

    Returns
    -------
    dict
        `shape` and `plan`, JSON-ready; `curve` of the passes; `weights`; `shift` and `scale` of
        the channels; `range_test` where it was asked for.
    """
    shift, scale = channel_moments(given.images, given.learn)
    shape = recipe.shape(given.images.pixels.shape[1:], given.n_outputs)
    plan = recipe.plan(len(given.learn), given.loss, best_precision())
    lesson, judged = (
        Lesson(given.images, rows, given.target[rows], shift, scale)
        for rows in (given.learn, given.judged)
    )
    first, order, other_first, other_order = generator.spawn(4)
    network = ImageLearner(shape, plan, lesson, judged, generator=first, device=device)
    settings = {"shape": shape.settings(), "plan": plan.settings()}
    batches = with_checks(
        image_batches(lesson, plan, order), steps_of(len(lesson.rows), plan), plan.passes
    )
    found = train(network, batches, settings, lambda weights: {}, store)
    if tries_rates:
        tried = ImageLearner(shape, plan, lesson, judged, generator=other_first, device=device)
        found["range_test"] = image_range_test(tried, image_batches(lesson, plan, other_order))
    return {**found, "shift": shift, "scale": scale}
