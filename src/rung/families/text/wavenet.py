"""A tree of layers that fuses neighbours two by two."""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family
from rung.core.folds import Folds
from rung.nets.characters.window import WindowShape
from rung.nets.characters.window_rung import cross_fit_window, load_window
from rung.text.problem import TextProblem

NAME = "wavenet"
CONTEXT = 8
PLAN = {"passes": 10, "rate": 0.01, "weight_decay": 0.2}


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train on the training part; keep the weights that expect the validation part best."""
    symbols = problem.vocabulary.n_tokens
    shape = WindowShape(symbols, CONTEXT, width=24, hidden=128, fuse=2, normed=True)
    return cross_fit_window(problem, context, name=NAME, shape=shape, plan=PLAN)


FAMILY = Family(
    name=NAME,
    title="Tree as in WaveNet",
    step=700,
    tasks=("language modelling",),
    inputs="text",
    sources=("van den Oord et al. (2016), WaveNet, arXiv:1609.03499",),
    final="same",
    cross_fit=cross_fit,
    load=load_window,
    needs=("torch",),
)
