"""Time training and prediction of the residual network beside plain PyTorch, in one process.

Run it from the project's folder: `python -m benchmarks.images.speed`. Both train the same network
on the same batches in turns of a few steps, one thread each, loader included; processor seconds.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from rung.families.image.residual_cnn import recipe
from rung.images.rows import PixelRows
from rung.nets.characters.precision import best_precision
from rung.nets.images.learner import ImageLearner, Lesson, image_batches
from rung.nets.images.predict import image_scores

HERE = Path(__file__).parent
N, CHANNELS, SIDE, CLASSES = 1_024, 3, 64, 5
TURNS, STEPS, PREDICTED = 9, 6, 256


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, before: int, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for _ in range(3)])
        self.shortcut = nn.Conv2d(before, width, 1, bias=False) if before != width else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the block's output."""
        branch = functional.relu(self.norms[0](self.first(x)))
        branch = self.norms[1](self.second(branch))
        passed = x if self.shortcut is None else self.norms[2](self.shortcut(x))
        return functional.relu(branch + passed)


class Plain(nn.Module):
    """The residual network of the rung, as a course would write it."""

    def __init__(self, width: int, n_stages: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(CHANNELS, width, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        widths = [width * 2**i for i in range(n_stages)]
        befores = [width, *widths[:-1]]
        self.blocks = nn.ModuleList([Block(b, w) for b, w in zip(befores, widths, strict=True)])
        self.head = nn.Linear(widths[-1], CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return scores."""
        x = functional.relu(self.norm(self.stem(x)))
        for i, block in enumerate(self.blocks):
            x = block(functional.avg_pool2d(x, 2) if i else x)
        return self.head(x.mean(dim=(2, 3)))


def convolution_seconds(network: Plain, batch: int, dtype: torch.dtype, *, repeats: int) -> float:
    """Return the processor seconds of the convolutions of a step alone, forward and backward."""
    seen: list[tuple[nn.Conv2d, torch.Size]] = []
    hooks = [
        one.register_forward_hook(lambda conv, x, _: seen.append((conv, x[0].shape)))
        for one in network.modules()
        if isinstance(one, nn.Conv2d)
    ]
    with torch.no_grad():
        network(torch.zeros(batch, CHANNELS, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    total = 0.0
    for place, (conv, size) in enumerate(seen):
        x = torch.randn(size).to(dtype).contiguous(memory_format=torch.channels_last)
        x.requires_grad_(place > 0)  # no gradient goes to the pixels
        weight = conv.weight.detach().to(dtype).contiguous(memory_format=torch.channels_last)
        weight.requires_grad_()
        times = []
        for _ in range(repeats):
            start = time.process_time()
            out = functional.conv2d(x, weight, stride=conv.stride, padding=conv.padding)
            out.backward(torch.ones_like(out))
            times.append(time.process_time() - start)
        total += statistics.median(times)
    return total


def rates(turns: dict[str, Callable[[], None]], images: int) -> dict[str, Any]:
    """Return images a second of each, and the median ratio of turns that follow each other."""
    spent: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(TURNS + 1):
        for name, work in turns.items():
            start = time.process_time()
            work()
            if turn:  # the first warms up
                spent[name].append(time.process_time() - start)
    rung, plain = spent["rung"], spent["plain"]
    ratios = [b / a for a, b in zip(rung, plain, strict=True)]
    found = {name: round(images / statistics.median(each), 1) for name, each in spent.items()}
    return {
        **found,
        "ratio": round(statistics.median(ratios), 3),
        "ratios": np.round(ratios, 2).tolist(),
    }


def plain_batches(pixels: torch.Tensor, labels: torch.Tensor, size: int) -> Iterator[Any]:
    """Load batches as PyTorch's own loader does."""
    data = torch.utils.data.TensorDataset(pixels, labels)
    loader = torch.utils.data.DataLoader(data, batch_size=size, shuffle=True, drop_last=True)
    for _ in cycle([0]):
        yield from loader


def training() -> dict[str, Any]:
    """Time steps of both in turn."""
    rng = np.random.default_rng(0)
    pixels = rng.normal(size=(N, CHANNELS, SIDE, SIDE)).astype(np.float32)
    labels = rng.integers(0, CLASSES, N)
    made, precision = recipe(), best_precision()
    plan, shape = made.plan(N, "cross_entropy", precision), made.shape(pixels.shape[1:], CLASSES)
    lesson = Lesson(
        PixelRows(pixels, np.arange(N)), np.arange(N), labels, np.zeros(CHANNELS), np.ones(CHANNELS)
    )
    own = ImageLearner(shape, plan, lesson, lesson, generator=rng, device=torch.device("cpu"))
    own_batches = enumerate(cycle(image_batches(lesson, plan, rng)))

    plain = Plain(made.width, made.n_stages).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(plain.parameters(), lr=1e-3, fused=True)
    batches = plain_batches(torch.tensor(pixels), torch.tensor(labels), plan.batch_images)
    dtype = getattr(torch, precision)

    def own_turn() -> None:
        for step, batch in islice(own_batches, STEPS):
            own.learn(batch, step % own.steps)

    def plain_turn() -> None:
        for x, y in islice(batches, STEPS):
            x = x.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
                out = plain(x)
            loss = functional.cross_entropy(out.float(), y, label_smoothing=plan.smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    found = rates({"rung": own_turn, "plain": plain_turn}, STEPS * plan.batch_images)
    alone = convolution_seconds(plain, plan.batch_images, dtype, repeats=9)
    found["share_of_convolutions"] = round(alone * found["rung"] / plan.batch_images, 3)
    return {**found, "precision": precision, "batch": plan.batch_images}


def prediction() -> dict[str, Any]:
    """Time predictions of both in turn, float32."""
    rng = np.random.default_rng(0)
    made = recipe()
    pixels = rng.normal(size=(PREDICTED, CHANNELS, SIDE, SIDE)).astype(np.float32)
    shape = made.shape(pixels.shape[1:], CLASSES)
    weights = {n: rng.normal(0, 0.05, s).astype(np.float32) for n, s in shape.sizes().items()}
    images, zero, one = (
        PixelRows(pixels, np.arange(PREDICTED)),
        np.zeros(CHANNELS),
        np.ones(CHANNELS),
    )
    plain = Plain(made.width, made.n_stages).to(memory_format=torch.channels_last).eval()

    def plain_turn() -> None:
        with torch.inference_mode():
            for block in torch.tensor(pixels).split(32):
                plain(block.contiguous(memory_format=torch.channels_last))

    return rates(
        {
            "rung": lambda: image_scores(shape, weights, images, zero, one) is None,
            "plain": plain_turn,
        },
        PREDICTED,
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    found = {
        "training": training(),
        "prediction": prediction(),
        "load": round(os.getloadavg()[0], 1),
    }
    (HERE / "speed.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
