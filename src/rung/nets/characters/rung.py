"""What the rungs that are networks of characters share: a model with its state, a fit, a load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from rung.core.family import CheckpointStore, Context, CrossFit, State
from rung.errors import BadModelFile, NotApplicable
from rung.nets.characters.curve_record import curves, shown_settings
from rung.prep.states import REMEDY, take_count, take_weights
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.typing import JSON, Array, Untyped

# Sizes that a network may lack.
MAYBE_NONE = ("hidden", "normed")


class CharacterReader(Protocol):
    """Expect the next character with trained weights, with numpy alone."""

    @property
    def shape(self) -> Untyped: ...
    @property
    def first(self) -> int: ...
    @property
    def weights(self) -> Mapping[str, Array]: ...

    def predict(self, passages: Passages) -> Array: ...
    def start(self, n: int) -> tuple[Any, Array]: ...
    def step(self, memory: Any, tokens: Array) -> tuple[Any, Array]: ...


@dataclass(frozen=True)
class CharacterModel:
    """Expect the next character with a trained network.

    Attributes
    ----------
    reader : CharacterReader
        Its sizes and weights.
    prefix : str
        Before the names of the weights in a file.
    """

    reader: CharacterReader
    prefix: str

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        return self.reader.predict(design)

    def start(self, n: int) -> tuple[Any, Array]:
        return self.reader.start(n)

    def step(self, memory: Any, tokens: Array) -> tuple[Any, Array]:
        return self.reader.step(memory, tokens)

    def to_state(self) -> State:
        sizes = {name: int(size) for name, size in self.reader.shape.to_settings().items()}
        weights = {self.prefix + name: each for name, each in self.reader.weights.items()}
        return State({**sizes, "first": self.reader.first}, weights)


@dataclass(frozen=True, kw_only=True)
class CharacterNetwork:
    """Declare a kind of network of characters.

    Attributes
    ----------
    title : str
        What messages call it.
    prefix : str
        Before the names of the weights in a file.
    fewest : int
        Characters to learn from, at least.
    shown : sequence of str
        Sizes and parts of the plan that people are shown.
    limits : mapping of str to int
        Largest size that a file may ask for.
    shape : type
        A dataclass of the sizes; its `arrays` gives the shape of every array.
    reader : type
        Made of a shape, the smallest token that can come next, and the weights.
    check : callable
        Raises `BadModelFile` where sizes of a file do not go together.
    health : callable
        Takes the problem, the reader and what training noted; returns what the report shows.
    """

    title: str
    prefix: str
    fewest: int
    shown: Sequence[str]
    limits: Mapping[str, int]
    shape: Callable[..., Untyped]
    reader: Callable[[Any, int, Mapping[str, Array]], CharacterReader]
    check: Callable[[Any], None]
    health: Callable[[TextProblem, Any, JSON], JSON]

    def cross_fit(
        self, problem: TextProblem, context: Context, name: str, train: Callable[..., JSON]
    ) -> CrossFit:
        """Train one network on the training part.

        Parameters
        ----------
        problem : TextProblem
            The text.
        context : Context
            Device, seed and workers.
        name : str
            Of the rung; it keys the generator.
        train : callable
            Takes problem, and by keyword `device`, `seed` and `shelf`; returns what
            `rung.nets.characters.loop.train` does.

        Raises
        ------
        NotApplicable
            If there is too little text.
        """
        if problem.train.n_tokens < self.fewest:
            raise NotApplicable(
                f"{self.title} needs at least {self.fewest} characters to learn from; "
                f"there are {problem.train.n_tokens}"
            )
        seed = int(context.rng(name, 0).integers(2**31))
        job = _TrainingJob(train, problem, context.device, seed, context.shelf(name))
        (found,) = context.map(_train, [job])
        shape = self.shape(**found["shape"])
        reader = self.reader(shape, problem.vocabulary.first, found["weights"])
        model = CharacterModel(reader, self.prefix)
        health = self.health(problem, reader, found["learning"])
        return CrossFit(
            (),
            (shown_settings(found, self.shown),),
            model,
            unit_losses=(unit_losses(model, problem.verdict),),
            training=({**curves(found["curve"]), **health},),
        )

    def load(self, state: State) -> CharacterModel:
        """Turn a state into a model; every array must have the shape that the sizes ask for."""
        sizes = {
            name: take_count(state, name, low=0 if name in MAYBE_NONE else 1, high=high)
            for name, high in self.limits.items()
        }
        shape = self.shape(**sizes)
        self.check(shape)
        first = take_count(state, "first", high=1)
        if sizes["symbols"] <= first:
            raise BadModelFile(
                f"a vocabulary of {sizes['symbols']} leaves nothing to expect", REMEDY
            )
        weights = {
            name: take_weights(
                state, self.prefix + name, size, low=0.0 if "variance" in name else -np.inf
            )
            for name, size in shape.arrays().items()
        }
        return CharacterModel(self.reader(shape, first, weights), self.prefix)


@dataclass(frozen=True)
class _TrainingJob:
    """A training that a worker does."""

    train: Callable[..., JSON]
    problem: TextProblem
    device: str
    seed: int
    store: CheckpointStore


def _train(job: _TrainingJob) -> JSON:
    return job.train(job.problem, device=job.device, seed=job.seed, shelf=job.store)
