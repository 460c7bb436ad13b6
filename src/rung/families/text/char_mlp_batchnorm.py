"""A multilayer perceptron over the last few characters, normed over each batch."""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family
from rung.core.folds import Folds
from rung.nets.characters.window import WindowShape
from rung.nets.characters.window_rung import cross_fit_window, load_window
from rung.text.problem import TextProblem

NAME = "char_mlp_batchnorm"
CONTEXT = 3
PLAN = {"passes": 15, "rate": 0.01, "weight_decay": 0.05}


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train on the training part; keep the weights that expect the validation part best."""
    symbols = problem.vocabulary.n_tokens
    shape = WindowShape(symbols, CONTEXT, width=24, hidden=300, fuse=CONTEXT, normed=True)
    return cross_fit_window(problem, context, name=NAME, shape=shape, plan=PLAN)


FAMILY = Family(
    name=NAME,
    title="Perceptron with batch norm",
    step=600,
    tasks=("language modelling",),
    inputs="text",
    sources=("Ioffe & Szegedy (2015), Batch normalization, ICML",),
    final="same",
    cross_fit=cross_fit,
    load=load_window,
    needs=("torch",),
)
