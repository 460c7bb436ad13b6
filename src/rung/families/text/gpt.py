"""A small transformer that reads what came before and expects what follows."""

from __future__ import annotations

from typing import Any

from rung.core.family import Context, CrossFit, Family
from rung.core.folds import Folds
from rung.errors import BadModelFile
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.health import gpt_health
from rung.nets.characters.rung import CharacterNetwork
from rung.nets.characters.shape import GptShape
from rung.prep.states import REMEDY
from rung.text.problem import TextProblem
from rung.typing import JSON

NAME = "gpt"
# Shares of attention of one text and layer: no weight bounds them, and 64 heads could ask for 7 GB.
MOST_SHARES = 1 << 25


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train one GPT whose size follows from the length of the text."""
    return NETWORK.cross_fit(problem, context, NAME, _train)


def _train(problem: TextProblem, **options: Any) -> JSON:
    from rung.nets.characters.learn import learn_gpt

    return learn_gpt(problem, **options)


def _check(shape: GptShape) -> None:
    if shape.width % (2 * shape.heads):
        raise BadModelFile(
            f"{shape.heads} heads do not share the width {shape.width} in pairs", REMEDY
        )
    if shape.heads * shape.context**2 > MOST_SHARES:
        raise BadModelFile(
            f"{shape.heads} heads that look back {shape.context} characters need too much "
            "memory to read with",
            REMEDY,
        )


NETWORK = CharacterNetwork(
    title="a GPT",
    prefix="gpt.",
    fewest=64,
    shown=(
        *("context", "layers", "heads", "width"),
        *("steps", "rows", "dropout", "precision", "threads"),
    ),
    limits={
        "symbols": 1_200_000,
        "context": 4_096,
        "layers": 64,
        "heads": 64,
        "width": 4_096,
        "table": 1 << 20,
    },
    shape=GptShape,
    reader=GPTReader,
    check=_check,
    health=gpt_health,
)
FAMILY = Family(
    name=NAME,
    title="GPT",
    step=900,
    tasks=("language modelling",),
    inputs="text",
    sources=(
        "Vaswani et al. (2017), Attention is all you need, NeurIPS",
        "Radford et al. (2018), Improving language understanding by generative pre-training",
        "Jordan et al. (2024), Muon: an optimizer for hidden layers in neural networks",
    ),
    final="same",
    cross_fit=cross_fit,
    load=NETWORK.load,
    needs=("torch",),
)
