"""Learn from batches of images, for the loop that trains every network step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rung.images.rows import PixelRows
from rung.images.turning import changed, draw_changes
from rung.nets.images.forward import EPSILON, scores
from rung.nets.images.shape import ImageNetShape, first_moments, first_weights, fused
from rung.nets.training.resuming import Parts
from rung.nets.training.schedule import one_cycle
from rung.typing import Array, Settings

JUDGED_AT_ONCE = 256
BETAS = (0.9, 0.99)
WARM_UP = 0.25


@dataclass(frozen=True)
class ImagePlan:
    """State how a network of images is trained.

    Attributes
    ----------
    passes, batch_images : int
        Times that every image is seen; images of a step.
    learning_rate, weight_decay : float
        The largest rate of the cycle; share of weights taken off, in units of the rate.
    smoothing : float
        Share of a label that is spread over all classes.
    loss : str
        `cross_entropy`, `squared` or `absolute`.
    precision : str
        `bfloat16` where the processor multiplies it in hardware, else `float32`; weights and what
        the optimiser remembers are float32 in both.
    """

    passes: int
    batch_images: int
    learning_rate: float
    weight_decay: float
    smoothing: float
    loss: str
    precision: str

    def settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


@dataclass(frozen=True)
class Lesson:
    """Hold the images that a network learns from, or is judged on.

    Attributes
    ----------
    images : PixelRows
        Where pixels stand.
    rows : ndarray of int, shape (n,)
        Rows that belong to it.
    target : ndarray, shape (n,)
        Class numbers without gaps, or standardised values.
    shift, scale : ndarray, float32, shape (channels,)
        Means and standard deviations of the channels.
    """

    images: PixelRows
    rows: Array
    target: Array
    shift: Array
    scale: Array

    def inputs(self, places: Array) -> Array:
        """Return standardised images; the mean stands where a pixel is missing."""
        return standardised_pixels(self.images.of(self.rows[places]), self.shift, self.scale)


def standardised_pixels(pixels: Array, shift: Array, scale: Array) -> Array:
    """Return float32 pixels of mean zero and spread one by channel, zero where missing."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = (pixels - shift[:, None, None]) / scale[:, None, None]
    return np.nan_to_num(z, copy=False, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)


def image_batches(
    lesson: Lesson, plan: ImagePlan, generator: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Yield places of a batch and how each image is changed, pass after pass."""
    n, size = len(lesson.rows), lesson.images.pixels.shape[2:]
    batch = min(plan.batch_images, n)
    for _ in range(plan.passes):
        order = generator.permutation(n)
        for start in range(0, n - batch + 1, batch):
            places = order[start : start + batch]
            yield places, draw_changes(lesson.images.symmetry, size, batch, generator)


def steps_of(n_images: int, plan: ImagePlan) -> int:
    """Return the steps of a whole training; images left over at the end of a pass are not seen.

    Examples
    --------
    >>> steps_of(100, ImagePlan(3, 32, 0.01, 0.0, 0.0, "squared", "float32"))
    9
    """
    return plan.passes * max(n_images // plan.batch_images, 1)


class ImageLearner:
    """Fulfil what `rung.nets.characters.loop` asks of a network.

    Parameters
    ----------
    shape, plan : ImageNetShape, ImagePlan
        Size and budget.
    lesson, judged : Lesson
        What is learned from; what chooses the pass that is kept.
    generator : Generator
        Draws the first weights.
    device : torch.device
        Where to train.
    """

    def __init__(
        self,
        shape: ImageNetShape,
        plan: ImagePlan,
        lesson: Lesson,
        judged: Lesson,
        *,
        generator: np.random.Generator,
        device: torch.device,
    ) -> None:
        self.shape, self.plan, self.lesson, self.judged = shape, plan, lesson, judged
        self.device, self.steps = device, steps_of(len(lesson.rows), plan)
        self.learned = {
            name: torch.tensor(array, device=device).requires_grad_()
            for name, array in first_weights(shape, generator).items()
        }
        self.moments = {
            name: torch.tensor(array, device=device) for name, array in first_moments(shape).items()
        }
        decaying = [each for each in self.learned.values() if each.ndim > 1]
        others = [each for each in self.learned.values() if each.ndim == 1]
        groups: list[dict[str, Any]] = [
            {"params": decaying},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(
            groups,
            lr=plan.learning_rate,
            betas=BETAS,
            weight_decay=plan.weight_decay,
            fused=True,
        )
        self.lost, self.done = list[float](), 0

    def named(self) -> Mapping[str, Tensor]:
        """Return nothing: how far steps move layers is not recorded for images."""
        return {}

    def learn(self, batch: tuple[Array, Array], step: int) -> float:
        """Take one step; return the mean loss since the network was judged last."""
        rate = self.plan.learning_rate * one_cycle(step / self.steps, warm_up=WARM_UP)
        self.lost.append(self.learn_at(batch, rate))
        self.done = step + 1
        return float(np.mean(self.lost))

    def learn_at(self, batch: tuple[Array, Array], rate: float) -> float:
        """Take one step at a learning rate; return the loss of the batch."""
        places, changes = batch
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        inputs = changed(self.lesson.inputs(places), changes)
        with self._precise():
            found = scores(self.shape, self.learned | self.moments, self._sent(inputs))
        loss = self._loss(found.float(), self.lesson.target[places], self.plan.smoothing)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return float(loss.detach())

    def judge(self) -> float:
        """Return the mean loss of images kept for early stopping; without any, the last is best."""
        self.lost.clear()
        n = len(self.judged.rows)
        if not n:
            return -float(self.done)
        weights = {name: torch.from_numpy(a).to(self.device) for name, a in self.weights().items()}
        total = 0.0
        with torch.no_grad(), self._precise():
            for start in range(0, n, JUDGED_AT_ONCE):
                places = np.arange(start, min(start + JUDGED_AT_ONCE, n))
                found = scores(self.shape, weights, self._sent(self.judged.inputs(places)))
                loss = self._loss(found.float(), self.judged.target[places], 0.0)
                total += float(loss) * len(places)
        return total / n

    def weights(self) -> dict[str, Array]:
        """Return copies of the weights, with what is normalised multiplied in."""
        both = {**self.learned, **self.moments}
        arrays = {name: each.detach().cpu().contiguous().numpy() for name, each in both.items()}
        return {
            name: np.array(array, np.float32, order="C")
            for name, array in fused(arrays, EPSILON).items()
        }

    def parts(self) -> Parts:
        """Return what later steps depend on."""
        return {
            "modules": {"learned": self.learned, "moments": self.moments},
            "optimisers": {"adamw": self.optimiser},
        }

    def _sent(self, inputs: Array) -> Tensor:
        """Send images to the device; the channels of a pixel lie next to one another."""
        sent = torch.from_numpy(np.ascontiguousarray(inputs)).to(self.device)
        return sent.contiguous(memory_format=torch.channels_last)

    def _loss(self, found: Tensor, target: Array, smoothing: float) -> Tensor:
        wanted = torch.from_numpy(target).to(self.device)
        if self.plan.loss == "cross_entropy":
            return functional.cross_entropy(found, wanted, label_smoothing=smoothing)
        off = found[:, 0] - wanted.float()
        return off.square().mean() if self.plan.loss == "squared" else off.abs().mean()

    def _precise(self) -> AbstractContextManager[object]:
        if self.plan.precision == "float32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)
