"""Train a GPT: what a step does, and which rows it learns from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import torch
from torch.nn import functional

from rung.nets.characters.batches import UNSCORED, CharacterRows
from rung.nets.characters.gpt import GPT
from rung.nets.characters.muon import Muon
from rung.nets.characters.precision import product
from rung.nets.characters.shape import GptShape
from rung.nets.training.resuming import Parts
from rung.nets.training.schedule import up_and_down
from rung.typing import Array, Settings

ADAM_BETAS = (0.9, 0.95)
JUDGED_AT_ONCE = 256

Epoch = Callable[[int], CharacterRows]


@dataclass(frozen=True)
class GptPlan:
    """State how a GPT is trained; budgets are counts.

    Attributes
    ----------
    steps, rows : int
        Steps, and rows of text a step.
    matrix_rate, other_rate : float
        Largest learning rate of the matrices (Muon) and of everything else (Adam).
    warm_up, cool_down : float
        Shares of training in which the rates rise from and fall to zero, along lines.
    dropout, weight_decay : float
        Share of numbers left out; share of the matrices taken off, in units of the rate.
    checks : int
        How often the text kept for early stopping is read.
    precision : str
        `float32`, or `bfloat16` for the products.
    threads : int
        Threads that torch works with.
    """

    steps: int = 400
    rows: int = 24
    matrix_rate: float = 0.02
    other_rate: float = 0.03
    warm_up: float = 0.0
    cool_down: float = 0.6
    dropout: float = 0.0
    weight_decay: float = 0.0
    checks: int = 8
    precision: str = "float32"
    threads: int = 1

    def rate(self, step: int) -> float:
        """Return the share of the largest learning rates at this step."""
        return up_and_down(step, self.steps, up=self.warm_up, down=self.cool_down)

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


class GptLearner:
    """A GPT in training, with the text that judges it.

    Parameters
    ----------
    shape, plan : GptShape, GptPlan
        What is trained, and how.
    judged : CharacterRows
        Text kept for early stopping.
    seed : int
        Draws first weights and dropout.
    device : str
        Where.
    """

    def __init__(
        self,
        shape: GptShape,
        plan: GptPlan,
        judged: CharacterRows,
        *,
        seed: int = 0,
        device: str = "cpu",
    ) -> None:
        self.plan, self.judged, self.seed, self.device = plan, judged, seed, device
        self.gpt = GPT(
            shape,
            torch.Generator().manual_seed(seed),
            dropout=plan.dropout,
            product=partial(product, precision=plan.precision),
        ).to(device)
        named = self.named()
        self.muon = Muon([each for name, each in named.items() if "." in name])
        self.adam = torch.optim.AdamW(
            [each for name, each in named.items() if "." not in name],
            lr=plan.other_rate,
            betas=ADAM_BETAS,
            weight_decay=0.0,
            fused=True,
        )

    def named(self) -> dict[str, torch.Tensor]:
        return dict(self.gpt.named_parameters())

    def learn(self, batch: CharacterRows, step: int) -> float:
        rate = self.plan.rate(step)
        # What is left out depends on seed and step alone, so that a run can be resumed anywhere.
        if self.gpt.symbol.device.type == "cpu":
            self.gpt.left_out = np.random.default_rng((self.seed, step))
            loss = self._loss(batch)
        else:
            with torch.random.fork_rng():
                torch.manual_seed(self.seed * 1_000_003 + step)
                loss = self._loss(batch)
        loss.backward()
        for group in self.adam.param_groups:
            group["lr"] = self.plan.other_rate * rate
        self.adam.step()
        self.adam.zero_grad()
        self.muon.step(self.plan.matrix_rate * rate, weight_decay=self.plan.weight_decay)
        return float(loss.detach())

    def _loss(self, rows: CharacterRows) -> torch.Tensor:
        logits = self.gpt(rows.tokens, rows.documents)
        targets = torch.from_numpy(rows.targets).to(self.device)
        return functional.cross_entropy(
            logits.flatten(0, 1).float(), targets.flatten(), ignore_index=UNSCORED
        )

    @torch.no_grad()
    def judge(self, rows: CharacterRows | None = None) -> float:
        self.gpt.eval()
        rows, total, count = rows or self.judged, 0.0, 0
        for start in range(0, len(rows), JUDGED_AT_ONCE):
            some = rows.take(np.arange(start, min(start + JUDGED_AT_ONCE, len(rows))))
            scored = int((some.targets != UNSCORED).sum())
            total += float(self._loss(some)) * scored if scored else 0.0
            count += scored
        self.gpt.train()
        return total / count

    def weights(self) -> dict[str, Array]:
        return {name: each.detach().cpu().numpy().copy() for name, each in self.named().items()}

    def parts(self) -> Parts:
        means = {str(number): each for number, each in enumerate(self.muon.means)}
        return {"modules": {"gpt": self.gpt, "muon": means}, "optimisers": {"adam": self.adam}}


def batches(epoch: Epoch, plan: GptPlan) -> Iterator[CharacterRows]:
    """Yield the rows of each step, pass after pass.

    Parameters
    ----------
    epoch : callable
        Returns the rows of the n-th pass over the training text.
    plan : GptPlan
        Rows a step, and steps.
    """
    number, turn = 0, 0
    while number < plan.steps:
        rows = epoch(turn)
        size = min(plan.rows, len(rows))
        for start in range(0, len(rows) - size + 1, size):
            if number == plan.steps:
                return
            yield rows.take(np.arange(start, start + size))
            number += 1
        turn += 1
