"""Every character is equally likely: what is known before anything is read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Family, State
from rung.core.folds import Folds
from rung.text.counted import read_size
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.typing import Array


@dataclass(frozen=True)
class UniformModel:
    """Give every token that can come next the same probability.

    Attributes
    ----------
    n_tokens : int
        Characters and the boundary.
    first : int
        Smallest token that can come next.
    """

    n_tokens: int
    first: int

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        return np.full(design.n_tokens, -np.log(self.n_tokens - self.first))

    def start(self, n: int) -> tuple[None, Array]:
        found = np.full((n, self.n_tokens), -np.log(self.n_tokens - self.first))
        found[:, : self.first] = -np.inf
        return None, found

    def step(self, memory: None, tokens: Array) -> tuple[None, Array]:
        return self.start(len(tokens))

    def to_state(self) -> State:
        return State({"n_tokens": self.n_tokens, "first": self.first})


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Count the characters that there are; nothing is learned."""
    model = UniformModel(problem.vocabulary.n_tokens, problem.vocabulary.first)
    return CrossFit((), ({},), model, unit_losses=(unit_losses(model, problem.verdict),))


def load(state: State) -> UniformModel:
    """Turn a state into a model."""
    return UniformModel(*read_size(state))


FAMILY = Family(
    name="uniform",
    title="Uniform",
    step=0,
    tasks=("language modelling",),
    inputs="text",
    sources=("C. E. Shannon (1948), A Mathematical Theory of Communication",),
    final="same",
    cross_fit=cross_fit,
    load=load,
)
