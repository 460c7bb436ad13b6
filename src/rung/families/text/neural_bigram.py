"""A table of the last character learned by steps down the slope: what counting gives at once."""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family
from rung.core.folds import Folds
from rung.nets.characters.window import WindowShape
from rung.nets.characters.window_rung import cross_fit_window, load_window
from rung.text.problem import TextProblem

NAME = "neural_bigram"
PLAN = {"passes": 10, "rate": 0.1}


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train on the training part; keep the weights that expect the validation part best."""
    symbols = problem.vocabulary.n_tokens
    shape = WindowShape(symbols, context=1, width=symbols)
    return cross_fit_window(problem, context, name=NAME, shape=shape, plan=PLAN)


FAMILY = Family(
    name=NAME,
    title="Neural bigram",
    step=400,
    tasks=("language modelling",),
    inputs="text",
    sources=("Bengio, Ducharme, Vincent & Jauvin (2003), JMLR 3",),
    final="same",
    cross_fit=cross_fit,
    load=load_window,
    needs=("torch",),
)
