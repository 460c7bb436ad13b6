"""Train a network of characters: step by step, judged now and then, resumed after a kill."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor

from rung.core.family import CheckpointStore
from rung.nets.characters.progress import Updates, slope_record
from rung.nets.characters.sample import sample_stretches
from rung.nets.training.resuming import Parts, TrainingCheckpoint
from rung.text.passages import Passages
from rung.typing import JSON, Array, Settings

Batch = TypeVar("Batch")


class CharacterLearner(Protocol):
    """What the loop asks of a network in training."""

    def named(self) -> Mapping[str, Tensor]:
        """Return what is learned, by the names that model files give it."""
        ...

    def learn(self, batch: Any, step: int) -> float:
        """Take one step, counted from zero; return the loss of the batch before it."""
        ...

    def judge(self) -> float:
        """Return nats a character of the text kept for early stopping."""
        ...

    def weights(self) -> dict[str, Array]:
        """Return copies of all that a model file holds."""
        ...

    def parts(self) -> Parts:
        """Return what later steps depend on, as `rung.nets.training.checkpoint.capture` takes it."""
        ...


def with_checks(batches: Iterable[Batch], steps: int, checks: int) -> Iterator[tuple[Batch, bool]]:
    """Yield each of so many batches, and whether the network is judged after it.

    Examples
    --------
    >>> [is_check for _, is_check in with_checks(range(5), steps=5, checks=2)]
    [False, True, False, True, True]
    """
    every = max(1, steps // checks)
    for step, batch in enumerate(batches, start=1):
        yield batch, step % every == 0 or step == steps


class TrainingLoop:
    """Train to the end, and keep the weights that were judged best.

    Parameters
    ----------
    network : CharacterLearner
        With its first weights; where `checkpoint` holds a state of this training, that is restored.
    checkpoint : TrainingCheckpoint
        Where the state is saved after every check.

    Attributes
    ----------
    step : int
        Steps done.
    curve : list of dict
        `step`, `loss` of its batch and `judged`, at every check.
    best : dict of str to ndarray
        Weights at the lowest `judged`; the first ones until there is any.
    updates : Updates
        How far single steps moved each layer.
    """

    def __init__(self, network: CharacterLearner, checkpoint: TrainingCheckpoint) -> None:
        self.network, self.checkpoint = network, checkpoint
        self.updates = Updates(network.named())
        self.step, self.curve, self.best = 0, list[dict[str, float]](), network.weights()
        found = checkpoint.restore(self._parts())
        if found is not None:
            self.step, self.curve = found["step"], found["curve"]
            self.updates.points = found["updates"]

    def run(self, batches: Iterable[tuple[Any, bool]]) -> None:
        """Learn from all batches in order; those learned before an interruption are passed over."""
        for number, (batch, is_check) in enumerate(batches):
            if number < self.step:
                continue
            with self.updates.measured(wanted=is_check):
                loss = self.network.learn(batch, self.step)
            self.step += 1
            if is_check:
                self._check(loss)

    def _check(self, loss: float) -> None:
        judged = self.network.judge()
        if judged < min((point["judged"] for point in self.curve), default=math.inf):
            self.best = self.network.weights()
        self.curve.append({"step": self.step, "loss": loss, "judged": judged})
        counters = {"step": self.step, "curve": self.curve, "updates": self.updates.points}
        self.checkpoint.save(self._parts(), counters)

    def _parts(self) -> Parts:
        """Return the parts of the network and the best weights; tensors share memory with them."""
        parts = self.network.parts()
        best = {name: torch.from_numpy(each) for name, each in self.best.items()}
        return {**parts, "modules": {**parts["modules"], "best": best}}


def train(
    network: CharacterLearner,
    batches: Iterable[tuple[Any, bool]],
    settings: Mapping[str, Settings],
    slopes: Callable[[Mapping[str, Array]], JSON],
    store: CheckpointStore | None,
) -> dict[str, Any]:
    """Train a network and return what is left of it as plain data.

    Parameters
    ----------
    network : CharacterLearner
        With its first weights.
    batches : iterable of (batch, bool)
        What each step learns from, and whether the network is judged after it.
    settings : mapping
        `shape` and `plan`, JSON-ready; a training with others is not resumed.
    slopes : callable
        Takes the best weights, returns `rung.nets.characters.progress.slope_record`.
    store : CheckpointStore or None
        Where training is saved at every check, and resumed from if it was killed.

    Returns
    -------
    dict
        `shape`, `plan`, `curve` and `learning` (`updates` and `slopes` by layer), all JSON-ready,
        and `weights`, a dict of ndarray of float32.
    """
    loop = TrainingLoop(network, TrainingCheckpoint(store, settings))
    loop.run(batches)
    return {
        **settings,
        "curve": [{name: round(x, 6) for name, x in point.items()} for point in loop.curve],
        "learning": {"updates": loop.updates.by_layer(), "slopes": slopes(loop.best)},
        "weights": loop.best,
    }


def stretch_slopes(
    train: Passages,
    context: int,
    parameters: Mapping[str, Tensor],
    loss: Callable[[Array, Array], Tensor],
) -> JSON:
    """Return how steep the loss of a sample of training text is in each layer of a network.

    Parameters
    ----------
    train : Passages
        The text.
    context : int
        Longest stretch that the network reads.
    parameters : mapping of str to Tensor
        What is learned, by the names of the arrays.
    loss : callable
        Mean loss of stretches of one length, given what is read and what follows.
    """
    pieces: Sequence[tuple[Array, Array]] = sample_stretches(train, context)
    count = sum(tokens.size for tokens, _ in pieces)
    for tokens, targets in pieces:
        (loss(tokens, targets) * (tokens.size / count)).backward()
    slopes = {name: each.grad for name, each in parameters.items() if each.grad is not None}
    return slope_record(slopes, count)
