"""Train gated recurrent units on lines or windows of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rung.core.family import CheckpointStore
from rung.nets.characters.batches import UNSCORED
from rung.nets.characters.gpt_parts import mask
from rung.nets.characters.progress import Updates, slope_record
from rung.nets.characters.recurrent import RecurrentShape
from rung.nets.characters.sample import sample_stretches
from rung.nets.training.resuming import Parts, TrainingCheckpoint
from rung.nets.training.threads import torch_threads
from rung.text.passages import Passages
from rung.text.problem import TextProblem
from rung.typing import JSON, Array, Settings

# Pieces of similar length are learned together; so many batches are sorted at once.
SORTED_BATCHES = 16
LONGEST_GRADIENT = 1.0
# The order in which torch lists the parameters of its units.
UNITS = ("read", "kept", "read_shift", "kept_shift")
MOST_JUDGED = 100_000
FEW, LARGE = 20_000, 500_000
PASSES = 10
MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class RecurrentPlan:
    """State how such a network is trained; budgets are counts.

    Attributes
    ----------
    characters : int
        Characters learned from in all, repeated passes counted.
    batch : int
        Characters a step, about.
    rate : float
        Largest learning rate (Adam); it falls to zero along half a cosine.
    dropout : float
        Share of the remembered numbers left out on the way to the output.
    checks : int
        How often the text kept for early stopping is read.
    """

    characters: int
    batch: int = 1_024
    rate: float = 0.01
    dropout: float = 0.1
    checks: int = 20

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


def plan_for(n_tokens: int) -> RecurrentPlan:
    """Choose the budget from the size of the training text.

    Pieces of text are learned place by place, so a step on many of them costs little more than one
    on few: of a large text four times as many are learned at once, at twice the rate.

    Parameters
    ----------
    n_tokens : int
        Characters to learn from.

    Examples
    --------
    >>> plan_for(10_000).batch, plan_for(100_000).batch, plan_for(1_000_000).batch
    (128, 1024, 4096)
    """
    characters = max(20_000, min(PASSES * n_tokens, MOST_CHARACTERS))
    if n_tokens >= LARGE:
        return RecurrentPlan(characters, batch=4_096, rate=0.02)
    return RecurrentPlan(characters, batch=1_024 if n_tokens >= FEW else 128)


class _Network(nn.Module):
    """Characters looked up, units that remember, and scores of what may follow.

    Torch's generator of random numbers is one of the whole process, and other networks may learn
    beside this one: so weights are set by `draw`, and what is left out is drawn by the caller's.
    """

    def __init__(self, shape: RecurrentShape) -> None:
        super().__init__()
        with torch.device("meta"):
            self.symbol = nn.Embedding(shape.symbols, shape.width)
            self.units = nn.GRU(shape.width, shape.hidden, batch_first=True)
            self.output = nn.Linear(shape.hidden, shape.symbols)
        self.to_empty(device="cpu")
        self.bound = shape.hidden**-0.5

    @torch.no_grad()
    def draw(self, generator: torch.Generator) -> None:
        """Draw first weights: normal where characters are looked up, else even as torch has it."""
        for name, each in self.named().items():
            if name == "symbol":
                each.normal_(generator=generator)
            else:
                each.uniform_(-self.bound, self.bound, generator=generator)

    def forward(
        self, tokens: Tensor, dropout: float = 0.0, left_out: np.random.Generator | None = None
    ) -> Tensor:
        remembered: Tensor = self.units(self.symbol(tokens))[0]
        if left_out is not None and dropout:
            stays = mask(remembered.shape, dropout, left_out)
            remembered = remembered * stays.to(remembered.device)
        logits: Tensor = self.output(remembered)
        return logits

    def named(self) -> dict[str, Tensor]:
        """Return the parameters by the names of `RecurrentShape.arrays`."""
        return {
            "symbol": self.symbol.weight,
            **dict(zip(UNITS, self.units.parameters(), strict=True)),
            "output": self.output.weight,
            "prior": self.output.bias,
        }

    def weights(self) -> dict[str, Array]:
        """Return copies of the weights, by the same names."""
        return {name: each.detach().cpu().numpy().copy() for name, each in self.named().items()}


def learn_recurrent(
    problem: TextProblem,
    shape: RecurrentShape,
    plan: RecurrentPlan,
    *,
    device: str,
    seed: int,
    shelf: CheckpointStore | None = None,
) -> dict[str, Any]:
    """Train a recurrent network and return what is left of it as plain data.

    Parameters
    ----------
    problem : TextProblem
        Learned from is `train` alone; `validation` chooses the weights that are kept.
    shape, plan : RecurrentShape, RecurrentPlan
        Size and budget.
    device : str
        Where to train.
    seed : int
        Draws first weights, dropout and the order of the text.
    shelf : CheckpointStore, optional
        Where training is laid down at every check, and taken up if it was killed.

    Returns
    -------
    dict
        `shape`, `plan`, `curve` and `learning` (`updates` and `slopes` by layer), all JSON-ready,
        and `weights`, a dict of ndarray of float32.
    """
    with torch_threads(1):
        training = _RecurrentTraining(shape, plan, device, seed)
        rest = TrainingCheckpoint(shelf, {"shape": shape.to_settings(), "plan": plan.to_settings()})
        training.take_up(rest)
        training.run(problem, np.random.default_rng(seed), rest)
        slopes = slopes_on(problem.train, shape, training.best)
    return {
        "shape": shape.to_settings(),
        "plan": plan.to_settings(),
        "curve": training.curve,
        "learning": {"updates": training.updates.told(), "slopes": slopes},
        "weights": training.best,
    }


@dataclass
class _RecurrentTraining:
    shape: RecurrentShape
    plan: RecurrentPlan
    device: str
    seed: int
    step: int = 0
    done: int = 0
    curve: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = _Network(self.shape)
        self.network.draw(torch.Generator().manual_seed(self.seed))
        self.network.to(self.device)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=self.plan.rate, fused=True)
        self.best = self.network.weights()
        self.updates = Updates(self.network.named())

    def run(self, problem: TextProblem, rng: np.random.Generator, rest: TrainingCheckpoint) -> None:
        batches = _batches(problem.train, self.shape.context, self.plan, rng)
        for number, (tokens, targets) in enumerate(batches):
            if number < self.step:
                continue  # learned before an interruption
            done = self.done + int((targets != UNSCORED).sum())
            is_check = done * self.plan.checks >= (len(self.curve) + 1) * self.plan.characters
            with self.updates.measured(wanted=is_check):
                loss = self._learn(tokens, targets)
            self.done, self.step = done, self.step + 1
            if is_check:
                self._check(problem.validation, loss)
                rest.lay(self._parts(), self._counters())

    def _learn(self, tokens: Array, targets: Array) -> float:
        for group in self.optimiser.param_groups:
            turn = math.pi * min(1.0, self.done / self.plan.characters)
            group["lr"] = self.plan.rate * 0.5 * (1.0 + math.cos(turn))
        # What is left out depends on seed and step alone, so that a run can be taken up anywhere.
        left_out = np.random.default_rng((self.seed, self.step))
        read = torch.from_numpy(tokens).to(self.device)
        loss = _loss(self.network(read, self.plan.dropout, left_out), targets)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_GRADIENT)
        self.optimiser.step()
        return float(loss.detach())

    def _check(self, validation: Passages, loss: float) -> None:
        judged = _judge(self.network, validation, self.shape.context, self.device)
        if judged < min((point["judged"] for point in self.curve), default=math.inf):
            self.best = self.network.weights()
        self.curve.append({"step": self.step, "loss": round(loss, 6), "judged": round(judged, 6)})

    def take_up(self, rest: TrainingCheckpoint) -> None:
        found = rest.take(self._parts())
        if found is not None:
            self.step, self.done, self.curve = found["step"], found["done"], found["curve"]
            self.updates.points = found["updates"]

    def _parts(self) -> Parts:
        """Return what the rest of training depends on; the tensors share memory with it."""
        best = {name: torch.from_numpy(each) for name, each in self.best.items()}
        return {
            "modules": {"network": self.network, "best": best},
            "optimisers": {"adam": self.optimiser},
        }

    def _counters(self) -> dict[str, Any]:
        counted = {"step": self.step, "done": self.done, "curve": self.curve}
        return {**counted, "updates": self.updates.points}


def slopes_on(train: Passages, shape: RecurrentShape, weights: Mapping[str, Array]) -> JSON:
    """Return how steep the loss of a sample of training text is in each layer of a network.

    See `rung.nets.characters.progress.slope_record`.
    """
    network = _Network(shape)
    with torch.no_grad():
        for name, each in network.named().items():
            each.copy_(torch.from_numpy(weights[name]))
    pieces = sample_stretches(train, shape.context)
    count = sum(tokens.size for tokens, _ in pieces)
    for tokens, targets in pieces:
        (_loss(network(torch.from_numpy(tokens)), targets) * (tokens.size / count)).backward()
    slopes = {name: each.grad for name, each in network.named().items() if each.grad is not None}
    return slope_record(slopes, count)


def _loss(logits: Tensor, targets: Array) -> Tensor:
    wanted = torch.from_numpy(targets).to(logits.device)
    return functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=UNSCORED)


@torch.no_grad()
def _judge(network: _Network, passages: Passages, context: int, device: str) -> float:
    total, count = 0.0, 0
    begins, sizes = _pieces(passages, context)
    for start in range(0, len(begins), 128):
        some = slice(start, start + 128)
        tokens, targets = _cut(passages, begins[some], sizes[some])
        scored = int(sizes[some].sum())
        logits = network(torch.from_numpy(tokens).to(device))
        total += float(_loss(logits, targets)) * scored
        count += scored
        if count >= MOST_JUDGED:
            break
    return total / count


def _batches(
    passages: Passages, context: int, plan: RecurrentPlan, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Yield batches of pieces of similar length until the plan's characters are learned."""
    begins, sizes = _pieces(passages, context)
    per_batch = max(1, round(plan.batch / sizes.mean()))
    done = 0
    while True:
        order = rng.permutation(len(begins))
        for start in range(0, len(order), per_batch * SORTED_BATCHES):
            some = order[start : start + per_batch * SORTED_BATCHES]
            some = some[np.argsort(sizes[some], kind="stable")]
            cuts = range(0, len(some), per_batch)
            for turn in rng.permutation(len(cuts)):
                if done >= plan.characters:
                    return
                chosen = some[cuts[turn] : cuts[turn] + per_batch]
                done += int(sizes[chosen].sum())
                yield _cut(passages, begins[chosen], sizes[chosen])


def _pieces(passages: Passages, context: int) -> tuple[Array, Array]:
    """Cut passages into pieces of at most a context; return where they begin and their sizes."""
    counts = -(-passages.lengths // context)
    passage = np.repeat(np.arange(passages.n_passages), counts)
    turn = np.arange(len(passage)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = passages.starts[:-1][passage] + turn * context
    sizes = np.minimum(passages.lengths[passage] - turn * context, context)
    return begins, sizes


def _cut(passages: Passages, begins: Array, sizes: Array) -> tuple[Array, Array]:
    """Return what is read and what follows, padded to the longest; both (n, n_places)."""
    index = begins[:, None] + np.arange(int(sizes.max()))
    inside = np.arange(index.shape[1]) < sizes[:, None]
    index = np.where(inside, index, begins[:, None])
    read = np.where(inside, _read_at(passages, index), 0)
    targets = np.where(inside, passages.tokens[index].astype(np.int64), UNSCORED)
    return read, targets


def _read_at(passages: Passages, index: Array) -> Array:
    before = passages.tokens[np.maximum(index - 1, 0)].astype(np.int64)
    begin = passages.starts[np.searchsorted(passages.starts, index, side="right") - 1]
    return np.where(index == begin, 0, before)
