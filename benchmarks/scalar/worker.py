"""Train the moons once with one engine, in a process of its own: a job on stdin, figures on stdout.

It needs the standard library and the engine, so it runs in the peer's environment too. The demo is
that of micrograd: 100 points, full batch, max-margin loss with an L2 penalty of 1e-4, 100 steps of
descent at a rate from 1.0 down to 0.1. Points are plain floats: with those of numpy micrograd would
be slower still. What is timed is building the loss, deriving it and stepping, and for the compiled
program its recording too.

`pause` stops the cyclic garbage collector within steps, and frees each step's graph outside the
clock: the best that can be done for an engine whose every node is part of a cycle.
"""

from __future__ import annotations

import gc
import importlib
import json
import platform
import random
import sys
import time
from typing import Any

STEPS_OF_THE_DEMO = 100
PENALTY = 1e-4


def rate(step: int) -> float:
    """Return the learning rate of the demo."""
    return 1.0 - 0.9 * step / STEPS_OF_THE_DEMO


class Eager:
    """Build the whole loss anew at every step, as the demo does."""

    def __init__(self, package: str, sizes: list[int]) -> None:
        nn = importlib.import_module(package + ".nn")
        engine = "micrograd.engine" if package == "micrograd" else package + ".value"
        self.value = importlib.import_module(engine).Value
        self.model = nn.MLP(2, sizes)
        self.graph: Any = None

    def step(self, X: list[list[float]], y: list[float], step: int) -> float:
        """Train one step and return the loss before it."""
        inputs = [list(map(self.value, row)) for row in X]
        scores = list(map(self.model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        penalty = PENALTY * sum(p * p for p in self.model.parameters())
        total = data_loss + penalty
        self.model.zero_grad()
        total.backward()
        for p in self.model.parameters():
            p.data -= rate(step) * p.grad
        self.graph = total
        return float(total.data)


class Compiled:
    """Record the loss of one point at the first step, then replay it for all points."""

    def __init__(self, package: str, sizes: list[int]) -> None:
        self.autograd = importlib.import_module(package)
        self.model = self.autograd.MLP(2, sizes)
        self.graph: Any = None
        self.program: Any = None

    def step(self, X: list[list[float]], y: list[float], step: int) -> float:
        """Train one step and return the loss before it."""
        if self.program is None:
            self.program = self.autograd.trace(self.loss, X[0], y[0])
        self.model.zero_grad()
        total = self.program.backward(X, y)
        for p in self.model.parameters():
            p.data -= rate(step) * p.grad
        return float(total)

    def loss(self, x: Any, y: Any) -> Any:
        """Return the loss of one point with the penalty, whose mean over points is the loss."""
        penalty = PENALTY * sum(p * p for p in self.model.parameters())
        return (1 + -y * self.model(x)).relu() + penalty


def train(job: dict[str, Any]) -> dict[str, Any]:
    """Train with one engine and return what it took."""
    random.seed(job["seed"])
    package = "micrograd" if job["engine"] == "micrograd" else "rung.autograd"
    trainer = (Compiled if job["engine"] == "compiled" else Eager)(package, job["sizes"])
    if job["engine"] == "compiled":
        importlib.import_module("numpy")  # importing is not training, for any engine
    wall = cpu = 0.0
    curve = []
    for step in range(job["steps"]):
        if job["pause"]:
            gc.disable()
        started, used = time.perf_counter(), time.process_time()
        if not job["pause"]:
            trainer.graph = None
        curve.append(trainer.step(job["X"], job["y"], step))
        wall += time.perf_counter() - started
        cpu += time.process_time() - used
        if job["pause"]:
            trainer.graph = None
            gc.collect()
    return {"wall": wall, "cpu": cpu, "curve": curve, "python": platform.python_version()}


if __name__ == "__main__":
    json.dump(train(json.load(sys.stdin)), sys.stdout)
