"""Train a GPT: one loop, with a state that can be laid down and taken up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial

import numpy as np
import torch
from torch.nn import functional

from rung.nets.characters.batches import UNSCORED, CharacterRows
from rung.nets.characters.gpt import GPT
from rung.nets.characters.muon import Muon
from rung.nets.characters.precision import product
from rung.nets.characters.progress import Updates
from rung.nets.characters.shape import GptShape
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
        """Return the share of the largest learning rates at this step.

        Source
        ------
        Zhai et al. (2022), Scaling vision transformers, CVPR: constant, then down along a line.
        """
        up = (step + 1) / (self.warm_up * self.steps + 1)
        return min(1.0, up, (1.0 - step / self.steps) / self.cool_down)

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


@dataclass
class Training:
    """Hold a GPT on its way.

    Parameters
    ----------
    shape, plan : GptShape, Plan
        What is trained, and how.
    seed : int
        Draws first weights and dropout.
    device : str
        Where.
    """

    shape: GptShape
    plan: GptPlan
    seed: int = 0
    device: str = "cpu"
    step: int = 0
    curve: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the first weights."""
        self.gpt = GPT(
            self.shape,
            torch.Generator().manual_seed(self.seed),
            dropout=self.plan.dropout,
            product=partial(product, precision=self.plan.precision),
        ).to(self.device)
        matrices: list[torch.Tensor] = []
        others: list[torch.Tensor] = []
        for name, parameter in self.gpt.named_parameters():
            (matrices if "." in name else others).append(parameter)
        self.updates = Updates(dict(self.gpt.named_parameters()))
        self.muon = Muon(matrices)
        self.adam = torch.optim.AdamW(
            others, lr=self.plan.other_rate, betas=ADAM_BETAS, weight_decay=0.0, fused=True
        )

    def run(
        self, epoch: Epoch, judged: CharacterRows, rest: Callable[[Training], None] | None = None
    ) -> None:
        """Train to the end of the plan.

        Parameters
        ----------
        epoch : callable
            Returns the rows of the n-th pass over the training text.
        judged : CharacterRows
            Text kept for early stopping; the weights that read it best are kept.
        rest : callable, optional
            Called after every check, for writing a checkpoint.
        """
        every = max(1, self.plan.steps // self.plan.checks)
        for number, rows in self._batches(epoch):
            if number < self.step:
                continue
            is_check = (number + 1) % every == 0 or number + 1 == self.plan.steps
            with self.updates.measured(wanted=is_check):
                loss = self._learn(rows)
            if is_check:
                self._check(judged, loss)
                if rest is not None:
                    rest(self)

    def _batches(self, epoch: Epoch) -> Iterator[tuple[int, CharacterRows]]:
        number, turn = 0, 0
        while number < self.plan.steps:
            rows = epoch(turn)
            size = min(self.plan.rows, len(rows))
            for start in range(0, len(rows) - size + 1, size):
                if number == self.plan.steps:
                    return
                # Batches that were learned before an interruption are passed over unread.
                yield number, rows.take(np.arange(start, start + size))
                number += 1
            turn += 1

    def _learn(self, rows: CharacterRows) -> float:
        rate = self.plan.rate(self.step)
        # What is left out depends on seed and step alone, so that a run can be taken up anywhere.
        if self.gpt.symbol.device.type == "cpu":
            self.gpt.left_out = np.random.default_rng((self.seed, self.step))
            loss = self._loss(rows)
        else:
            with torch.random.fork_rng():
                torch.manual_seed(self.seed * 1_000_003 + self.step)
                loss = self._loss(rows)
        loss.backward()
        for group in self.adam.param_groups:
            group["lr"] = self.plan.other_rate * rate
        self.adam.step()
        self.adam.zero_grad()
        self.muon.step(self.plan.matrix_rate * rate, weight_decay=self.plan.weight_decay)
        self.step += 1
        return float(loss.detach())

    def _loss(self, rows: CharacterRows) -> torch.Tensor:
        logits = self.gpt(rows.tokens, rows.documents)
        targets = torch.from_numpy(rows.targets).to(self.device)
        return functional.cross_entropy(
            logits.flatten(0, 1).float(), targets.flatten(), ignore_index=UNSCORED
        )

    def _check(self, judged: CharacterRows, loss: float) -> None:
        score = self.judge(judged)
        if score < min((point["judged"] for point in self.curve), default=np.inf):
            self.best = self.weights()
        self.curve.append({"step": self.step, "loss": loss, "judged": score})

    @torch.no_grad()
    def judge(self, rows: CharacterRows) -> float:
        """Return the mean negative log-likelihood of a text, in nats a character."""
        self.gpt.eval()
        total, count = 0.0, 0
        for start in range(0, len(rows), JUDGED_AT_ONCE):
            some = rows.take(np.arange(start, min(start + JUDGED_AT_ONCE, len(rows))))
            scored = int((some.targets != UNSCORED).sum())
            total += float(self._loss(some)) * scored if scored else 0.0
            count += scored
        self.gpt.train()
        return total / count

    def weights(self) -> dict[str, Array]:
        """Return the weights as numpy arrays."""
        return {
            name: each.detach().cpu().numpy().copy() for name, each in self.gpt.named_parameters()
        }

    def arrays(self) -> dict[str, Array]:
        """Return all that the rest of training depends on, as arrays."""
        held = {f"weight:{name}": each for name, each in self.weights().items()}
        held |= {f"best:{name}": each for name, each in self.best.items()}
        held |= {f"mean:{n}": each.cpu().numpy().copy() for n, each in enumerate(self.muon.means)}
        for number, state in self.adam.state_dict()["state"].items():
            held |= {f"adam:{number}:{key}": each.cpu().numpy() for key, each in state.items()}
        points = [[point["step"], point["loss"], point["judged"]] for point in self.curve]
        held["updates"] = np.array(self.updates.points, dtype=np.float64)
        return held | {"curve": np.array(points, dtype=np.float64).reshape(-1, 3)}

    @torch.no_grad()
    def restore(self, arrays: Mapping[str, Array]) -> None:
        """Take training up where `arrays` were laid down."""
        for name, parameter in self.gpt.named_parameters():
            parameter.copy_(torch.from_numpy(arrays[f"weight:{name}"]))
        for number, mean in enumerate(self.muon.means):
            mean.copy_(torch.from_numpy(arrays[f"mean:{number}"]))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, each in arrays.items():
            if name.startswith("adam:"):
                _, group, key = name.split(":")
                state.setdefault(int(group), {})[key] = torch.from_numpy(each.copy())
        self.adam.load_state_dict({**self.adam.state_dict(), "state": state})
        self.best = {
            name.removeprefix("best:"): each
            for name, each in arrays.items()
            if name.startswith("best:")
        }
        self.curve = [
            {"step": int(step), "loss": loss, "judged": judged}
            for step, loss, judged in arrays["curve"].tolist()
        ]
        self.updates.points = arrays["updates"].tolist()
        self.step = int(arrays["curve"][-1, 0]) if len(arrays["curve"]) else 0
