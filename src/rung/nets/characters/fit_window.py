"""Train a network that looks at a window of characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rung.core.family import CheckpointStore
from rung.nets.characters.loop import train, with_checks
from rung.nets.characters.progress import slope_record
from rung.nets.characters.sample import sample_places
from rung.nets.characters.window import EPSILON, WindowShape, forward
from rung.nets.training.resuming import Parts
from rung.nets.training.schedule import up_and_down
from rung.nets.training.threads import torch_threads
from rung.text.passages import Passages
from rung.text.problem import TextProblem
from rung.typing import JSON, Array, Settings

TANH_GAIN = 5.0 / 3.0
BETAS = (0.9, 0.99)
WARM_UP = 0.02
BUFFERS = ("mean", "variance")
# What decays: products of matrices. Shifts, scales and looked-up numbers are left alone.
DECAYING = ("fused", "output")
# How far a batch moves the kept mean and variance towards its own.
MOVED = 0.02
MOST_JUDGED = 100_000
JUDGED_AT_ONCE = 1 << 14
# So many characters show what a network of a screen can learn; of a longer text some are drawn.
MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True)
class WindowPlan:
    """State how such a network is trained; budgets are counts.

    Attributes
    ----------
    characters : int
        Characters learned from in all, repeated passes counted.
    batch : int
        Characters a step.
    rate : float
        Largest learning rate (Adam); it rises for a fiftieth of training, then falls to zero along
        a line.
    weight_decay : float
        Share of the matrices taken off, in units of the rate.
    checks : int
        How often the text kept for early stopping is read.
    """

    characters: int
    batch: int = 1_024
    rate: float = 0.01
    weight_decay: float = 0.0
    checks: int = 20

    @property
    def steps(self) -> int:
        """Steps in all."""
        return max(1, self.characters // self.batch)

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step, counted from zero.

        Examples
        --------
        >>> plan = WindowPlan(100_000, batch=1_000, rate=0.1)
        >>> round(plan.rate_at(0), 4), plan.rate_at(2), round(plan.rate_at(99), 4)
        (0.0333, 0.1, 0.001)
        """
        return self.rate * up_and_down(step, self.steps, up=WARM_UP, down=1.0 - WARM_UP)

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


def plan_for(n_tokens: int, *, passes: int, rate: float, weight_decay: float = 0.0) -> WindowPlan:
    """Choose a budget: so many passes over a small text, a part of a large one."""
    characters = min(passes * n_tokens, MOST_CHARACTERS)
    batch = 1_024 if n_tokens >= 20_000 else 128
    return WindowPlan(max(characters, 100 * batch), batch, rate, weight_decay)


class _WindowLearner:
    """A network in training, with the text that judges it."""

    def __init__(
        self, shape: WindowShape, plan: WindowPlan, problem: TextProblem, *, device: str, seed: int
    ) -> None:
        self.shape, self.plan, self.device = shape, plan, device
        self.values = first_weights(shape, seed, device)
        judged = np.arange(min(problem.validation.n_tokens, MOST_JUDGED))
        self.train, self.judged = problem.train, self._tensors(problem.validation, judged)
        decaying: list[Tensor] = []
        others: list[Tensor] = []
        for name, each in self.named().items():
            (decaying if kind_of(name) in DECAYING else others).append(each.requires_grad_())
        groups = [
            {"params": decaying, "weight_decay": plan.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=BETAS, fused=True)

    def named(self) -> dict[str, Tensor]:
        return {name: each for name, each in self.values.items() if kind_of(name) not in BUFFERS}

    def learn(self, batch: Array, step: int) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(step)
        contexts, targets = self._tensors(self.train, batch)
        loss = functional.cross_entropy(scores(self.values, contexts, self.shape), targets)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return float(loss.detach())

    @torch.no_grad()
    def judge(self) -> float:
        contexts, targets = self.judged
        total = 0.0
        for start in range(0, len(contexts), JUDGED_AT_ONCE):
            some = slice(start, start + JUDGED_AT_ONCE)
            logits = forward(self.values, contexts[some], self.shape, torch)
            total += float(functional.cross_entropy(logits, targets[some], reduction="sum"))
        return total / len(contexts)

    def weights(self) -> dict[str, Array]:
        return {name: each.detach().cpu().numpy().copy() for name, each in self.values.items()}

    def parts(self) -> Parts:
        return {"modules": {"weights": self.values}, "optimisers": {"adam": self.optimiser}}

    def _tensors(self, passages: Passages, places: Array) -> tuple[Tensor, Tensor]:
        return _tensors(passages, places, length=self.shape.context, device=self.device)


def scores(weights: Mapping[str, Tensor], contexts: Tensor, shape: WindowShape) -> Tensor:
    """Return the logits of `rung.nets.characters.window.forward` in training.

    Sums are normed by the batch; the kept mean and variance move towards those of the batch.

    Parameters
    ----------
    weights : mapping of str to Tensor
        As `WindowShape.arrays` names them.
    contexts : Tensor of int, shape (n_rows, context)
        Characters before, oldest first.
    shape : WindowShape
        Sizes.

    Source
    ------
    Ioffe & Szegedy (2015), ICML.
    """
    now = functional.embedding(contexts, weights["symbol"])
    for level in range(shape.levels):
        now = now.reshape(len(contexts), now.shape[1] // shape.fuse, -1)
        fused, shift = weights[f"fused.{level}"], weights[f"shift.{level}"]
        if shape.normed:
            mean, variance, scale = (weights[f"{name}.{level}"] for name in (*BUFFERS, "scale"))
            sums = functional.linear(now, fused)
            normed = functional.batch_norm(
                sums.flatten(0, 1),
                mean,
                variance,
                scale,
                shift,
                training=True,
                momentum=MOVED,
                eps=EPSILON,
            )
            now = normed.view_as(sums).tanh()
        else:
            now = functional.linear(now, fused, shift).tanh()
    now = now.flatten(1)
    return functional.linear(now, weights["output"], weights["prior"]) if shape.levels else now


def learn_window(
    problem: TextProblem,
    shape: WindowShape,
    plan: WindowPlan,
    *,
    device: str,
    seed: int,
    shelf: CheckpointStore | None = None,
) -> dict[str, Any]:
    """Train a network and return what is left of it as plain data.

    Parameters
    ----------
    problem : TextProblem
        Learned from is `train` alone; `validation` chooses the weights that are kept.
    shape, plan : WindowShape, WindowPlan
        Size and budget.
    device : str
        Where to train.
    seed : int
        Draws first weights and the order of the text.
    shelf : CheckpointStore, optional
        Where training is saved at every check, and resumed from if it was killed.

    Returns
    -------
    dict
        As `rung.nets.characters.loop.train` gives it.
    """
    settings = {"shape": shape.to_settings(), "plan": plan.to_settings()}
    with torch_threads(1):
        network = _WindowLearner(shape, plan, problem, device=device, seed=seed)
        places = _places(problem.train.n_tokens, plan, np.random.default_rng(seed))
        batches = with_checks(places, plan.steps, plan.checks)
        return train(network, batches, settings, partial(slopes_on, problem.train, shape), shelf)


def slopes_on(train: Passages, shape: WindowShape, weights: Mapping[str, Array]) -> JSON:
    """Return how steep the loss of a sample of training text is in each layer of a network.

    See `rung.nets.characters.progress.slope_record`.
    """
    own = {name: torch.from_numpy(each.copy()) for name, each in weights.items()}
    learned = {n: each.requires_grad_() for n, each in own.items() if kind_of(n) not in BUFFERS}
    places = sample_places(train)
    contexts, targets = _tensors(train, places, length=shape.context, device="cpu")
    functional.cross_entropy(scores(own, contexts, shape), targets).backward()
    slopes = {name: each.grad for name, each in learned.items() if each.grad is not None}
    return slope_record(slopes, len(places))


def kind_of(name: str) -> str:
    """Return the kind of an array, without the number of its level.

    Examples
    --------
    >>> kind_of("fused.0")
    'fused'
    """
    return name.split(".", maxsplit=1)[0]


def first_weights(shape: WindowShape, seed: int, device: str) -> dict[str, Tensor]:
    """Draw weights with which signals neither grow nor fade, and nothing is expected yet.

    Source
    ------
    He, Zhang, Ren & Sun (2015), ICCV.
    """
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, size in shape.arrays().items():
        kind = kind_of(name)
        if kind in {"scale", "variance"}:
            value = torch.ones(size)
        elif kind in {"shift", "mean", "prior"}:
            value = torch.zeros(size)
        else:
            gain = {"symbol": 1.0, "fused": TANH_GAIN, "output": 0.1}[kind]
            fan_in = size[1] if kind != "symbol" else 1
            value = torch.randn(size, generator=generator) * gain / fan_in**0.5
        if kind == "symbol" and not shape.levels:
            value = value * 0.01
        weights[name] = value.to(device)
    return weights


def _places(n_tokens: int, plan: WindowPlan, rng: np.random.Generator) -> Iterator[Array]:
    """Yield the characters of each step: pass after pass, or, of a long text, drawn ones."""
    order = np.zeros(0, dtype=np.int64)
    for _ in range(plan.steps):
        while len(order) < plan.batch:
            # An order of all characters of a long text would need eight times its memory.
            is_long = n_tokens > MOST_CHARACTERS
            more = (
                rng.integers(n_tokens, size=MOST_CHARACTERS)
                if is_long
                else rng.permutation(n_tokens)
            )
            order = np.concatenate((order, more))
        places, order = order[: plan.batch], order[plan.batch :]
        yield places


def _tensors(
    passages: Passages, places: Array, *, length: int, device: str
) -> tuple[Tensor, Tensor]:
    contexts = passages.contexts(length, places).astype(np.int64)
    targets = passages.tokens[places].astype(np.int64)
    return torch.from_numpy(contexts).to(device), torch.from_numpy(targets).to(device)
