"""Train gated recurrent units on lines or windows of text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rung.nets.characters.batches import UNSCORED
from rung.nets.characters.recurrent import RecurrentShape
from rung.text.passages import Passages
from rung.text.problem import TextProblem
from rung.typing import Array, Settings

# Pieces of similar length are learned together; so many batches are sorted at once.
SORTED_BATCHES = 16
LONGEST_GRADIENT = 1.0
# The order in which torch lists the parameters of its units.
UNITS = ("read", "kept", "read_shift", "kept_shift")
MOST_JUDGED = 100_000


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
    rate: float = 0.005
    dropout: float = 0.2
    checks: int = 20

    def to_settings(self) -> Settings:
        """Return the plan, JSON-ready."""
        return asdict(self)


class _Network(nn.Module):
    def __init__(self, shape: RecurrentShape, dropout: float) -> None:
        super().__init__()
        self.symbol = nn.Embedding(shape.symbols, shape.width)
        self.units = nn.GRU(shape.width, shape.hidden, batch_first=True)
        self.output = nn.Linear(shape.hidden, shape.symbols)
        self.dropout = dropout

    def forward(self, tokens: Tensor) -> Tensor:
        remembered, _ = self.units(self.symbol(tokens))
        kept = functional.dropout(remembered, self.dropout, self.training)
        logits: Tensor = self.output(kept)
        return logits

    def weights(self) -> dict[str, Array]:
        """Return the weights by the names of `RecurrentShape.arrays`."""
        held = {
            "symbol": self.symbol.weight,
            **dict(zip(UNITS, self.units.parameters(), strict=True)),
            "output": self.output.weight,
            "prior": self.output.bias,
        }
        return {name: each.detach().cpu().numpy().copy() for name, each in held.items()}


def learn_recurrent(
    problem: TextProblem,
    shape: RecurrentShape,
    plan: RecurrentPlan,
    *,
    device: str,
    seed: int,
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

    Returns
    -------
    dict
        `shape`, `plan`, `curve`, all JSON-ready, and `weights`, a dict of ndarray of float32.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _learn(problem, shape, plan, device, np.random.default_rng(seed))
    finally:
        torch.set_num_threads(threads)


def _learn(
    problem: TextProblem,
    shape: RecurrentShape,
    plan: RecurrentPlan,
    device: str,
    rng: np.random.Generator,
) -> dict[str, Any]:
    network = _Network(shape, plan.dropout).to(device)
    optimiser = torch.optim.Adam(network.parameters(), lr=plan.rate, fused=True)
    curve: list[dict[str, float]] = []
    best = network.weights()
    done, step, checked = 0, 0, 0
    for tokens, targets in _batches(problem.train, shape.context, plan, rng):
        for group in optimiser.param_groups:
            turn = math.pi * min(1.0, done / plan.characters)
            group["lr"] = plan.rate * 0.5 * (1.0 + math.cos(turn))
        loss = _loss(network, tokens, targets, device)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
        optimiser.step()
        done, step = done + int((targets != UNSCORED).sum()), step + 1
        if done * plan.checks >= (checked + 1) * plan.characters:
            checked += 1
            judged = _judge(network, problem.validation, shape.context, device)
            if judged < min((point["judged"] for point in curve), default=math.inf):
                best = network.weights()
            curve.append(
                {"step": step, "loss": round(float(loss.detach()), 6), "judged": round(judged, 6)}
            )
    return {
        "shape": shape.to_settings(),
        "plan": plan.to_settings(),
        "curve": curve,
        "weights": best,
    }


def _loss(network: _Network, tokens: Array, targets: Array, device: str) -> Tensor:
    logits = network(torch.from_numpy(tokens).to(device))
    wanted = torch.from_numpy(targets).to(device)
    return functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=UNSCORED)


@torch.no_grad()
def _judge(network: _Network, passages: Passages, context: int, device: str) -> float:
    network.eval()
    total, count = 0.0, 0
    begins, sizes = _pieces(passages, context)
    for start in range(0, len(begins), 128):
        some = slice(start, start + 128)
        tokens, targets = _cut(passages, begins[some], sizes[some])
        scored = int(sizes[some].sum())
        total += float(_loss(network, tokens, targets, device)) * scored
        count += scored
        if count >= MOST_JUDGED:
            break
    network.train()
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
