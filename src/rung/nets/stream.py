"""Train on more rows than fit in memory: blocks of them come in a shuffled order, a few at a time.

Of the table only a few blocks, and a bounded sample of held-out rows, are ever in memory. Where a
row goes depends on the seed and its place in the table alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rung.core.family import State
from rung.errors import DataError, RungError, UsageError
from rung.nets.module import repeatable
from rung.nets.training.checkpoint import capture, restore
from rung.nets.training.moments import ColumnMoments, standardised
from rung.typing import Array

MOST_WATCHED = 20_000
WATCHED_SHARE = 0.1
_HELD, _BLOCKS, _ROWS = 1, 2, 3  # what a generator is for


class Blocks(Protocol):
    """Read a table piece by piece."""

    @property
    def n_rows(self) -> int: ...
    @property
    def n_blocks(self) -> int: ...
    @property
    def n_inputs(self) -> int: ...
    @property
    def n_classes(self) -> int:
        """0 for values."""
        ...

    def read(self, block: int) -> tuple[Array, Array]:
        """Return float64 inputs, NaN for missing, and the target: values, or class numbers."""
        ...


@dataclass(frozen=True)
class StreamPlan:
    """State how a network is trained on a stream.

    Attributes
    ----------
    hidden : tuple of int
        Units of each hidden layer.
    passes : int
        Passes over the table.
    batch_rows : int
        Rows of a step.
    mix : int
        Blocks, drawn from anywhere, whose rows are shuffled together.
    learning_rate : float
        Largest rate of AdamW; it rises over the first twentieth and then falls to 0.
    seed : int
        Of held-out rows, first weights and every shuffle.
    """

    hidden: tuple[int, ...] = (64, 64)
    passes: int = 3
    batch_rows: int = 256
    mix: int = 8
    learning_rate: float = 3e-3
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", tuple(self.hidden))
        counts = {f"hidden[{i}]": value for i, value in enumerate(self.hidden)}
        counts |= {name: getattr(self, name) for name in ("passes", "batch_rows", "mix")}
        for name, value in counts.items():
            if type(value) is not int or value < 1:
                raise UsageError(
                    f"{name}={value!r} is not a whole number of at least 1", "give one"
                )
        if type(self.seed) is not int or self.seed < 0:
            raise UsageError(f"seed={self.seed!r} is not a whole number of at least 0", "use 0")
        if not 0.0 < self.learning_rate < np.inf:
            raise UsageError(
                f"learning_rate={self.learning_rate!r} is not a positive number", "use 0.003"
            )

    def rate(self, progress: float) -> float:
        """Return the learning rate after a share of all steps."""
        return self.learning_rate * min(progress / 0.05, (1.0 - progress) / 0.95)


@dataclass(frozen=True)
class StreamModel:
    """Predict with what was learned; needs numpy alone.

    Attributes
    ----------
    shift, scale : ndarray, shape (n_inputs,)
        Of the inputs.
    y_shift, y_scale : float
        Of the target, for values.
    weights, biases : tuple of ndarray
        Of each layer, (n_out, n_in) and (n_out,).
    """

    shift: Array
    scale: Array
    y_shift: float
    y_scale: float
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    def predict(self, X: Array) -> Array:
        """Return values (n_rows, 1), or the probability of each class (n_rows, n_classes)."""
        found = standardised(X, self.shift, self.scale)
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            found = (np.maximum(found, 0.0) if i else found) @ weight.T + bias
        if found.shape[1] == 1:
            return np.asarray(found * self.y_scale + self.y_shift)
        powers = np.exp(found - found.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Streamed:
    """Record a training on a stream.

    Attributes
    ----------
    model : StreamModel
        After the last pass.
    losses : ndarray, shape (n_passes,)
        Mean loss of the steps of each pass: squared error of the standardised target, or
        cross-entropy.
    watched : ndarray, shape (n_passes,)
        The same loss on held-out rows after each pass.
    held_out : tuple of ndarray
        Inputs and target of the held-out rows, which no step and no scale saw.
    n_train : int
        Rows learned from.
    """

    model: StreamModel
    losses: Array
    watched: Array
    held_out: tuple[Array, Array]
    n_train: int


class Keep(Protocol):
    """Where a training is kept while it goes on."""

    def find(self, identity: Mapping[str, Any]) -> State | None: ...
    def save(self, state: State, identity: Mapping[str, Any]) -> None: ...


def train_stream(blocks: Blocks, plan: StreamPlan, *, keep: Keep | None = None) -> Streamed:
    """Train a network on blocks of a table.

    A first pass finds the scales and puts a tenth of the rows aside, 20,000 at most. Each
    pass then goes through all blocks in a new order, `plan.mix` of them shuffled together.

    Parameters
    ----------
    blocks : Blocks
        The table.
    plan : StreamPlan
        How.
    keep : Keep, optional
        Asked for an earlier state of the same training, given the newest after each mix.

    Returns
    -------
    Streamed
        The same bits for the same blocks, plan, machine and versions, killed and resumed or not.
    """
    moments, held_out = first_pass(blocks, plan.seed)
    trainer = _Trainer(blocks, plan, moments)
    identity = {"plan": asdict(plan) | {"hidden": list(plan.hidden)}, "data": _digest(moments)}
    found = keep.find(identity) if keep else None
    if found is not None:
        trainer.take(found)
    while trainer.done < trainer.total:
        with repeatable(plan.seed):
            trainer.step(held_out)
        if keep:
            keep.save(trainer.state(), identity)
    return Streamed(
        trainer.model(),
        np.array(trainer.pass_losses),
        np.array(trainer.watched),
        held_out,
        int(moments.count[-1]),
    )


def first_pass(blocks: Blocks, seed: int) -> tuple[ColumnMoments, tuple[Array, Array]]:
    """Find mean and spread of inputs and target, and put rows aside that no step will see.

    Returns
    -------
    moments : ColumnMoments
        Of the training rows; the last column is the target.
    held_out : tuple of ndarray
        Inputs and target of the rows put aside.
    """
    moments = ColumnMoments(blocks.n_inputs + 1)
    kept = []
    for block in range(blocks.n_blocks):
        X, y = blocks.read(block)
        held = _held(blocks, block, len(y), seed)
        moments.add(np.column_stack([X[~held], y[~held]]))
        kept.append((X[held], y[held]))
    if moments.count[-1] < 2:
        raise DataError(
            f"{int(moments.count[-1])} rows are left to learn from; 2 are needed", "give more rows"
        )
    inputs, target = zip(*kept, strict=True)
    return moments, (np.concatenate(inputs), np.concatenate(target))


class _Trainer:
    """Hold what changes while a network is trained on a stream."""

    def __init__(self, blocks: Blocks, plan: StreamPlan, moments: ColumnMoments) -> None:
        self.blocks, self.plan, self.moments = blocks, plan, moments
        self.per_pass = -(-blocks.n_blocks // plan.mix)
        self.total = plan.passes * self.per_pass
        self.done = 0
        self.pass_losses: list[float] = []
        self.watched: list[float] = []
        self.recent: list[float] = []
        with repeatable(plan.seed):
            self.network = _network(blocks.n_inputs, plan.hidden, max(blocks.n_classes, 1))
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=plan.learning_rate)
        self.loss: Callable[..., Tensor] = (
            functional.cross_entropy if blocks.n_classes else functional.mse_loss
        )

    def step(self, held_out: tuple[Array, Array]) -> None:
        """Learn from the next mix of blocks; after the last one of a pass, look at held-out rows."""
        X, y = self._mixed()
        # Where no row of these blocks has a target, there is nothing to learn from.
        n_steps = max(len(y) // self.plan.batch_rows, 1) if len(y) else 0
        for i in range(n_steps):
            rows = slice(i * self.plan.batch_rows, (i + 1) * self.plan.batch_rows)
            self.optimiser.param_groups[0]["lr"] = self.plan.rate(
                (self.done + (i + 0.5) / n_steps) / self.total
            )
            loss = self.loss(self.network(X[rows]), y[rows])
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.recent.append(float(loss.detach()))
            if not np.isfinite(self.recent[-1]):
                raise RungError(
                    f"the loss is {self.recent[-1]} after {self.done} of {self.total} mixes of "
                    f"blocks, at learning_rate={self.plan.learning_rate:g}",
                    f"use learning_rate={self.plan.learning_rate / 10:g}",
                )
        self.done += 1
        if self.done % self.per_pass == 0:
            self.pass_losses.append(float(np.mean(self.recent)))
            self.recent = []
            if len(held_out[1]):
                with torch.no_grad():
                    X, y = self._tensors(*held_out)
                    self.watched.append(float(self.loss(self.network(X), y)))

    def _mixed(self) -> tuple[Tensor, Tensor]:
        """Read the next blocks, leave held-out rows out, and shuffle the rest together."""
        turn, place = divmod(self.done, self.per_pass)
        plan = self.plan
        order = np.random.default_rng((plan.seed, _BLOCKS, turn)).permutation(self.blocks.n_blocks)
        inputs, target = [], []
        for block in order[place * plan.mix : (place + 1) * plan.mix].tolist():
            X, y = self.blocks.read(block)
            use = ~_held(self.blocks, block, len(y), plan.seed)
            inputs.append(standardised(X[use], self.moments.mean[:-1], self.moments.scale[:-1]))
            target.append(y[use])
        n_rows = sum(map(len, target))
        shuffle = np.random.default_rng((plan.seed, _ROWS, turn, place)).permutation(n_rows)
        y = np.concatenate(target)[shuffle]
        return torch.from_numpy(np.concatenate(inputs)[shuffle]), self._target(y)

    def _tensors(self, X: Array, y: Array) -> tuple[Tensor, Tensor]:
        z = standardised(X, self.moments.mean[:-1], self.moments.scale[:-1])
        return torch.from_numpy(z), self._target(y)

    def _target(self, y: Array) -> Tensor:
        if self.blocks.n_classes:
            return torch.from_numpy(y.astype(np.int64))
        scaled = (y - self.moments.mean[-1]) / self.moments.scale[-1]
        return torch.from_numpy(scaled.astype(np.float32))[:, None]

    def state(self) -> State:
        """Return all that the next step depends on."""
        counters = {
            "done": self.done,
            "pass_losses": self.pass_losses,
            "watched": self.watched,
            "recent": self.recent,
        }
        return capture(
            modules={"network": self.network},
            optimisers={"adamw": self.optimiser},
            counters=counters,
        )

    def take(self, state: State) -> None:
        """Go on from a state of this training."""
        counters = restore(
            state, modules={"network": self.network}, optimisers={"adamw": self.optimiser}
        )
        self.done = counters["done"]
        self.pass_losses = counters["pass_losses"]
        self.watched, self.recent = counters["watched"], counters["recent"]

    def model(self) -> StreamModel:
        """Return the network as numbers."""
        layers = [each for each in self.network if isinstance(each, nn.Linear)]
        return StreamModel(
            self.moments.mean[:-1],
            self.moments.scale[:-1],
            float(self.moments.mean[-1]),
            float(self.moments.scale[-1]),
            tuple(each.weight.detach().double().numpy() for each in layers),
            tuple(each.bias.detach().double().numpy() for each in layers),
        )


def _network(n_inputs: int, hidden: tuple[int, ...], n_outputs: int) -> nn.Sequential:
    widths = [n_inputs, *hidden, n_outputs]
    return nn.Sequential(*_layers(widths))


def _layers(widths: list[int]) -> Iterator[nn.Module]:
    for i in range(len(widths) - 1):
        if i:
            yield nn.ReLU()
        yield nn.Linear(widths[i], widths[i + 1])


def _held(blocks: Blocks, block: int, n_rows: int, seed: int) -> Array:
    """Say which rows of a block are put aside."""
    share = min(WATCHED_SHARE, MOST_WATCHED / max(blocks.n_rows, 1))
    return np.random.default_rng((seed, _HELD, block)).random(n_rows) < share


def _digest(moments: ColumnMoments) -> str:
    """Name the data by what the first pass found in them."""
    digest = hashlib.blake2b(digest_size=16)
    for each in (moments.count, moments.mean, moments.squares):
        digest.update(each.tobytes())
    return digest.hexdigest()
