"""Gated recurrent units: a network that remembers what it read, character by character."""

from __future__ import annotations

from typing import Any

from rung.core.family import Context, CrossFit, Family
from rung.core.folds import Folds
from rung.nets.characters.health import recurrent_health
from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape
from rung.nets.characters.rung import CharacterNetwork
from rung.text.problem import TextProblem
from rung.typing import JSON

NAME = "gru"
LONGEST_CONTEXT = 128


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train on the training part; keep the weights that expect the validation part best."""
    return NETWORK.cross_fit(problem, context, NAME, _train)


def _train(problem: TextProblem, **options: Any) -> JSON:
    from rung.nets.characters.fit_recurrent import learn_recurrent, plan_for

    shape = RecurrentShape(problem.vocabulary.n_tokens, min(problem.context, LONGEST_CONTEXT))
    return learn_recurrent(problem, shape, plan_for(problem.train.n_tokens), **options)


NETWORK = CharacterNetwork(
    title="a network",
    prefix="gru.",
    fewest=32,
    shown=("context", "width", "hidden", "characters", "rate", "dropout"),
    limits={"symbols": 1_200_000, "context": 4_096, "width": 4_096, "hidden": 4_096},
    shape=RecurrentShape,
    reader=RecurrentReader,
    check=lambda shape: None,  # any sizes go together
    health=recurrent_health,
)
FAMILY = Family(
    name=NAME,
    title="Gated recurrent units",
    step=800,
    tasks=("language modelling",),
    inputs="text",
    sources=("Cho et al. (2014), Learning phrase representations, arXiv:1406.1078",),
    final="same",
    cross_fit=cross_fit,
    load=NETWORK.load,
    needs=("torch",),
)
