"""Train a network that looks at a window of characters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rung.core.family import CheckpointStore
from rung.nets.characters.progress import Updates, slope_record
from rung.nets.characters.sample import sample_places
from rung.nets.characters.window import WindowShape, forward
from rung.nets.characters.window_slope import DECAYING, WindowSlope, kind_of, lay_out
from rung.nets.training.resuming import Parts, TrainingCheckpoint
from rung.nets.training.threads import torch_threads
from rung.text.passages import Passages
from rung.text.problem import TextProblem
from rung.typing import JSON, Array, Settings

TANH_GAIN = 5.0 / 3.0
BETAS = (0.9, 0.99)
WARM_UP = 0.02
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
        up = WARM_UP * self.steps
        down = (self.steps - step) / (self.steps - up)
        return self.rate * min(1.0, (step + 1) / (up + 1.0), down)

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


def plan_for(n_tokens: int, *, passes: int, rate: float, weight_decay: float = 0.0) -> WindowPlan:
    """Choose a budget: so many passes over a small text, a part of a large one."""
    characters = min(passes * n_tokens, MOST_CHARACTERS)
    batch = 1_024 if n_tokens >= 20_000 else 128
    return WindowPlan(max(characters, 100 * batch), batch, rate, weight_decay)


@dataclass
class _WindowTraining:
    shape: WindowShape
    plan: WindowPlan
    weights: dict[str, Tensor]
    curve: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, Array] = field(default_factory=dict)
    step: int = 0

    def __post_init__(self) -> None:
        flat, views = lay_out(self.shape, self.weights)
        slope, slopes = lay_out(self.shape, self.weights)
        self.weights = {**self.weights, **views}
        self.slope = WindowSlope(self.shape, self.weights, slopes, self.plan.batch)
        n_decaying = sum(views[name].numel() for name in views if kind_of(name) in DECAYING)
        groups = []
        for start, stop, decay in (
            (0, n_decaying, self.plan.weight_decay),
            (n_decaying, len(flat), 0.0),
        ):
            part = flat[start:stop]
            part.grad = slope[start:stop]
            groups.append({"params": [part] if len(part) else [], "weight_decay": decay})
        self.optimiser = torch.optim.AdamW(groups, lr=self.plan.rate, betas=BETAS, fused=True)
        self.updates = Updates(views)

    def run(
        self,
        problem: TextProblem,
        rng: np.random.Generator,
        rest: TrainingCheckpoint,
        *,
        device: str,
    ) -> None:
        plan, move = self.plan, partial(_tensors, length=self.shape.context, device=device)
        kept = move(problem.validation, np.arange(min(problem.validation.n_tokens, MOST_JUDGED)))
        every = max(1, plan.steps // plan.checks)
        for step, places in enumerate(_places(problem.train.n_tokens, plan, rng), start=1):
            if step <= self.step:
                continue  # learned before an interruption
            is_check = step % every == 0 or step == plan.steps
            with self.updates.measured(wanted=is_check):
                loss = self._learn(*move(problem.train, places))
            if is_check:
                self.check(step, loss, self.judge(*kept))
                rest.lay(self._parts(), self._counters())

    def _learn(self, contexts: Tensor, targets: Tensor) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(self.step)
        loss = self.slope.of(contexts, targets)
        self.optimiser.step()
        self.step += 1
        return float(loss)

    def take_up(self, rest: TrainingCheckpoint) -> None:
        """Go on where a training of the same size and plan was laid down."""
        self.best = self.copied()
        found = rest.take(self._parts())
        if found is not None:
            self.step, self.curve = found["step"], found["curve"]
            self.updates.points = found["updates"]

    def _parts(self) -> Parts:
        """Return what the rest of training depends on; the tensors share memory with it."""
        best = {name: torch.from_numpy(each) for name, each in self.best.items()}
        return {
            "modules": {"weights": self.weights, "best": best},
            "optimisers": {"adam": self.optimiser},
        }

    def _counters(self) -> dict[str, Any]:
        return {"step": self.step, "curve": self.curve, "updates": self.updates.points}

    def copied(self) -> dict[str, Array]:
        """Return the weights as numpy arrays."""
        return {name: each.cpu().numpy().copy() for name, each in self.weights.items()}

    @torch.no_grad()
    def judge(self, contexts: Tensor, targets: Tensor) -> float:
        """Return nats a character."""
        total = 0.0
        for start in range(0, len(contexts), JUDGED_AT_ONCE):
            some = slice(start, start + JUDGED_AT_ONCE)
            logits = forward(self.weights, contexts[some], self.shape, torch)
            total += float(functional.cross_entropy(logits, targets[some], reduction="sum"))
        return total / len(contexts)

    def check(self, step: int, loss: float, judged: float) -> None:
        """Note how training goes; keep the weights if they are the best so far."""
        if judged < min((point["judged"] for point in self.curve), default=math.inf):
            self.best = self.copied()
        self.curve.append({"step": step, "loss": round(loss, 6), "judged": round(judged, 6)})


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
        Where training is laid down at every check, and taken up if it was killed.

    Returns
    -------
    dict
        `shape`, `plan`, `curve` and `learning` (`updates` and `slopes` by layer), all JSON-ready,
        and `weights`, a dict of ndarray of float32.
    """
    training = _WindowTraining(shape, plan, first_weights(shape, seed, device))
    rest = TrainingCheckpoint(shelf, {"shape": shape.to_settings(), "plan": plan.to_settings()})
    with torch_threads(1):
        training.take_up(rest)
        training.run(problem, np.random.default_rng(seed), rest, device=device)
        slopes = slopes_on(problem.train, shape, training.best)
    return {
        "shape": shape.to_settings(),
        "plan": plan.to_settings(),
        "curve": training.curve,
        "learning": {"updates": training.updates.told(), "slopes": slopes},
        "weights": training.best,
    }


def slopes_on(train: Passages, shape: WindowShape, weights: Mapping[str, Array]) -> JSON:
    """Return how steep the loss of a sample of training text is in each layer of a network.

    See `rung.nets.characters.progress.slope_record`.
    """
    own = {name: torch.from_numpy(each.copy()) for name, each in weights.items()}
    slopes = {name: torch.zeros_like(each) for name, each in own.items()}
    places = sample_places(train)
    sample = _tensors(train, places, length=shape.context, device="cpu")
    WindowSlope(shape, own, slopes, len(places)).of(*sample)
    return slope_record(slopes, len(places))


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
