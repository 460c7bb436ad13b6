"""What the rungs that look at a window of characters share: fit all, load all."""

from __future__ import annotations

from functools import partial
from typing import Any

from rung.core.family import Context, CrossFit
from rung.errors import BadModelFile
from rung.nets.characters.health import window_health
from rung.nets.characters.rung import CharacterNetwork
from rung.nets.characters.window import WindowReader, WindowShape
from rung.prep.states import REMEDY
from rung.text.problem import TextProblem
from rung.typing import JSON, Settings


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
    return NETWORK.cross_fit(problem, context, name, partial(_train, shape=shape, plan=dict(plan)))


def _train(problem: TextProblem, shape: WindowShape, plan: Settings, **options: Any) -> JSON:
    from rung.nets.characters.fit_window import learn_window, plan_for

    return learn_window(problem, shape, plan_for(problem.train.n_tokens, **plan), **options)


def _check(shape: WindowShape) -> None:
    one_table = shape.levels == 0 and shape.context == 1 and shape.width == shape.symbols
    fused = shape.levels > 0 and shape.hidden > 0 and shape.fuse**shape.levels == shape.context
    if not (one_table or fused):
        raise BadModelFile(
            f"a window of {shape.context} characters does not fuse {shape.fuse} by {shape.fuse} "
            "to one",
            REMEDY,
        )


NETWORK = CharacterNetwork(
    title="a network",
    prefix="window.",
    fewest=32,
    shown=("context", "width", "hidden", "characters", "rate"),
    limits={
        "symbols": 1_200_000,
        "context": 1_024,
        "width": 1_200_000,
        "fuse": 1_024,
        "hidden": 1 << 16,
        "normed": 1,
    },
    shape=WindowShape,
    reader=WindowReader,
    check=_check,
    health=window_health,
)
load_window = NETWORK.load
