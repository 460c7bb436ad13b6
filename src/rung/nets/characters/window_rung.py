"""What the rungs that look at a window of characters share: fit all, load all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.family import CheckpointStore, Context, CrossFit, State
from rung.errors import BadModelFile, NotApplicable
from rung.nets.characters.curve_record import curves, told
from rung.nets.characters.health import window_health
from rung.nets.characters.window import WindowReader, WindowShape
from rung.prep.states import REMEDY, take_count, take_weights
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.typing import Array, Settings

FEWEST_TOKENS = 32
TOLD = ("context", "width", "hidden", "characters", "rate")
LIMITS = {"symbols": 1_200_000, "context": 1_024, "width": 1_200_000, "fuse": 1_024}
PREFIX = "window."


@dataclass(frozen=True)
class WindowModel:
    """Expect the next character with a trained network that looks at a window.

    Attributes
    ----------
    reader : WindowReader
        Its sizes and weights.
    """

    reader: WindowReader

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        return self.reader.predict(design)

    def start(self, n: int) -> tuple[Array, Array]:
        return self.reader.start(n)

    def step(self, memory: Array, tokens: Array) -> tuple[Array, Array]:
        return self.reader.step(memory, tokens)

    def to_state(self) -> State:
        shape = self.reader.shape
        spec = {**shape.to_settings(), "first": self.reader.first, "normed": int(shape.normed)}
        return State(spec, {PREFIX + name: each for name, each in self.reader.weights.items()})


def cross_fit_window(
    problem: TextProblem, context: Context, *, name: str, shape: WindowShape, plan: Settings
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
    shape : WindowShape
        Sizes.
    plan : mapping
        Keywords of `rung.nets.characters.fit_window.plan_for`.

    Raises
    ------
    NotApplicable
        If there is too little text.
    """
    if problem.train.n_tokens < FEWEST_TOKENS:
        raise NotApplicable(
            f"a network needs at least {FEWEST_TOKENS} characters to learn from; "
            f"there are {problem.train.n_tokens}"
        )
    seed = int(context.rng(name, 0).integers(2**31))
    shelf = context.shelf(name)
    (found,) = context.map(_train, [(problem, shape, dict(plan), context.device, seed, shelf)])
    model = WindowModel(WindowReader(shape, problem.vocabulary.first, found["weights"]))
    return CrossFit(
        (),
        (told(found, TOLD),),
        model,
        unit_losses=(unit_losses(model, problem.verdict),),
        training=(
            {
                **curves(found["curve"]),
                **window_health(problem, model.reader, found["learning"]),
            },
        ),
    )


Job = tuple[TextProblem, WindowShape, Mapping[str, Any], str, int, CheckpointStore]


def _train(job: Job) -> dict[str, Any]:
    from rung.nets.characters.fit_window import learn_window, plan_for

    problem, shape, plan, device, seed, shelf = job
    chosen = plan_for(problem.train.n_tokens, **plan)
    return learn_window(problem, shape, chosen, device=device, seed=seed, shelf=shelf)


def load_window(state: State) -> WindowModel:
    """Turn a state into a model; every array must have the shape that the sizes ask for."""
    sizes = {name: take_count(state, name, low=1, high=high) for name, high in LIMITS.items()}
    hidden = take_count(state, "hidden", high=1 << 16)
    normed = bool(take_count(state, "normed", high=1))
    shape = WindowShape(**sizes, hidden=hidden, normed=normed)
    one_table = shape.levels == 0 and shape.context == 1 and shape.width == shape.symbols
    fused = shape.levels > 0 and hidden > 0 and shape.fuse**shape.levels == shape.context
    if not (one_table or fused):
        raise BadModelFile(
            f"a window of {shape.context} characters does not fuse {shape.fuse} by {shape.fuse} "
            "to one",
            REMEDY,
        )
    first = take_count(state, "first", high=1)
    if shape.symbols <= first:
        raise BadModelFile(f"a vocabulary of {shape.symbols} leaves nothing to expect", REMEDY)
    weights = {
        name: take_weights(
            state, PREFIX + name, size, low=0.0 if name.startswith("variance") else -np.inf
        )
        for name, size in shape.arrays().items()
    }
    return WindowModel(WindowReader(shape, first, weights))
